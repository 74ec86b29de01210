import { samplesToSeconds } from '../audio/pcm';

/**
 * A muted microphone, and one that macOS keeps from us, give exact zeros; some converters wander by one step. Real rooms are
 * louder: the quietest microphones measured had samples beyond 1 within tens of milliseconds.
 */
const SILENT_STEPS = 1;
/** Shorter than anybody's first hesitation is long, longer than a sound card's start. */
const SILENT_S = 1.5;

/** What has been heard since the recording began. */
export type Heard = 'nothing' | 'silence' | 'signal';

/** Tells a microphone that gives nothing from one in a quiet room. Once signal was seen, the microphone works and is not blamed again. */
export class SilenceWatch {
  private sampleCount = 0;
  private hasSignal = false;

  /** Takes the next samples and says what was heard since the start; `nothing` while it is too early to tell. */
  push(samples: Int16Array): Heard {
    this.hasSignal ||= samples.some((sample) => Math.abs(sample) > SILENT_STEPS);
    this.sampleCount += samples.length;
    if (this.hasSignal) return 'signal';
    return samplesToSeconds(this.sampleCount) >= SILENT_S ? 'silence' : 'nothing';
  }
}
