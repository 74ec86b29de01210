import type { Segment } from '../model';

/** A text with a higher ratio repeats itself. This and the other two are the thresholds that Whisper's own decoder uses. */
const REPEATS_ABOVE = 2.4;
/** Below this mean log-probability the decoding counts as failed, where silence is likely as well. */
const UNSURE_BELOW = -1;
/** Above this probability of no speech the audio counts as silent. */
const SILENT_ABOVE = 0.6;

/**
 * Whether a segment's figures say that its text may be invented: it repeats itself, or it is improbable and silence is probable. An
 * endpoint that gives no figures leaves no doubt.
 */
export function isDoubtful({
  compressionRatio = 0,
  averageLogProbability = 0,
  noSpeechProbability = 0,
}: Pick<Segment, 'compressionRatio' | 'averageLogProbability' | 'noSpeechProbability'>): boolean {
  if (compressionRatio > REPEATS_ABOVE) return true;
  return averageLogProbability < UNSURE_BELOW && noSpeechProbability > SILENT_ABOVE;
}
