import fc from 'fast-check';

/** Where to cut, evenly spread: doubles of fast-check's own lie near 0 for the most part. */
export function anyShares(maxLength: number): fc.Arbitrary<number[]> {
  return fc.array(
    fc.nat({ max: 10_000 }).map((share) => share / 10_000),
    { maxLength },
  );
}

/** Cuts an array at the given shares of its length, in any order; equal shares give empty blocks. */
export function splitAt<Samples extends Float32Array | Int16Array>(
  samples: Samples,
  shares: readonly number[],
): Samples[] {
  const cuts = shares.map((share) => Math.floor(share * samples.length)).sort((a, b) => a - b);
  // subarray of the same class, which TypeScript widens.
  return [0, ...cuts].map((from, i) => samples.subarray(from, cuts[i] ?? samples.length) as Samples);
}
