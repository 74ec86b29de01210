/** Frames over which attention is smoothed: the reference's median filter (openai/whisper, timing.py). */
const MEDIAN_WIDTH = 7;
const MEDIAN_HALF = MEDIAN_WIDTH >> 1;

/**
 * Where in time each token was heard: a path through what the decoder looked at while it wrote them, by dynamic time warping.
 *
 * @param attention one row for each token: `[head * frames + frame]`, softmax weights
 * @param frames of the row, 20 ms each
 * @param usedFrames those that hold audio; the rest is silence that was filled in
 * @returns the frame at which each token begins
 */
export function alignTokens(attention: readonly Float32Array[], frames: number, usedFrames: number): Int32Array {
  const heads = Math.round((attention[0]?.length ?? 0) / frames);
  const used = Math.min(frames, usedFrames);
  return warp(averageHeads(attention, heads, frames, used), attention.length, used);
}

/** Makes heads comparable (each weight against the head's others at that frame), smooths them over time, and takes their mean. */
function averageHeads(attention: readonly Float32Array[], heads: number, frames: number, used: number): Float32Array {
  const count = attention.length;
  const matrix = new Float32Array(count * used);
  const weights = new Float32Array(count * used);
  const window = new Float32Array(MEDIAN_WIDTH);
  for (let head = 0; head < heads; head++) {
    attention.forEach((row, token) => {
      normaliseRow(row, head * frames, weights, token * used, used);
    });
    standardise(weights, count, used);
    for (let token = 0; token < count; token++) {
      for (let frame = 0; frame < used; frame++) {
        const at = token * used + frame;
        matrix[at] = (matrix[at] ?? 0) + medianAround(weights, token * used, frame, used, window) / heads;
      }
    }
  }
  return matrix;
}

/** The weights within the audio, as if there were nothing else. */
function normaliseRow(row: Float32Array, from: number, out: Float32Array, to: number, used: number): void {
  let sum = 0;
  for (let frame = 0; frame < used; frame++) sum += row[from + frame] ?? 0;
  const scale = sum > 0 ? 1 / sum : 0;
  for (let frame = 0; frame < used; frame++) out[to + frame] = (row[from + frame] ?? 0) * scale;
}

/** For each frame over the tokens: mean 0, deviation 1. */
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

/** The middle one of the seven values around a frame; beyond the ends lies the mirror image. */
function medianAround(values: Float32Array, from: number, frame: number, used: number, window: Float32Array): number {
  for (let i = 0; i < MEDIAN_WIDTH; i++) {
    let at = Math.abs(frame + i - MEDIAN_HALF);
    if (at >= used) at = Math.max(0, 2 * used - 2 - at);
    const value = values[from + at] ?? 0;
    let place = i;
    for (; place > 0 && (window[place - 1] ?? 0) > value; place--) window[place] = window[place - 1] ?? 0;
    window[place] = value;
  }
  return window[MEDIAN_HALF] ?? 0;
}

/** The path of the largest sum from the first token's first frame to the last one's last. */
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
