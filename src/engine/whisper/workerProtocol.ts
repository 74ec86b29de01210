import type { EngineModelStart } from '../../core/engineProtocol';
import type { Draft, DraftJob, Recognition, RecognitionJob } from '../api/recogniser';

/** The messages between the engine's two threads: one serves HTTP, the other runs Whisper. */

/** The worker's `workerData`: it loads the model at once. */
export type WorkerStart = Omit<EngineModelStart, 'modelName'>;

/** What the worker is to do. The memory of the samples belongs to it. */
export type Work =
  { readonly kind: 'recognise'; readonly job: RecognitionJob } | { readonly kind: 'draft'; readonly job: DraftJob };

/** A job for the worker. Another one may come before this one is answered: the more urgent one is done first. */
export interface WorkerJob {
  readonly id: number;
  readonly work: Work;
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
  | { readonly kind: 'drafted'; readonly id: number; readonly draft: Draft }
  /** The work has stopped because of the flag. */
  | { readonly kind: 'aborted'; readonly id: number }
  /** This job failed; the next may not. */
  | { readonly kind: 'error'; readonly id: number; readonly message: string };
