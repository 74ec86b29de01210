import type { RequestPrompt, TranscriptionRequest } from '../../../../src/core/model';
import type { FormField } from '../../../../src/core/endpoints/dialects';

/** A second of prepared audio. */
export const CHUNK: TranscriptionRequest['audio'] = {
  kind: 'chunk',
  audio: { path: 'prepared.pcm', dataOffsetBytes: 0, sampleCount: 16_000, remarks: [] },
  chunk: { startSample: 0, endSample: 16_000 },
};

export function request(rest: Partial<TranscriptionRequest> = {}): TranscriptionRequest {
  return { audio: CHUNK, task: 'transcribe', model: 'whisper-1', ...rest };
}

/** A prompt as the vocabulary writes it. */
export function promptOf(...terms: readonly string[]): RequestPrompt {
  return { text: `${terms.join(', ')}.`, terms };
}

/** All values of one field, in the order sent. */
export function valuesOf(fields: readonly FormField[], wanted: string): string[] {
  return fields.flatMap(([name, value]) => (name === wanted ? [value] : []));
}
