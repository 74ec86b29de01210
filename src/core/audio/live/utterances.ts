import type { Chunk } from '../../model';
import { secondsToSamples } from '../pcm';
import { Cutter, EDGE_S, MAXIMUM_CUT_S } from '../planChunks';
import type { Stretch } from '../shortPieces';
import { FRAME_SAMPLES, SpeechDetector } from '../speechDetector';

/** A pause this long ends an utterance of a dictation. Shorter ones lie within sentences; each longer one would be waited for. A choice. */
const UTTERANCE_PAUSE_S = 0.6;
/**
 * In a meeting, whose text is read and not waited for, an utterance of less than 4 s needs a pause of 2 s: the model writes better text of
 * more speech.
 */
const MEETING_PAUSE_S = 2;
const EAGER = { fromS: 4, pauseS: 0.8 } as const;

const frames = (seconds: number): number => Math.round(secondsToSamples(seconds) / FRAME_SAMPLES);

/**
 * Finds utterances while they are spoken: speech between two pauses, cut as a recording is where it lasts longer than {@link MAXIMUM_CUT_S}.
 * An utterance is found 0.32 s after its first word, and its end 0.32 s after its pause was long enough. Positions are samples of what was
 * pushed.
 */
export class Utterances {
  private readonly detector = new SpeechDetector({ isSoon: true });
  private readonly cutter: Cutter;
  private sampleCount = 0;

  constructor(purpose: 'dictation' | 'meeting') {
    const longest = frames(MAXIMUM_CUT_S);
    const eager = { from: frames(EAGER.fromS), silence: frames(EAGER.pauseS) };
    this.cutter =
      purpose === 'dictation'
        ? new Cutter(longest, frames(UTTERANCE_PAUSE_S))
        : new Cutter(longest, frames(MEETING_PAUSE_S), eager);
  }

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
