import { readFileSync } from 'node:fs';
import path from 'node:path';
import { baseWithoutWeights } from '../../models';

/** Whisper's own tokenizer, from the table that comes with a model. */
export interface WhisperTokens {
  readonly count: (text: string) => number;
}

/** Reads the table of Whisper base; every multilingual Whisper has the same merges. */
export function loadWhisperTokens(): WhisperTokens {
  const file = path.join(baseWithoutWeights(), 'tokenizer.json');
  // The format of Hugging Face's tokenizers, of which only the merges are needed: without them a text is its bytes.
  const table = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly model: { readonly merges: readonly (string | readonly [string, string])[] };
  };
  const ranks = new Map(
    table.model.merges.map((merge, rank) => [typeof merge === 'string' ? merge : merge.join(' '), rank]),
  );
  const known = new Map<string, number>();
  const countPreToken = (preToken: string): number => {
    const before = known.get(preToken);
    if (before !== undefined) return before;
    const count = mergedCount([...Buffer.from(preToken, 'utf8')].map(byteLetter), ranks);
    known.set(preToken, count);
    return count;
  };
  return {
    count: (text) => (text.match(PRE_TOKEN) ?? []).reduce((sum, preToken) => sum + countPreToken(preToken), 0),
  };
}

/** GPT-2's pattern, as `ByteLevel` with `use_regex` applies it; written down here again so that no mistake is shared. */
const PRE_TOKEN = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Byte-pair merging: the lowest rank first, until no neighbours merge. */
function mergedCount(letters: readonly string[], ranks: ReadonlyMap<string, number>): number {
  const parts = [...letters];
  for (;;) {
    let [best, at] = [Infinity, -1];
    for (let i = 0; i + 1 < parts.length; i++) {
      const rank = ranks.get(`${parts[i] ?? ''} ${parts[i + 1] ?? ''}`) ?? Infinity;
      if (rank < best) [best, at] = [rank, i];
    }
    if (at < 0) return parts.length;
    parts.splice(at, 2, `${parts[at] ?? ''}${parts[at + 1] ?? ''}`);
  }
}

/** The printable letter that stands for a byte in such tables: itself, or the next free one from U+0100. */
function byteLetter(byte: number): string {
  const isItself = (value: number): boolean =>
    (value >= 0x21 && value <= 0x7e) || (value >= 0xa1 && value <= 0xac) || value >= 0xae;
  if (isItself(byte)) return String.fromCharCode(byte);
  let before = 0;
  for (let value = 0; value < byte; value++) if (!isItself(value)) before++;
  return String.fromCharCode(0x100 + before);
}
