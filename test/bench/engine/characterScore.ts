/** chrF's usual longest n-gram, and how many times recall counts for precision: chrF2, as sacrebleu computes it by default. */
const LONGEST = 6;
const BETA = 2;

/**
 * chrF2 of a translation beside its reference, 0 to 100: the F-score of shared character n-grams, whitespace left out, averaged over
 * the lengths that both texts have. Source: Popović 2015, in sacrebleu's form.
 */
export function characterScore(reference: string, heard: string): number {
  const precisions: number[] = [];
  const recalls: number[] = [];
  for (let length = 1; length <= LONGEST; length++) {
    const [wanted, given] = [countNgrams(reference, length), countNgrams(heard, length)];
    if (wanted.total === 0 || given.total === 0) continue;
    let shared = 0;
    for (const [ngram, count] of given.counts) shared += Math.min(count, wanted.counts.get(ngram) ?? 0);
    precisions.push(shared / given.total);
    recalls.push(shared / wanted.total);
  }
  const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / (values.length || 1);
  const [precision, recall] = [average(precisions), average(recalls)];
  if (precision + recall === 0) return 0;
  return (100 * (1 + BETA ** 2) * precision * recall) / (BETA ** 2 * precision + recall);
}

function countNgrams(text: string, length: number): { counts: ReadonlyMap<string, number>; total: number } {
  const characters = Array.from(text.replace(/\s+/gu, ''));
  const counts = new Map<string, number>();
  const total = Math.max(0, characters.length - length + 1);
  for (let i = 0; i < total; i++) {
    const ngram = characters.slice(i, i + length).join('');
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return { counts, total };
}
