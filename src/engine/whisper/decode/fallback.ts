/** How good one attempt at a window is. */
export interface AttemptQuality {
  /** The tokens' mean log-probability, the end token included. */
  readonly averageLogProbability: number;
  /** Bytes of text over bytes of its deflated form. */
  readonly compressionRatio: number;
  /** Whether it repeated itself and was stopped. */
  readonly isLoop: boolean;
}

/** The reference's thresholds (openai/whisper, transcribe.py). */
const THRESHOLDS = {
  compressionRatio: 2.4,
  averageLogProbability: -1,
} as const;

/**
 * Text counts as invented where, for one of these steps, the model takes the window for silence with more than this probability and the
 * text has less than this log-probability. The reference has one step, 0.6 and -1. On 47 clips of noise with three kinds of prompt all
 * invented text lay below these steps; all text of 10 far-field meetings lay above.
 */
const OUR_SILENCE = [
  { noSpeechProbability: 0.3, averageLogProbability: -1.3 },
  { noSpeechProbability: 0.4, averageLogProbability: -1 },
  { noSpeechProbability: 0.6, averageLogProbability: -0.7 },
] as const;
/** The reference's step, to measure what ours cost. */
const REFERENCE_SILENCE = [{ noSpeechProbability: 0.6, averageLogProbability: -1 }] as const;

/** The reference's steps of temperature. */
const STEP = 0.2;
/** Retries for urgent text: the user waits, and each retry takes as long as the text itself. The number is a choice, not a measurement. */
const URGENT_RETRIES = 1;

/** @param first the request's temperature. @returns the temperatures to try, in order */
export function temperatures(first: number, isUrgent: boolean): readonly number[] {
  const all: number[] = [];
  for (let temperature = first; temperature < 1 + STEP / 2; temperature += STEP) all.push(Math.min(1, temperature));
  return isUrgent ? all.slice(0, 1 + URGENT_RETRIES) : all;
}

/**
 * Judges an attempt. `silent`: improbable text where the model hears no speech; another temperature would not make it better.
 *
 * @param noSpeechProbability the window's, from a step without prompt
 * @param isUngated whether to use the reference's step for silence
 */
export function judge(
  attempt: AttemptQuality,
  noSpeechProbability: number,
  isUngated = false,
): 'good' | 'again' | 'silent' {
  const isSilent = (isUngated ? REFERENCE_SILENCE : OUR_SILENCE).some(
    (step) =>
      noSpeechProbability > step.noSpeechProbability && attempt.averageLogProbability < step.averageLogProbability,
  );
  if (isSilent) return 'silent';
  const isImprobable = attempt.averageLogProbability < THRESHOLDS.averageLogProbability;
  return isImprobable || isRepetition(attempt) ? 'again' : 'good';
}

/** The better of two bad attempts: the one that does not repeat itself, else the more probable one. */
export function lessBad<Attempt extends AttemptQuality>(one: Attempt, other: Attempt): Attempt {
  if (isRepetition(one) !== isRepetition(other)) return isRepetition(one) ? other : one;
  return other.averageLogProbability > one.averageLogProbability ? other : one;
}

function isRepetition({ compressionRatio, isLoop }: AttemptQuality): boolean {
  return isLoop || compressionRatio > THRESHOLDS.compressionRatio;
}
