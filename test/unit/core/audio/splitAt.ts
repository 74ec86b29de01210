/** Cuts an array at the given shares of its length, in any order; equal shares give empty blocks. */
export function splitAt<Samples extends Float32Array | Int16Array>(
  samples: Samples,
  shares: readonly number[],
): Samples[] {
  const cuts = shares.map((share) => Math.floor(share * samples.length)).sort((a, b) => a - b);
  // subarray of the same class, which TypeScript widens.
  return [0, ...cuts].map((from, i) => samples.subarray(from, cuts[i] ?? samples.length) as Samples);
}
