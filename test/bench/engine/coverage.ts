import { FRAME_SAMPLES } from '../../../src/core/audio/speechDetector';
import { SAMPLE_RATE_HZ } from '../../../src/core/model';
import { speechRegions } from '../../../src/engine/whisper/guards/speechRegions';
import type { HeardWord } from './speechProgram';

/** A part of a recording, in seconds from its start. */
export interface Stretch {
  readonly startS: number;
  readonly endS: number;
}

/** Detected speech without a pause: frames `[first, end)` of 10 ms. */
export type FrameSpan = readonly [first: number, end: number];
/** A region of the engine's gate: speech with pauses shorter than 2 s in it. Longer ones part regions. */
export type SpeechRegionSpans = readonly FrameSpan[];

const FRAMES_PER_S = SAMPLE_RATE_HZ / FRAME_SAMPLES;
/** So much detected speech may not stay without words, in seconds. */
const LONGEST_UNHEARD_S = 2;
/**
 * Words' times are Whisper's estimate: nine in ten starts lie within 0.7 to 0.9 s of the manual ones, half within 0.07 s. This much before
 * and behind a word counts as heard, in seconds.
 */
const TOLERANCE_S = 0.5;
/**
 * Nobody speaks on one word for longer than two seconds. Times of a word beside a gap are often stretched over it, so of a longer word
 * only this much at its start and at its end counts, in seconds.
 */
const WORD_END_S = 1;

/** Where the engine's own gate finds speech in a recording. @param samples 16 kHz mono */
export function detectSpeech(samples: Int16Array): SpeechRegionSpans[] {
  return speechRegions(samples).map(({ startSample, frames }) => {
    const spans: [number, number][] = [];
    frames.forEach(({ isSpeech }, i) => {
      if (!isSpeech) return;
      const frame = Math.round(startSample / FRAME_SAMPLES) + i;
      const last = spans.at(-1);
      if (last?.[1] === frame) last[1]++;
      else spans.push([frame, frame + 1]);
    });
    return spans;
  });
}

/**
 * The stretches of a recording in which somebody speaks for 2 s or more, and an answer neither has a word nor says that there is nothing to be
 * understood.
 *
 * A frame is covered by a word, or by a stretch that is marked as unheard, with half a second at either side. A stretch is a longest run of
 * frames of one region that holds no covered frame; it counts where 2 s of it are speech. The short pauses between words thus
 * neither end a stretch nor count for it: a lost sentence is found however haltingly it was spoken. A pause of 2 s ends it, as it ends
 * the engine's regions: noises that are scattered over minutes do not add up. A mark excuses the frames that it covers, not all
 * of a longer stretch.
 */
export function uncoveredStretches(
  regions: readonly SpeechRegionSpans[],
  { words, unheard }: { readonly words: readonly HeardWord[]; readonly unheard: readonly Stretch[] },
): Stretch[] {
  const endFrame = Math.max(0, ...regions.flatMap((spans) => spans.map(([, end]) => end)));
  const isCovered = coveredFrames([...words.flatMap(heardParts), ...unheard], endFrame);
  return regions.flatMap((spans) => stretchesOf(spans, isCovered));
}

/** Each from its first to its last frame of speech. */
function stretchesOf(spans: SpeechRegionSpans, isCovered: Uint8Array): Stretch[] {
  const stretches: Stretch[] = [];
  let [firstFrame, endFrame, speechFrames] = [0, 0, 0];
  const close = (): void => {
    if (speechFrames >= LONGEST_UNHEARD_S * FRAMES_PER_S)
      stretches.push({ startS: firstFrame / FRAMES_PER_S, endS: endFrame / FRAMES_PER_S });
    speechFrames = 0;
  };
  for (const [first, end] of spans) {
    // A word that lies in the pause before ends a run as well.
    if (speechFrames > 0 && isCovered.subarray(endFrame, first).includes(1)) close();
    for (let frame = first; frame < end; frame++) {
      if (isCovered[frame] === 1) close();
      else {
        if (speechFrames === 0) firstFrame = frame;
        endFrame = frame + 1;
        speechFrames++;
      }
    }
  }
  close();
  return stretches;
}

function heardParts({ startS, endS }: HeardWord): Stretch[] {
  if (endS - startS <= 2 * WORD_END_S) return [{ startS, endS }];
  return [
    { startS, endS: startS + WORD_END_S },
    { startS: endS - WORD_END_S, endS },
  ];
}

/** 1 for each frame that a part covers. */
function coveredFrames(parts: readonly Stretch[], endFrame: number): Uint8Array {
  const isCovered = new Uint8Array(endFrame);
  for (const { startS, endS } of parts) {
    const [first, end] = [startS - TOLERANCE_S, endS + TOLERANCE_S].map((timeS) =>
      Math.min(endFrame, Math.max(0, Math.round(timeS * FRAMES_PER_S))),
    );
    isCovered.fill(1, first, end);
  }
  return isCovered;
}
