/**
 * The time at which each token was heard: a path through the decoder's attention to the audio, found by dynamic time warping.
 *
 * @param attention one row for each token: `[head * frames + frame]`, softmax weights
 * @param frames number of frames in a row, 20 ms each
 * @param usedFrames how many of them hold audio; the rest is added silence
 * @returns the frame at which each token begins
 */
export function alignTokens(attention: readonly Float32Array[], frames: number, usedFrames: number): Int32Array {
  const heads = Math.round((attention[0]?.length ?? 0) / frames);
  const used = Math.min(frames, usedFrames);
  return warp(averageHeads(attention, heads, frames, used), attention.length, used);
}

/** The heads' mean. Before it, each head is made comparable (each weight relative to the head's others at that frame) and smoothed over time. */
function averageHeads(attention: readonly Float32Array[], heads: number, frames: number, used: number): Float32Array {
  const count = attention.length;
  const matrix = new Float32Array(count * used);
  const weights = new Float32Array(count * used);
  for (let head = 0; head < heads; head++) {
    attention.forEach((row, token) => {
      normaliseRow(row, head * frames, weights, token * used, used);
    });
    standardise(weights, count, used);
    for (let token = 0; token < count; token++) {
      for (let frame = 0; frame < used; frame++) {
        const at = token * used + frame;
        matrix[at] = (matrix[at] ?? 0) + medianAround(weights, token * used, frame, used) / heads;
      }
    }
  }
  return matrix;
}

/** The weights within the audio, scaled so that their sum is 1. */
function normaliseRow(row: Float32Array, from: number, out: Float32Array, to: number, used: number): void {
  let sum = 0;
  for (let frame = 0; frame < used; frame++) sum += row[from + frame] ?? 0;
  const scale = sum > 0 ? 1 / sum : 0;
  for (let frame = 0; frame < used; frame++) out[to + frame] = (row[from + frame] ?? 0) * scale;
}

/** Scales the weights of each frame, over the tokens, to mean 0 and deviation 1. */
function standardise(weights: Float32Array, count: number, used: number): void {
  for (let frame = 0; frame < used; frame++) {
    let sum = 0;
    let squares = 0;
    for (let token = 0; token < count; token++) sum += weights[token * used + frame] ?? 0;
    const mean = sum / count;
    for (let token = 0; token < count; token++) squares += ((weights[token * used + frame] ?? 0) - mean) ** 2;
    const deviation = Math.sqrt(squares / count) || 1;
    for (let token = 0; token < count; token++) {
      const at = token * used + frame;
      weights[at] = ((weights[at] ?? 0) - mean) / deviation;
    }
  }
}

/** The median of the seven values around a frame, the reference's smoothing (openai/whisper, timing.py). The ends are mirrored. */
function medianAround(values: Float32Array, from: number, frame: number, used: number): number {
  const i = from + frame;
  const v = values;
  if (frame >= 3 && frame + 3 < used) {
    return medianOf7(
      v[i - 3] ?? 0,
      v[i - 2] ?? 0,
      v[i - 1] ?? 0,
      v[i] ?? 0,
      v[i + 1] ?? 0,
      v[i + 2] ?? 0,
      v[i + 3] ?? 0,
    );
  }
  const at = (distance: number): number => {
    const place = Math.abs(frame + distance);
    return v[from + (place < used ? place : Math.max(0, 2 * used - 2 - place))] ?? 0;
  };
  return medianOf7(at(-3), at(-2), at(-1), at(0), at(1), at(2), at(3));
}

/**
 * The median by a network of 13 exchanges (N. Devillard, Fast median search, 1998). It is called millions of times, and sorting takes six
 * times as long. Exported for the test that tries every order of seven numbers.
 */
export function medianOf7(a: number, b: number, c: number, d: number, e: number, f: number, g: number): number {
  const a1 = Math.min(a, f);
  const f1 = Math.max(a, f);
  const a2 = Math.min(a1, d);
  const d1 = Math.max(a1, d);
  const b1 = Math.min(b, g);
  const g1 = Math.max(b, g);
  const c1 = Math.min(c, e);
  const e1 = Math.max(c, e);
  const b2 = Math.max(a2, b1);
  const d2 = Math.min(d1, f1);
  const f2 = Math.max(d1, f1);
  const c2 = Math.min(c1, g1);
  const g2 = Math.max(c1, g1);
  const d3 = Math.max(c2, d2);
  const d4 = Math.min(d3, g2);
  const e2 = Math.min(e1, f2);
  const b3 = Math.min(b2, e2);
  const e3 = Math.max(b2, e2);
  const d5 = Math.max(b3, d4);
  return Math.min(d5, e3);
}

/** The path with the largest sum, from the first token's first frame to the last token's last frame. */
function warp(matrix: Float32Array, count: number, used: number): Int32Array {
  const width = used + 1;
  const cost = new Float32Array((count + 1) * width).fill(Infinity);
  const came = new Uint8Array((count + 1) * width);
  cost[0] = 0;
  for (let token = 1; token <= count; token++) {
    for (let frame = 1; frame <= used; frame++) {
      const at = token * width + frame;
      const both = cost[at - width - 1] ?? Infinity;
      const nextToken = cost[at - width] ?? Infinity;
      const nextFrame = cost[at - 1] ?? Infinity;
      let least = nextFrame;
      let from = FROM_FRAME;
      if (both < nextToken && both < nextFrame) [least, from] = [both, FROM_BOTH];
      else if (nextToken < both && nextToken < nextFrame) [least, from] = [nextToken, FROM_TOKEN];
      cost[at] = least - (matrix[(token - 1) * used + frame - 1] ?? 0);
      came[at] = from;
    }
  }
  const starts = new Int32Array(count);
  let token = count;
  let frame = used;
  while (token > 0 && frame > 0) {
    starts[token - 1] = frame - 1;
    const from = came[token * width + frame];
    if (from !== FROM_FRAME) token--;
    if (from !== FROM_TOKEN) frame--;
  }
  return starts;
}

const FROM_BOTH = 0;
const FROM_TOKEN = 1;
const FROM_FRAME = 2;
