import type * as ChineseConverters from './chineseConverters';
import type { ChineseScript, ChineseScriptChoice, ParsedResponse } from '../model';

type Converters = typeof ChineseConverters;

const CHINESE: ReadonlySet<string> = new Set(['zh', 'yue']);
const HAN = /\p{Script=Han}/u;
/** No Chinese text has them. */
const KANA_OR_HANGUL = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** A word's sign is looked for this far ahead: words lie in the text's order, with nothing but punctuation between them. */
const LOOK_AHEAD_SIGNS = 16;

/**
 * Keeps the Chinese of one note in one script, whoever writes its pieces: Whisper mixes both. It is given the pieces in the note's order,
 * those of an earlier run as they were answered: then the same decides again.
 */
export class ChineseText {
  private script: ChineseScript | undefined;
  /** Kana or Hangul in text whose language nobody told: the next such text may be Chinese as little. */
  private isOfNeighbours = false;

  /**
   * @param choice `auto`: the script of the first sign that only one of the two has
   * @param language as in `TranscriptionRequest`; it comes before what the answers tell
   */
  constructor(
    choice: ChineseScriptChoice,
    private readonly language: string | undefined,
  ) {
    this.script = choice === 'auto' ? undefined : choice;
  }

  /** The next piece in the note's script: its text, segments and words. What is not Chinese stays as it is. */
  async write<Piece extends ParsedResponse>(piece: Piece): Promise<Piece> {
    const texts = piece.segments.length > 0 ? piece.segments.map(({ text }) => text) : [piece.text];
    if (!this.isChinese(piece.language, texts)) return piece;
    const converters = await import('./chineseConverters');
    this.script ??= firstScript(texts, converters);
    const { script } = this;
    if (script === undefined) return piece;

    const convert = (text: string): string => inScript(text, script, converters);
    const written = texts.map(convert);
    const likeSegments = new Counterparts(texts.join(''), written.join(''), convert);
    return {
      ...piece,
      text: new Counterparts(texts.join(''), written.join(''), convert).write(piece.text),
      segments: piece.segments.map((segment, i) => ({ ...segment, text: written[i] ?? segment.text })),
      words: piece.words.map((word) => ({ ...word, text: likeSegments.write(word.text) })),
    };
  }

  private isChinese(told: string | undefined, texts: readonly string[]): boolean {
    const language = this.language ?? told;
    if (language === undefined) this.isOfNeighbours ||= texts.some((text) => KANA_OR_HANGUL.test(text));
    const mayBe = language === undefined ? !this.isOfNeighbours : CHINESE.has(language);
    return mayBe && texts.some((text) => HAN.test(text));
  }
}

function firstScript(texts: readonly string[], { SIGNS_OF_ONE_SCRIPT }: Converters): ChineseScript | undefined {
  for (const text of texts.filter((one) => !KANA_OR_HANGUL.test(one))) {
    for (const sign of text) {
      if (SIGNS_OF_ONE_SCRIPT.simplified.has(sign)) return 'simplified';
      if (SIGNS_OF_ONE_SCRIPT.traditional.has(sign)) return 'traditional';
    }
  }
  return undefined;
}

/** Text that shows the script already stays as it is: of two signs that are right in it, a table knows one. */
function inScript(text: string, script: ChineseScript, { SIGNS_OF_ONE_SCRIPT, convertChinese }: Converters): string {
  const other = script === 'simplified' ? 'traditional' : 'simplified';
  const has = (signs: ReadonlySet<string>): boolean => Array.from(text).some((sign) => signs.has(sign));
  const isWritten = has(SIGNS_OF_ONE_SCRIPT[script]) && !has(SIGNS_OF_ONE_SCRIPT[other]);
  return isWritten || KANA_OR_HANGUL.test(text) ? text : convertChinese(text, script);
}

/** Writes parts of a text as the whole was written, where a phrase around them decides which sign is meant. */
class Counterparts {
  private readonly read: readonly string[];
  private readonly written: readonly string[];
  private next = 0;

  /** @param convert for a part that is not in the text */
  constructor(
    read: string,
    written: string,
    private readonly convert: (text: string) => string,
  ) {
    const [before, after] = [Array.from(read), Array.from(written)];
    const isHan = (_: string, i: number): boolean => HAN.test(before[i] ?? '');
    this.read = before.filter(isHan);
    this.written = after.filter(isHan);
  }

  /** The next part; parts come in the text's order. */
  write(part: string): string {
    let at = this.next;
    let text = '';
    for (const sign of part) {
      if (!HAN.test(sign)) {
        text += sign;
        continue;
      }
      const found = this.read.slice(at, at + LOOK_AHEAD_SIGNS).indexOf(sign);
      if (found < 0) return this.convert(part);
      text += this.written[at + found] ?? sign;
      at += found + 1;
    }
    this.next = at;
    return text;
  }
}
