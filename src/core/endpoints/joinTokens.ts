import { defined } from '../async/defined';
import type { Word } from '../model';
import { WITHOUT_BLANKS } from '../text/blanks';

/** What a server writes for a part of a letter: each token has its bytes, and a letter may have more. */
const BROKEN_LETTER = '\ufffd';
/** What belongs to the word behind it. */
const ENDS_OPEN = /[\p{Ps}\p{Pi}¿¡]$/u;
const BEGINS_OPEN = /^[\p{Ps}\p{Pi}]/u;
/** What belongs to the word before it: a sign above or below a letter, and punctuation. */
const BELONGS_BEFORE = /^(\p{M}|[^\p{L}\p{N}]+$)/u;

/** One or several tokens, and what they stand for in the text. */
interface Piece {
  readonly text: string;
  readonly tokens: readonly Word[];
}

/**
 * The words of a segment, where a server calls Whisper's tokens its words, as whisper.cpp's does: " ih", "res". It is told by their text,
 * with the blanks that belong to it: one after the other they are the segment's text. Anything else is words already, and stays as it is.
 *
 * @param text the segment's, with the blanks at its ends
 */
export function joinTokens(tokens: readonly Word[], text: string): readonly Word[] {
  const pieces = placed(tokens, text);
  if (!pieces) return tokens;
  const words: Piece[] = [];
  for (const piece of pieces) {
    const last = words.at(-1);
    if (!last || beginsWord(last.text, piece.text)) words.push(piece);
    else words.splice(-1, 1, { text: last.text + piece.text, tokens: [...last.tokens, ...piece.tokens] });
  }
  return words.map(wordOf);
}

/** Each token with its part of the text; undefined where the text is not that of the tokens. Tokens that share a letter are one piece. */
function placed(tokens: readonly Word[], text: string): Piece[] | undefined {
  const pieces: Piece[] = [];
  let broken: Word[] = [];
  let at = 0;
  const endBroken = (end: number): void => {
    if (broken.length > 0) pieces.push({ text: text.slice(at, end), tokens: broken });
    broken = [];
  };
  for (const token of tokens) {
    if (token.text.includes(BROKEN_LETTER)) {
      broken.push(token);
      continue;
    }
    // A letter has one sign at least.
    const start = text.indexOf(token.text, at + Math.min(1, broken.length));
    if (start < 0 || (start > at && broken.length === 0)) return undefined;
    endBroken(start);
    pieces.push({ text: token.text, tokens: [token] });
    at = start + token.text.length;
  }
  if (broken.length === 0 && at < text.length) return undefined;
  endBroken(text.length);
  return pieces;
}

/** Whether a text goes on in the word that another one ends with, where each word has its blank before it. */
export function beginsInWord(before: string, text: string): boolean {
  return before.trim() !== '' && text.trim() !== '' && !beginsWord(before, text);
}

/** Whether a piece begins a word of its own behind another piece. In scripts without blanks every token is one, as in Whisper's own words. */
function beginsWord(before: string, piece: string): boolean {
  if (before.trim() === '' || piece.trim() === '') return false;
  if (/^\s/.test(piece) || /\s$/.test(before)) return true;
  if (ENDS_OPEN.test(before) || (BELONGS_BEFORE.test(piece) && !BEGINS_OPEN.test(piece))) return false;
  return WITHOUT_BLANKS.test(lastSign(before)) || WITHOUT_BLANKS.test(firstSign(piece));
}

function firstSign(text: string): string {
  return /^./su.exec(text)?.[0] ?? '';
}

function lastSign(text: string): string {
  return /.$/su.exec(text)?.[0] ?? '';
}

/** The mean of the tokens' probabilities is a word's, as in Whisper's own code (`timing.py`). */
function wordOf({ text, tokens }: Piece): Word {
  const known = tokens.flatMap(({ probability }) => probability ?? []);
  return defined({
    startS: tokens[0]?.startS ?? 0,
    endS: tokens.at(-1)?.endS ?? 0,
    text,
    probability: known.length === 0 ? undefined : known.reduce((sum, one) => sum + one, 0) / known.length,
  });
}
