import os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { draft } from './hearing/draft';
import { transcribe } from './hearing/transcribe';
import { loadModel, type LoadedModel } from './network/loadedModel';
import { WorkerTurns } from './workerTurns';
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

const turns = new WorkerTurns();

/** Between two tokens a job is aborted, or waits for one that is more urgent. Its text stays the same, since jobs share no state. */
async function answer(model: LoadedModel, { id, work, abortFlag }: WorkerJob): Promise<WorkerAnswer> {
  const flag = new Int32Array(abortFlag);
  const turn = turns.enter(work.job.priority);
  const stop = (): void => {
    if (Atomics.load(flag, 0) !== 0) throw new Aborted();
  };
  const check = (): Promise<void> | undefined => {
    stop();
    return turn.come()?.then(stop);
  };
  try {
    await check();
    if (work.kind === 'draft') return { kind: 'drafted', id, draft: await draft(model, work.job, check) };
    return { kind: 'recognised', id, recognition: await transcribe(model, work.job, check) };
  } catch (error) {
    if (error instanceof Aborted) return { kind: 'aborted', id };
    return { kind: 'error', id, message: error instanceof Error ? error.message : String(error) };
  } finally {
    turn.end();
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
