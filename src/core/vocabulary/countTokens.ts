/** How Whisper's tokenizer cuts a text before it merges bytes: the pattern of its tokenizer.json (ByteLevel, as GPT-2's). */
const PRE_TOKEN = /'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Pieces across whose ends bytes are seldom merged: a hump of an identifier, a run of capitals or of digits, any other character. */
const PIECE = / ?[A-Z]?[a-z]+| ?[A-Z]+(?![a-z])| ?[0-9]+|[^]/g;

/**
 * The estimate for a word may be wrong; along a list the errors cancel out. This many extra tokens cover short and unlucky lists: measured
 * on lists of identifiers, packages, names and random letters, `test/unit/vocabulary/promptTokens.test.ts`.
 */
const ALLOWANCE = 4;

/** The endpoint's notes count three letters to a token for plain words. Five capitals count for four tokens, three digits for two. */
const LETTERS_PER_TOKEN = 3;
const TOKENS_PER_CAPITAL = 4 / 5;
const TOKENS_PER_DIGIT = 2 / 3;

/** This many consonants in a row share a token. Each further one counts as a token of its own. */
const CONSONANTS_TOGETHER = 2;

/**
 * Estimates how many of Whisper's tokens the text has. It errs upwards, because a list must not be cut off. Whisper's ranks are in no npm
 * package and too large to ship, and no other tokenizer agrees with them. The endpoint's notes count ceil(bytes / 3) for each pre-token.
 * That is too few for acronyms, rare consonants and other scripts, so these are counted more exactly.
 */
export function countTokens(text: string): number {
  if (text === '') return 0;
  let tokens = ALLOWANCE;
  for (const [preToken] of text.matchAll(PRE_TOKEN))
    for (const [piece] of preToken.matchAll(PIECE)) tokens += countPiece(piece);
  return tokens;
}

function countPiece(piece: string): number {
  const word = piece.trimStart();
  if (/^[0-9]/.test(word)) return Math.ceil(word.length * TOKENS_PER_DIGIT);
  if (/^[A-Z]{2}/.test(word)) return Math.ceil(word.length * TOKENS_PER_CAPITAL);
  if (/^[A-Za-z]/.test(word)) return countHump(word);
  // At worst every byte of a character is a token.
  return new TextEncoder().encode(piece).length;
}

function countHump(hump: string): number {
  if (!/[aeiouy]/i.test(hump)) return hump.length;
  let tokens = Math.ceil(hump.length / LETTERS_PER_TOKEN);
  for (const [run] of hump.matchAll(/[^aeiouy]+/gi)) tokens += Math.max(0, run.length - CONSONANTS_TOGETHER);
  return tokens;
}
