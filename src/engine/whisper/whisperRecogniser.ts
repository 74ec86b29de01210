import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EngineModelStart } from '../../core/engineProtocol';
import type { Recogniser } from '../api/recogniser';
import type { Work, WorkerAnswer, WorkerJob } from './workerProtocol';

/** Another worker and another reaction to its death, for tests. */
export interface WhisperWorkerOptions {
  /** The worker's program; absent: the one beside this bundle. */
  readonly workerFile?: string;
  /** Called when the worker has died, after which no request can be answered. Absent: the program ends, and its parent restarts it. */
  readonly onDeath?: (reason: string) => void;
}

/**
 * Loads a Whisper into a thread of its own, since ONNX Runtime blocks the thread that calls it, and HTTP must be served meanwhile.
 *
 * @throws Error where the model or ONNX Runtime cannot be loaded
 */
export async function createWhisperRecogniser(
  { modelName, ...start }: EngineModelStart,
  { workerFile = path.join(__dirname, 'whisperWorker.js'), onDeath = endProgram }: WhisperWorkerOptions = {},
): Promise<Recogniser & { readonly close: () => Promise<void> }> {
  const worker = new Worker(workerFile, { workerData: start });
  const { languages, canTranslate } = await whenReady(worker);
  const thread = new WorkerThread(worker, onDeath);
  return {
    modelId: modelName,
    languages,
    canTranslate,
    recognise: async (job, signal) => {
      const answer = await thread.work({ kind: 'recognise', job: { ...job, pcm: ownMemory(job.pcm) } }, signal);
      if (answer.kind === 'recognised') return answer.recognition;
      throw unexpected(answer);
    },
    draft: async (job, signal) => {
      const answer = await thread.work({ kind: 'draft', job: { ...job, pcm: ownMemory(job.pcm) } }, signal);
      if (answer.kind === 'drafted') return answer.draft;
      throw unexpected(answer);
    },
    close: () => thread.close(),
  };
}

type Ready = Extract<WorkerAnswer, { readonly kind: 'ready' }>;

function whenReady(worker: Worker): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const fail = (reason: Error): void => {
      settle(() => {
        // Later errors belong to the same failure and are ignored.
        worker.on('error', () => undefined);
        reject(reason);
      });
    };
    const onMessage = (answer: WorkerAnswer): void => {
      if (answer.kind === 'ready') {
        settle(() => {
          resolve(answer);
        });
      } else fail(new Error(answer.kind === 'failed' ? answer.message : `the worker began with "${answer.kind}"`));
    };
    const onError = (error: Error): void => {
      fail(error);
    };
    const onExit = (code: number): void => {
      fail(new Error(`the worker ended with ${code}`));
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}

/** A job that the worker works on, or will when the more urgent ones are done. */
interface Running {
  readonly resolve: (answer: WorkerAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** The worker when it is ready. The server's queue sends it jobs of different priorities only; it does the most urgent one first. */
class WorkerThread {
  private readonly running = new Map<number, Running>();
  private lastId = 0;
  private isClosed = false;

  constructor(
    private readonly worker: Worker,
    onDeath: (reason: string) => void,
  ) {
    const die = (reason: string): void => {
      if (this.isClosed) return;
      this.isClosed = true;
      this.rejectAll(reason);
      onDeath(reason);
    };
    worker.on('message', (answer: WorkerAnswer) => {
      this.take(answer);
    });
    worker.on('error', (error) => {
      die(String(error));
    });
    worker.on('exit', (code) => {
      die(`The worker ended with ${code}.`);
    });
  }

  /** Settles when the worker has stopped, even after an abort: until then it cannot begin another job of this priority. */
  async work(
    work: Work & { readonly job: { readonly pcm: Uint8Array<ArrayBuffer> } },
    signal: AbortSignal,
  ): Promise<WorkerAnswer> {
    signal.throwIfAborted();
    if (this.isClosed) throw new Error('The worker has ended.');
    const id = ++this.lastId;
    const abortFlag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const abort = (): void => {
      Atomics.store(new Int32Array(abortFlag), 0, 1);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      const answer = await new Promise<WorkerAnswer>((resolve, reject) => {
        this.running.set(id, { resolve, reject });
        const message: WorkerJob = { id, work, abortFlag };
        this.worker.postMessage(message, [work.job.pcm.buffer]);
      });
      if (answer.kind !== 'recognised' && answer.kind !== 'drafted') signal.throwIfAborted();
      return answer;
    } finally {
      this.running.delete(id);
      signal.removeEventListener('abort', abort);
    }
  }

  /** Ends the worker; jobs that it works on fail. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.worker.terminate();
    this.rejectAll('The worker was closed.');
  }

  private take(answer: WorkerAnswer): void {
    if ('id' in answer) this.running.get(answer.id)?.resolve(answer);
  }

  private rejectAll(reason: string): void {
    for (const { reject } of this.running.values()) reject(new Error(reason));
  }
}

function unexpected(answer: WorkerAnswer): Error {
  return new Error('message' in answer ? answer.message : `The worker answered "${answer.kind}".`);
}

/** How many other bytes may lie around the samples: a WAV's header. Node's pool of small buffers is larger. */
const OTHER_BYTES = 1024;

/**
 * Samples whose memory can be moved to another thread. It leaves this thread, so nothing else may use it. Only this request uses the memory
 * of a request's body; small buffers share theirs and are copied.
 */
function ownMemory(pcm: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = pcm;
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength - pcm.byteLength <= OTHER_BYTES;
  return isOwn ? new Uint8Array(buffer, pcm.byteOffset, pcm.byteLength) : new Uint8Array(pcm);
}

function endProgram(reason: string): void {
  process.stderr.write(`${reason}\n`, () => process.exit(1));
}
