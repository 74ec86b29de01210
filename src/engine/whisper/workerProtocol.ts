import type { EngineModelStart } from '../../core/engineProtocol';
import type { Recognition, RecognitionJob } from '../api/recogniser';

/** The messages between the engine's two threads: one serves HTTP, the other runs Whisper. */

/** The worker's `workerData`: it loads the model at once. */
export type WorkerStart = Omit<EngineModelStart, 'modelName'>;

/** A job for the worker. The next job comes when this one is answered. */
export interface WorkerJob {
  readonly id: number;
  /** The job. The memory of its samples belongs to the worker. */
  readonly job: RecognitionJob;
  /** One Int32: a value other than 0 means that nobody wants the text any more. The worker reads it between two tokens. */
  readonly abortFlag: SharedArrayBuffer;
}

/** The worker's messages. */
export type WorkerAnswer =
  /** The first answer: the worker takes jobs. */
  | { readonly kind: 'ready'; readonly languages: readonly string[]; readonly canTranslate: boolean }
  /** The first and last answer: the model cannot be used. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'recognised'; readonly id: number; readonly recognition: Recognition }
  /** The work has stopped because of the flag. */
  | { readonly kind: 'aborted'; readonly id: number }
  /** This job failed; the next may not. */
  | { readonly kind: 'error'; readonly id: number; readonly message: string };
