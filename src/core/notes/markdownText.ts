/** A text with single blanks and no line ends. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/**
 * Escapes only characters that would hide or restyle words in a preview: in the editor the text should read as it was said. Underscores
 * restyle only at a word's edge, tildes only in pairs; an ampersand matters only where it begins an entity.
 */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*<[\]]|_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])_|~(?=~)|(?<=~)~|&(?=#?[\p{L}\p{N}]+;)/gu, '\\$&');
}

/** A heading or a paragraph as it reads: without the signs that only style it. A link is its text. */
export function plainText(markdown: string): string {
  const unlinked = markdown.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1');
  const unstyled = unlinked.replace(/(?<!\\)(?:\*+|`+|~~)|(?<![\p{L}\p{N}\\])_+|_+(?![\p{L}\p{N}])/gu, '');
  return oneLine(unstyled.replace(/\\([!-/:-@[-`{-~])/g, '$1'));
}
