/** A word as it is compared with another hearing of it: without punctuation and case. Empty where it has neither letter nor figure. */
export function wordKey(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '');
}
