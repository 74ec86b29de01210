import type { Chunk } from '../../model';
import { secondsToSamples } from '../pcm';
import { Cutter, EDGE_S, MAXIMUM_CUT_S } from '../planChunks';
import type { Stretch } from '../shortPieces';
import { FRAME_SAMPLES, SpeechDetector } from '../speechDetector';

/** A pause this long ends an utterance. Shorter ones lie within sentences; each longer one would be waited for. A choice. */
const UTTERANCE_PAUSE_S = 0.6;

const frames = (seconds: number): number => Math.round(secondsToSamples(seconds) / FRAME_SAMPLES);

/**
 * Finds utterances while they are spoken: speech between two pauses, cut as a meeting is where it lasts longer than {@link MAXIMUM_CUT_S}.
 * An utterance is found 0.32 s after its first word, and its end 0.92 s after the last. Positions are samples of what was pushed.
 */
export class Utterances {
  private readonly detector = new SpeechDetector({ isSoon: true });
  private readonly cutter = new Cutter(frames(MAXIMUM_CUT_S), frames(UTTERANCE_PAUSE_S));
  private sampleCount = 0;

  /** @returns the utterances that have ended */
  push(samples: Int16Array): Chunk[] {
    this.sampleCount += samples.length;
    return this.cut(this.detector.push(samples).flatMap((frame) => this.cutter.push(frame)));
  }

  /** @returns the utterances that end with the audio */
  end(): Chunk[] {
    const pieces = this.detector.end().flatMap((frame) => this.cutter.push(frame));
    return this.cut([...pieces, ...this.cutter.end()]);
  }

  /** Where the utterance that is being spoken begins; undefined where nobody speaks. */
  get openSample(): number | undefined {
    const start = this.cutter.openStart;
    return start === undefined ? undefined : start * FRAME_SAMPLES;
  }

  /** No utterance that is found later begins before this sample. */
  get firstNeededSample(): number {
    return Math.max(0, this.cutter.room - frames(EDGE_S)) * FRAME_SAMPLES;
  }

  private cut(pieces: readonly Stretch[]): Chunk[] {
    return pieces.map(({ start, end }) => ({
      startSample: start * FRAME_SAMPLES,
      endSample: Math.min(this.sampleCount, end * FRAME_SAMPLES),
    }));
  }
}
