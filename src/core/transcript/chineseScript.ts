import type * as ChineseConverters from './chineseConverters';
import type { ChineseScript, ChineseScriptChoice, ParsedResponse } from '../model';

type Converters = typeof ChineseConverters;

const CHINESE: ReadonlySet<string> = new Set(['zh', 'yue']);
const HAN = /\p{Script=Han}/u;
/** Signs that no Chinese text has. */
const KANA_OR_HANGUL = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** How far ahead a word's sign is looked for: words come in the text's order, with only punctuation between them. */
const LOOK_AHEAD_SIGNS = 16;

/**
 * Keeps the Chinese of one note in one script: Whisper mixes both. It takes the pieces in the note's order. Pieces of an earlier run must
 * come as they were answered, so that the same sign decides on the script again.
 */
export class ChineseText {
  private script: ChineseScript | undefined;
  /** Whether a text without a known language had Kana or Hangul. Then the next such text does not count as Chinese either. */
  private isOfNeighbours = false;

  /**
   * @param choice `auto`: the script of the first sign that only one of the two has
   * @param language as in `TranscriptionRequest`; where it is set, the answers' language is ignored
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

/** Text that is in the script already stays as it is: where two signs are right, a table has only one of them and would change the other. */
function inScript(text: string, script: ChineseScript, { SIGNS_OF_ONE_SCRIPT, convertChinese }: Converters): string {
  const other = script === 'simplified' ? 'traditional' : 'simplified';
  const has = (signs: ReadonlySet<string>): boolean => Array.from(text).some((sign) => signs.has(sign));
  const isWritten = has(SIGNS_OF_ONE_SCRIPT[script]) && !has(SIGNS_OF_ONE_SCRIPT[other]);
  return isWritten || KANA_OR_HANGUL.test(text) ? text : convertChinese(text, script);
}

/** Writes parts of a text with the signs that the whole text was given: the phrase around a part may decide which sign is meant. */
class Counterparts {
  private readonly read: readonly string[];
  private readonly written: readonly string[];
  private next = 0;

  /** @param convert converts a part that is not found in the text */
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
