import type { WhisperFacts } from '../../../../src/engine/whisper/network/whisperFacts';

/** A vocabulary that fits on a page: 20 text tokens, what steers, and timestamps up to 2 s. */
export const SMALL_FACTS: WhisperFacts = {
  melBins: 80,
  decoderLayers: 2,
  heads: 2,
  headWidth: 16,
  vocabularySize: 131,
  maximumTokens: 448,
  windowFrames: 3000,
  tokens: {
    end: 20,
    start: 21,
    previous: 26,
    startOfLm: 27,
    noSpeech: 28,
    noTimestamps: 29,
    firstTimestamp: 30,
    transcribe: 25,
    translate: 24,
    languages: new Map([
      ['en', 22],
      ['de', 23],
    ]),
  },
  isMultilingual: true,
  suppressed: [3, 4, 5],
  suppressedAtStart: [0, 20],
  latestStart: 50,
};

/** The same as a model that knows English only. */
export const SMALL_ENGLISH_FACTS: WhisperFacts = {
  ...SMALL_FACTS,
  tokens: { ...SMALL_FACTS.tokens, languages: new Map() },
  isMultilingual: false,
};

/** The timestamp of so many steps of 20 ms. */
export function time(steps: number): number {
  return SMALL_FACTS.tokens.firstTimestamp + steps;
}

/** Scores of all tokens: 0, but for those named. */
export function logitsOf(scores: Readonly<Record<number, number>> = {}, otherwise = 0): Float32Array {
  const logits = new Float32Array(SMALL_FACTS.vocabularySize).fill(otherwise);
  for (const [token, score] of Object.entries(scores)) logits[Number(token)] = score;
  return logits;
}
