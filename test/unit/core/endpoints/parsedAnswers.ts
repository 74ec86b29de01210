import type { ParsedResponse } from '../../../../src/core/model';
import { parseResponse } from '../../../../src/core/endpoints/parseResponse';

/** What the samples of answers say, as it is read. */
export const QUALITY = { averageLogProbability: -0.25, compressionRatio: 1.2, noSpeechProbability: 0.01 };
export const TEXT = 'Good morning. Shall we start?';
export const MORNING = { startS: 0, endS: 1.5, text: 'Good morning.' };
export const START = { startS: 2, endS: 4.5, text: 'Shall we start?' };
export const WORDS = [
  { startS: 0, endS: 0.5, text: 'Good' },
  { startS: 0.5, endS: 1.5, text: 'morning.' },
  { startS: 2, endS: 2.5, text: 'Shall' },
  { startS: 2.5, endS: 3, text: 'we' },
  { startS: 3, endS: 4.5, text: 'start?' },
];
/** As whisper.cpp tells them. */
export const SURE_WORDS = WORDS.map((word) => ({ ...word, probability: 0.9 }));

/** Reads an answer as JSON. */
export function parse(answer: unknown): ParsedResponse {
  return parseResponse(JSON.stringify(answer), 'host');
}
