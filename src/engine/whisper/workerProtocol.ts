import type { EngineModelStart } from '../../core/engineProtocol';
import type { Recognition, RecognitionJob } from '../api/recogniser';

/** What the engine's two threads say to each other: one serves HTTP, the other runs Whisper. */

/** The worker's `workerData`: it loads the model at once. */
export type WorkerStart = Omit<EngineModelStart, 'modelName'>;

/** Jobs come one at a time: the next when the last is answered. */
export interface WorkerJob {
  readonly id: number;
  /** Its samples are the worker's own. */
  readonly job: RecognitionJob;
  /** One Int32: anything but 0 means that nobody wants the text any more. Looked at between two tokens. */
  readonly abortFlag: SharedArrayBuffer;
}

/** What the worker tells. */
export type WorkerAnswer =
  /** The first answer: jobs are taken. */
  | { readonly kind: 'ready'; readonly languages: readonly string[]; readonly canTranslate: boolean }
  /** The first answer and the last: the model cannot be used. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'recognised'; readonly id: number; readonly recognition: Recognition }
  /** The work has stopped, as the flag asked. */
  | { readonly kind: 'aborted'; readonly id: number }
  /** This job failed; the next may not. */
  | { readonly kind: 'error'; readonly id: number; readonly message: string };
