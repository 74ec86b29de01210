/**
 * The discrete Fourier transform of 400 complex numbers (25 ms at 16 kHz), in double precision. It is Stockham's self-sorting form with
 * radices 4, 4, 5, 5. A package for lengths that are not a power of two is ten times slower.
 */

/** Samples of one transform: 25 ms, the length that Whisper was trained with. */
export const FOURIER_LENGTH = 400;

const RADICES = [4, 4, 5, 5] as const;

interface Stage {
  readonly radix: 4 | 5;
  /** Transforms that this stage combines. */
  readonly groups: number;
  readonly stride: number;
  /** For each group the radix's twiddle factors from the second on: cosine, sine. */
  readonly twiddles: Float64Array;
}

const STAGES: readonly Stage[] = (() => {
  const stages: Stage[] = [];
  let length = FOURIER_LENGTH;
  let stride = 1;
  for (const radix of RADICES) {
    const groups = length / radix;
    const twiddles = new Float64Array(groups * (radix - 1) * 2);
    for (let group = 0, at = 0; group < groups; group++) {
      for (let k = 1; k < radix; k++) {
        const angle = (-2 * Math.PI * group * k) / length;
        twiddles[at++] = Math.cos(angle);
        twiddles[at++] = Math.sin(angle);
      }
    }
    stages.push({ radix, groups, stride, twiddles });
    length = groups;
    stride *= radix;
  }
  return stages;
})();

const [COS_1, SIN_1] = [Math.cos((2 * Math.PI) / 5), Math.sin((2 * Math.PI) / 5)];
const [COS_2, SIN_2] = [Math.cos((4 * Math.PI) / 5), Math.sin((4 * Math.PI) / 5)];

/** One transform with its own buffers, so it is used for one input at a time. */
export class Fourier {
  /** The input, to be filled by the caller; the output after {@link run}. */
  real = new Float64Array(FOURIER_LENGTH);
  imaginary = new Float64Array(FOURIER_LENGTH);
  private otherReal = new Float64Array(FOURIER_LENGTH);
  private otherImaginary = new Float64Array(FOURIER_LENGTH);

  run(): void {
    for (const stage of STAGES) {
      if (stage.radix === 4) radix4(stage, this.real, this.imaginary, this.otherReal, this.otherImaginary);
      else radix5(stage, this.real, this.imaginary, this.otherReal, this.otherImaginary);
      [this.real, this.otherReal] = [this.otherReal, this.real];
      [this.imaginary, this.otherImaginary] = [this.otherImaginary, this.imaginary];
    }
  }
}

function radix4(stage: Stage, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const { groups, stride, twiddles } = stage;
  const step = stride * groups;
  for (let group = 0, t = 0; group < groups; group++, t += 6) {
    const w1r = twiddles[t] ?? 0;
    const w1i = twiddles[t + 1] ?? 0;
    const w2r = twiddles[t + 2] ?? 0;
    const w2i = twiddles[t + 3] ?? 0;
    const w3r = twiddles[t + 4] ?? 0;
    const w3i = twiddles[t + 5] ?? 0;
    for (let q = 0; q < stride; q++) {
      const from = q + stride * group;
      const ar = xr[from] ?? 0;
      const ai = xi[from] ?? 0;
      const br = xr[from + step] ?? 0;
      const bi = xi[from + step] ?? 0;
      const cr = xr[from + 2 * step] ?? 0;
      const ci = xi[from + 2 * step] ?? 0;
      const dr = xr[from + 3 * step] ?? 0;
      const di = xi[from + 3 * step] ?? 0;
      const sumR = ar + cr;
      const sumI = ai + ci;
      const differenceR = ar - cr;
      const differenceI = ai - ci;
      const otherR = br + dr;
      const otherI = bi + di;
      // Times -i.
      const turnedR = bi - di;
      const turnedI = dr - br;
      const to = q + stride * 4 * group;
      yr[to] = sumR + otherR;
      yi[to] = sumI + otherI;
      const p1r = differenceR + turnedR;
      const p1i = differenceI + turnedI;
      yr[to + stride] = p1r * w1r - p1i * w1i;
      yi[to + stride] = p1r * w1i + p1i * w1r;
      const p2r = sumR - otherR;
      const p2i = sumI - otherI;
      yr[to + 2 * stride] = p2r * w2r - p2i * w2i;
      yi[to + 2 * stride] = p2r * w2i + p2i * w2r;
      const p3r = differenceR - turnedR;
      const p3i = differenceI - turnedI;
      yr[to + 3 * stride] = p3r * w3r - p3i * w3i;
      yi[to + 3 * stride] = p3r * w3i + p3i * w3r;
    }
  }
}

function radix5(stage: Stage, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const { groups, stride, twiddles } = stage;
  const step = stride * groups;
  for (let group = 0, t = 0; group < groups; group++, t += 8) {
    for (let q = 0; q < stride; q++) {
      const from = q + stride * group;
      const ar = xr[from] ?? 0;
      const ai = xi[from] ?? 0;
      const br = xr[from + step] ?? 0;
      const bi = xi[from + step] ?? 0;
      const cr = xr[from + 2 * step] ?? 0;
      const ci = xi[from + 2 * step] ?? 0;
      const dr = xr[from + 3 * step] ?? 0;
      const di = xi[from + 3 * step] ?? 0;
      const er = xr[from + 4 * step] ?? 0;
      const ei = xi[from + 4 * step] ?? 0;
      const outerSumR = br + er;
      const outerSumI = bi + ei;
      const innerSumR = cr + dr;
      const innerSumI = ci + di;
      const outerR = br - er;
      const outerI = bi - ei;
      const innerR = cr - dr;
      const innerI = ci - di;
      const firstR = ar + COS_1 * outerSumR + COS_2 * innerSumR;
      const firstI = ai + COS_1 * outerSumI + COS_2 * innerSumI;
      const secondR = ar + COS_2 * outerSumR + COS_1 * innerSumR;
      const secondI = ai + COS_2 * outerSumI + COS_1 * innerSumI;
      // Times -i.
      const firstTurnedR = SIN_1 * outerI + SIN_2 * innerI;
      const firstTurnedI = -(SIN_1 * outerR + SIN_2 * innerR);
      const secondTurnedR = SIN_2 * outerI - SIN_1 * innerI;
      const secondTurnedI = -(SIN_2 * outerR - SIN_1 * innerR);
      const to = q + stride * 5 * group;
      yr[to] = ar + outerSumR + innerSumR;
      yi[to] = ai + outerSumI + innerSumI;
      turn(yr, yi, to + stride, firstR + firstTurnedR, firstI + firstTurnedI, twiddles, t);
      turn(yr, yi, to + 2 * stride, secondR + secondTurnedR, secondI + secondTurnedI, twiddles, t + 2);
      turn(yr, yi, to + 3 * stride, secondR - secondTurnedR, secondI - secondTurnedI, twiddles, t + 4);
      turn(yr, yi, to + 4 * stride, firstR - firstTurnedR, firstI - firstTurnedI, twiddles, t + 6);
    }
  }
}

/** Stores a number times a twiddle factor. */
function turn(
  yr: Float64Array,
  yi: Float64Array,
  at: number,
  real: number,
  imaginary: number,
  twiddles: Float64Array,
  twiddle: number,
): void {
  const wr = twiddles[twiddle] ?? 0;
  const wi = twiddles[twiddle + 1] ?? 0;
  yr[at] = real * wr - imaginary * wi;
  yi[at] = real * wi + imaginary * wr;
}
