/** A word, with the range `[from, to)` of the text tokens that spell it. */
export interface TokenWord {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Languages without blanks between words. Each complete character counts as a word there (openai/whisper, tokenizer.py). */
const WITHOUT_BLANKS: ReadonlySet<string> = new Set(['zh', 'ja', 'th', 'lo', 'my', 'yue']);

const REPLACEMENT = '\ufffd';
const PUNCTUATION = /^[\p{P}\p{S}]+$/u;
/** Punctuation that belongs to the word behind it; all other punctuation belongs to the word before. */
const OPENING = /^[\p{Ps}\p{Pi}"'¿¡#@$€£]+$/u;
/** Punctuation that belongs to the word behind it even without a blank before: it never closes anything. */
const OPENING_ONLY = /^[\p{Ps}\p{Pi}¿¡]+$/u;

/**
 * Joins tokens to words. A word begins with a blank, except in languages without blanks. Punctuation belongs to the word that it touches.
 *
 * @param decode see `Vocabulary.decode`
 * @param language code of the text's language
 */
export function splitWords(
  tokens: readonly number[],
  decode: (tokens: readonly number[]) => string,
  language: string,
): TokenWord[] {
  const characters = wholeCharacters(tokens, decode);
  const words = WITHOUT_BLANKS.has(language) ? characters : joinAtBlanks(characters);
  return attachPunctuation(words);
}

/** Groups of tokens that make complete characters: a character of several bytes may be several tokens. */
function wholeCharacters(tokens: readonly number[], decode: (tokens: readonly number[]) => string): TokenWord[] {
  const parts: TokenWord[] = [];
  for (let from = 0, to = 1; to <= tokens.length; to++) {
    const text = decode(tokens.slice(from, to));
    if (text.includes(REPLACEMENT) && to < tokens.length) continue;
    parts.push({ text, from, to });
    from = to;
  }
  return parts;
}

function joinAtBlanks(parts: readonly TokenWord[]): TokenWord[] {
  const words: TokenWord[] = [];
  for (const part of parts) {
    const last = words.at(-1);
    if (!last || part.text.startsWith(' ')) words.push(part);
    else words[words.length - 1] = join(last, part);
  }
  return words;
}

/** Punctuation that stands alone joins its neighbour. */
function attachPunctuation(words: readonly TokenWord[]): TokenWord[] {
  const joined: TokenWord[] = [];
  let opening: TokenWord | undefined;
  for (const word of words) {
    const bare = word.text.trim();
    const last = joined.at(-1);
    const opens = OPENING.test(bare) && (word.text.startsWith(' ') || !last);
    if (opens || OPENING_ONLY.test(bare) || (opening && bare === '')) {
      opening = opening ? join(opening, word) : word;
    } else if (bare === '' || (PUNCTUATION.test(bare) && last && !opening)) {
      if (last) joined[joined.length - 1] = join(last, word);
    } else {
      joined.push(opening ? join(opening, word) : word);
      opening = undefined;
    }
  }
  return opening ? [...joined, opening] : joined;
}

function join(before: TokenWord, behind: TokenWord): TokenWord {
  return { text: before.text + behind.text, from: before.from, to: behind.to };
}
