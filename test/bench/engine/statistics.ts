import { seededRandom } from '../../unit/core/random';

/** The value below which the share of all lies, between two neighbours in proportion; NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** One file's errors by two programs, and how many words (or characters) of reference they are errors of. */
export interface PairedErrors {
  readonly ours: number;
  readonly theirs: number;
  readonly units: number;
}

export interface Difference {
  /** Ours minus theirs, in percentage points of all reference units. */
  readonly points: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 10_000;

/**
 * The difference between two programs over the same files, and how far chance in the choice of files moves it: the paired bootstrap
 * draws files with both programs' errors, so that what is hard for both cancels out. Always the same for the same errors.
 */
export function pairedBootstrap(files: readonly PairedErrors[], resamples = RESAMPLES): Difference {
  const random = seededRandom();
  const drawn = Array.from({ length: resamples }, () =>
    points(files.map((file) => files[Math.floor(random() * files.length)] ?? file)),
  );
  return { points: points(files), low: percentile(drawn, 0.025), high: percentile(drawn, 0.975) };
}

/** Such as "+0.12 [−0.20, +0.45]"; nothing where nothing was compared. */
export function printDifference({ points, low, high }: Difference): string {
  if (Number.isNaN(points)) return '';
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
  return `${signed(points)} [${signed(low)}, ${signed(high)}]`;
}

function points(files: readonly PairedErrors[]): number {
  let [difference, units] = [0, 0];
  for (const file of files) {
    difference += file.ours - file.theirs;
    units += file.units;
  }
  return (100 * difference) / units;
}
