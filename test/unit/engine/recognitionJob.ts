import type { RecognitionJob } from '../../../src/engine/api/recogniser';

/** A request as a client sends it that wishes nothing in particular, but words. */
export function recognitionJob(pcm: Uint8Array, wishes: Partial<RecognitionJob> = {}): RecognitionJob {
  return {
    pcm,
    task: 'transcribe',
    promptScope: 'everyWindow',
    temperature: 0,
    seed: 0,
    wantsWords: true,
    isUrgent: false,
    priority: 'file',
    ...wishes,
  };
}
