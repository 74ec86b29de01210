/** Words as they are compared: lower case, without punctuation, single digits as words, without fillers that nobody writes. */
export function comparableWords(text: string): string[] {
  return text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[’‘`]/g, "'")
    .replace(/&/g, ' and ')
    .replace(/\bmr\.?(?=\s|$)/g, 'mister')
    .replace(/\bmrs\.?(?=\s|$)/g, 'missus')
    .replace(/\bdr\.?(?=\s|$)/g, 'doctor')
    .replace(/\b\d\b/g, (digit) => DIGITS[Number(digit)] ?? digit)
    .replace(/[-–—/_]/g, ' ')
    .replace(/[^\p{L}\p{N}' ]+/gu, ' ')
    .replace(/(^|\s)'+|'+(\s|$)/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && !FILLERS.has(word));
}

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const FILLERS = new Set(['um', 'uh', 'hmm', 'mm', 'mhm', 'er', 'erm', 'ah', 'eh', 'huh']);

/** Fewest insertions, deletions and substitutions that make one list of words the other (Levenshtein). */
export function wordErrors(reference: readonly string[], heard: readonly string[]): number {
  let before = Array.from({ length: heard.length + 1 }, (_, i) => i);
  for (const [i, word] of reference.entries()) {
    const row = [i + 1];
    for (const [j, other] of heard.entries()) {
      row.push(Math.min((before[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1, (before[j] ?? 0) + (word === other ? 0 : 1)));
    }
    before = row;
  }
  return before[heard.length] ?? 0;
}
