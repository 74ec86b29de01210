import { FRAME_SAMPLES, SpeechDetector, type Frame } from '../../../core/audio/speechDetector';

/** Audio in which somebody may speak: samples `[startSample, endSample)`. */
export interface SpeechRegion {
  readonly startSample: number;
  readonly endSample: number;
  /** Its loudness, 10 ms each. */
  readonly frames: readonly Frame[];
}

/**
 * 0.3 s are kept before and 0.5 s behind what is loud, since consonants are quiet. What this gate costs real meetings is measured by
 * the engine's benchmark.
 */
const LEAD_FRAMES = 30;
const TAIL_FRAMES = 50;
/** A pause this long, 2 s, parts regions: the model need not listen to it, and cannot invent text there. */
const PAUSE_FRAMES = 200;

/**
 * The energy gate: where in a recording speech may be. Silence, hum and clicks have none, and are not shown to the model, which
 * writes text into any of them.
 */
export function speechRegions(samples: Int16Array): SpeechRegion[] {
  const { frames } = wholeRegion(samples);
  const regions: { startFrame: number; endFrame: number }[] = [];
  frames.forEach(({ isSpeech }, frame) => {
    if (!isSpeech) return;
    const last = regions.at(-1);
    if (last && frame - last.endFrame < PAUSE_FRAMES) last.endFrame = frame + 1;
    else regions.push({ startFrame: frame, endFrame: frame + 1 });
  });
  return regions.map(({ startFrame, endFrame }) => {
    const [from, to] = [Math.max(0, startFrame - LEAD_FRAMES), Math.min(frames.length, endFrame + TAIL_FRAMES)];
    return {
      startSample: from * FRAME_SAMPLES,
      endSample: Math.min(samples.length, to * FRAME_SAMPLES),
      frames: frames.slice(from, to),
    };
  });
}

/** All of a recording as one region, for those who measure what the gate costs. */
export function wholeRegion(samples: Int16Array): SpeechRegion {
  const detector = new SpeechDetector();
  const frames = [...detector.push(samples), ...detector.end()];
  return { startSample: 0, endSample: samples.length, frames };
}
