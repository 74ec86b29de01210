/**
 * Band-limited resampling between any two whole rates, a block at a time.
 *
 * Every output sample is the input behind a low-pass filter (a sinc in a Kaiser window) that is centred on the sample's place. Without
 * the filter, everything above 8 kHz of a 44.1 kHz recording would fold down into the speech. J. O. Smith, "Digital Audio Resampling".
 */
export class Resampler {
  private readonly step: number;
  private readonly phaseCount: number;
  private readonly halfTaps: number;
  private readonly phases = new Map<number, Float32Array>();
  private readonly cutoff: number;
  /** Input that a later output still needs, beginning at input position `bufferStart`. */
  private buffer = new Float32Array(0);
  private bufferStart: number;
  private received = 0;
  private produced = 0;

  constructor(fromHz: number, toHz: number) {
    const divisor = greatestCommonDivisor(fromHz, toHz);
    this.step = fromHz / divisor;
    this.phaseCount = toHz / divisor;
    this.cutoff = Math.min(1, toHz / fromHz) * PASSBAND;
    // Even, so that all taps are a multiple of four.
    this.halfTaps = 2 * Math.ceil(ZERO_CROSSINGS / this.cutoff / 2);
    // Silence before the first sample, so that the first output has a full filter.
    this.buffer = new Float32Array(this.halfTaps);
    this.bufferStart = -this.halfTaps;
  }

  /** Takes input and gives all output that can be computed now. The blocks' sizes do not change the result. */
  push(input: Float32Array): Float32Array {
    this.received += input.length;
    return this.take(input, this.received - this.halfTaps);
  }

  /** Gives the rest of the output. All output together has `ceil(input length * toHz / fromHz)` samples. */
  end(): Float32Array {
    return this.take(new Float32Array(this.halfTaps + 1), this.received);
  }

  private take(input: Float32Array, beforePosition: number): Float32Array {
    const joined = new Float32Array(this.buffer.length + input.length);
    joined.set(this.buffer);
    joined.set(input, this.buffer.length);

    // Output n lies at input n * step / phaseCount.
    const end = Math.max(this.produced, Math.ceil((beforePosition * this.phaseCount) / this.step));
    const out = new Float32Array(end - this.produced);
    for (let i = 0; i < out.length; i++, this.produced++) {
      const scaled = this.produced * this.step;
      const position = Math.floor(scaled / this.phaseCount);
      const taps = this.phase(scaled % this.phaseCount);
      out[i] = weightedSum(taps, joined, position - this.halfTaps + 1 - this.bufferStart);
    }
    const nextPosition = Math.floor((this.produced * this.step) / this.phaseCount);
    const drop = Math.min(joined.length, Math.max(0, nextPosition - this.halfTaps + 1 - this.bufferStart));
    this.buffer = joined.slice(drop);
    this.bufferStart += drop;
    return out;
  }

  /** The filter for outputs that lie `phase / phaseCount` behind an input sample; made when first needed. */
  private phase(phase: number): Float32Array {
    const known = this.phases.get(phase);
    if (known) return known;
    const taps = new Float32Array(2 * this.halfTaps);
    let sum = 0;
    for (let i = 0; i < taps.length; i++) {
      const distance = i - this.halfTaps + 1 - phase / this.phaseCount;
      const value = sinc(distance * this.cutoff) * kaiser(distance / this.halfTaps);
      taps[i] = value;
      sum += value;
    }
    // Every phase has unit gain for a constant input; otherwise the phases' differences would be heard as a tone.
    for (let i = 0; i < taps.length; i++) taps[i] = (taps[i] ?? 0) / sum;
    this.phases.set(phase, taps);
    return taps;
  }
}

/** Four sums side by side: the processor need not wait for one addition before it begins the next, which saves a third of the time. */
function weightedSum(taps: Float32Array, input: Float32Array, from: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < taps.length; i += 4) {
    const at = from + i;
    a += (taps[i] ?? 0) * (input[at] ?? 0);
    b += (taps[i + 1] ?? 0) * (input[at + 1] ?? 0);
    c += (taps[i + 2] ?? 0) * (input[at + 2] ?? 0);
    d += (taps[i + 3] ?? 0) * (input[at + 3] ?? 0);
  }
  return a + b + (c + d);
}

/** Share of the band that passes the filter; the rest is the filter's slope. */
const PASSBAND = 0.93;
/** Zero crossings of the sinc on either side. With Kaiser's beta below, folded sound is at least 60 dB quieter (see the test). */
const ZERO_CROSSINGS = 24;
const KAISER_BETA = 8;

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser's window at x in [-1, 1]. */
function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel0(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel0(KAISER_BETA);
}

/** Modified Bessel function of order 0 by its power series; converged to double precision for arguments up to 10. */
function bessel0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 32; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
