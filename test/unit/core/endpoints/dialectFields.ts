import fc from 'fast-check';
import type { TranscriptionRequest } from '../../../../src/core/model';
import { dialect, type AnswerFormat, type DialectId, type FormField } from '../../../../src/core/endpoints/dialects';
import { promptOf, request } from './requests';

/** Every dialect. */
export const IDS: readonly DialectId[] = [
  'openai',
  'openaiUntimed',
  'whisperCpp',
  'whisperCppOpenAi',
  'voxtral',
  'embedded',
];
/** Everything that a request can say. */
export const SAID: Partial<TranscriptionRequest> = {
  language: 'de',
  temperature: 0.2,
  prompt: promptOf('npm', 'Kubernetes'),
};
/** Terms as nobody should have them, and as they come out of files all the same. */
export const anyTerms = fc.array(
  fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('<', '>', ',', '\n', '\r', '\u2028', '\t', ' ', 'é', 'a') })),
  { maxLength: 150 },
);

/** What a dialect sends for a request. */
export function fieldsOf(
  id: DialectId,
  model: string,
  format: AnswerFormat,
  rest: Partial<TranscriptionRequest> = {},
): FormField[] {
  return dialect(id).fields(request(rest), model, format);
}
