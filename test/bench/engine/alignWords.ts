/** A word of the reference beside a heard one, as positions in their lists; one is missing where nothing stands opposite. */
export interface AlignedPair {
  readonly reference?: number;
  readonly heard?: number;
}

/** What an insertion, a deletion or a substitution costs beside a match, which earns one: more than all matches of a text together. */
const ERROR_COST = 2 ** 16;

/**
 * The fewest insertions, deletions and substitutions that make one list the other, as pairs in order (Levenshtein); where several ways
 * are as short, the one with the most matches.
 */
export function alignWords(reference: readonly string[], heard: readonly string[]): AlignedPair[] {
  const width = heard.length + 1;
  const costs = new Float64Array((reference.length + 1) * width);
  const cost = (i: number, j: number): number => costs[i * width + j] ?? 0;
  const together = (i: number, j: number): number =>
    cost(i - 1, j - 1) + (reference[i - 1] === heard[j - 1] ? -1 : ERROR_COST);
  for (let i = 0; i <= reference.length; i++) {
    for (let j = 0; j < width; j++) {
      const alone = Math.min(i > 0 ? cost(i - 1, j) : Infinity, j > 0 ? cost(i, j - 1) : Infinity) + ERROR_COST;
      costs[i * width + j] = i === 0 && j === 0 ? 0 : i > 0 && j > 0 ? Math.min(alone, together(i, j)) : alone;
    }
  }
  const pairs: AlignedPair[] = [];
  for (let [i, j] = [reference.length, heard.length]; i > 0 || j > 0;) {
    if (i > 0 && j > 0 && cost(i, j) === together(i, j)) pairs.push({ reference: --i, heard: --j });
    else if (i > 0 && cost(i, j) === cost(i - 1, j) + ERROR_COST) pairs.push({ reference: --i });
    else pairs.push({ heard: --j });
  }
  return pairs.reverse();
}
