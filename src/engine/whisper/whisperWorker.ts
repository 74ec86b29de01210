import os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { loadModel, type LoadedModel } from './network/loadedModel';
import { transcribe } from './hearing/transcribe';
import type { WorkerAnswer, WorkerJob, WorkerStart } from './workerProtocol';

/** More threads than this would wait for each other, since a token's products are small. A choice: only two cores were measured. */
const MOST_THREADS = 4;

/** Thrown between two tokens when the request's flag says so. */
class Aborted extends Error {
  override readonly name = 'Aborted';
}

/** One thread for each core that the system tells of, up to the limit. */
function ownThreads(): number {
  return Math.min(MOST_THREADS, os.availableParallelism());
}

async function answer(model: LoadedModel, { id, job, abortFlag }: WorkerJob): Promise<WorkerAnswer> {
  const flag = new Int32Array(abortFlag);
  const check = (): void => {
    if (Atomics.load(flag, 0) !== 0) throw new Aborted();
  };
  try {
    return { kind: 'recognised', id, recognition: await transcribe(model, job, check) };
  } catch (error) {
    if (error instanceof Aborted) return { kind: 'aborted', id };
    return { kind: 'error', id, message: error instanceof Error ? error.message : String(error) };
  }
}

function say(message: WorkerAnswer): void {
  parentPort?.postMessage(message);
}

const { modelFolder, runtime, threadCount = ownThreads() } = workerData as WorkerStart;
loadModel(modelFolder, runtime, threadCount).then(
  (model) => {
    const { isMultilingual, tokens } = model.facts;
    parentPort?.on('message', (job: WorkerJob) => {
      void answer(model, job).then((said) => {
        say(said);
        model.network.freeMemory();
      });
    });
    say({
      kind: 'ready',
      languages: isMultilingual ? [...tokens.languages.keys()] : ['en'],
      canTranslate: isMultilingual && tokens.translate !== undefined,
    });
  },
  (error: unknown) => {
    say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  },
);
