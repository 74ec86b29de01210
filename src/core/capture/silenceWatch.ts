import { samplesToSeconds } from '../audio/pcm';

/**
 * A muted microphone gives exact zeros, and so does one that macOS does not let us use; some converters wander by one step. Real rooms
 * are louder: the quietest microphones measured had samples beyond 1 within tens of milliseconds.
 */
const SILENT_STEPS = 1;
/** Shorter than the pause before anybody's first word, longer than a sound card takes to start. */
const SILENT_S = 1.5;

/** What has been heard since the recording began. */
export type Heard = 'nothing' | 'silence' | 'signal';

/** Tells a microphone that gives nothing from one in a quiet room. Once a signal was seen, the microphone counts as working. */
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
