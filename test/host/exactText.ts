/** Matches a whole text, whatever signs it has; playwright's own text filter would take a part of it, in any case. */
export function exactText(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}
