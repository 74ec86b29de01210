import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EngineModelStart } from '../../core/engineProtocol';
import type { Recogniser, Recognition, RecognitionJob } from '../api/recogniser';
import type { WorkerAnswer, WorkerJob } from './workerProtocol';

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
    recognise: (job, signal) => thread.recognise(job, signal),
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

/** The job that the worker works on. */
interface Running {
  readonly id: number;
  readonly resolve: (recognition: Recognition) => void;
  readonly reject: (error: Error) => void;
}

/** The worker when it is ready. It takes one job at a time from the server's queue. */
class WorkerThread {
  private running: Running | undefined;
  private lastId = 0;
  private isClosed = false;

  constructor(
    private readonly worker: Worker,
    onDeath: (reason: string) => void,
  ) {
    const die = (reason: string): void => {
      if (this.isClosed) return;
      this.isClosed = true;
      this.running?.reject(new Error(reason));
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

  /** Settles when the worker has stopped, even after an abort: until then it cannot begin another job. */
  async recognise(job: RecognitionJob, signal: AbortSignal): Promise<Recognition> {
    signal.throwIfAborted();
    if (this.isClosed) throw new Error('The worker has ended.');
    if (this.running) throw new Error('The worker has a job already.');
    const id = ++this.lastId;
    const abortFlag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const abort = (): void => {
      Atomics.store(new Int32Array(abortFlag), 0, 1);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<Recognition>((resolve, reject) => {
        this.running = { id, resolve, reject };
        const pcm = ownMemory(job.pcm);
        const message: WorkerJob = { id, job: { ...job, pcm }, abortFlag };
        this.worker.postMessage(message, [pcm.buffer]);
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      this.running = undefined;
      signal.removeEventListener('abort', abort);
    }
  }

  /** Ends the worker; a job that it works on fails. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.worker.terminate();
    this.running?.reject(new Error('The worker was closed.'));
  }

  private take(answer: WorkerAnswer): void {
    const { running } = this;
    if (!running || !('id' in answer) || answer.id !== running.id) return;
    if (answer.kind === 'recognised') running.resolve(answer.recognition);
    else running.reject(new Error(answer.kind === 'error' ? answer.message : 'The work was aborted.'));
  }
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
