import { FRAME_SAMPLES, SpeechDetector, type Frame } from '../../../core/audio/speechDetector';

/** Audio in which somebody may speak: samples `[startSample, endSample)`. */
export interface SpeechRegion {
  readonly startSample: number;
  readonly endSample: number;
  /** The detector's frames of this audio, 10 ms each. */
  readonly frames: readonly Frame[];
}

/**
 * A region keeps 0.3 s before and 0.5 s behind loud audio, since consonants are quiet. The engine's benchmark measures what this gate
 * costs real meetings.
 */
const LEAD_FRAMES = 30;
const TAIL_FRAMES = 50;
/** A pause this long, 2 s, separates regions: the model does not hear it, and cannot invent text there. */
const PAUSE_FRAMES = 200;

/**
 * The energy gate: where in a recording speech may be. Silence, hum and clicks are not shown to the model, since it would write text for
 * them.
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

/** A whole recording as one region, to measure what the gate costs. */
export function wholeRegion(samples: Int16Array): SpeechRegion {
  const detector = new SpeechDetector();
  const frames = [...detector.push(samples), ...detector.end()];
  return { startSample: 0, endSample: samples.length, frames };
}
