import { randomBytes } from 'node:crypto';
import { MinutesError } from '../../core/errors';
import type { EngineLine } from '../../core/engineProtocol';
import type { EngineFiles } from './engineFiles';
import { startEngine, type EngineProcess } from './startEngine';

/** The right to ask the engine. The engine runs at least until the lease is given back. */
export interface EngineLease {
  readonly baseUrl: string;
  readonly token: string;
  readonly model: string;
  readonly release: () => void;
  /** Kills the engine, because it did not answer as it should. The next lease starts another one. */
  readonly abandon: () => void;
  /** The error that the engine named when it died; undefined where it named none. */
  readonly lastWords: () => string | undefined;
}

/** Other waits, for tests. */
export interface LocalEngineOptions {
  /** How long an engine without work is kept. Ten minutes where absent. */
  readonly idleMs?: number;
}

const IDLE_MS = 10 * 60_000;
/**
 * An engine that has not started within this time counts as hanging. The largest Whisper has 1.6 GB, which may be read from a network's
 * drive.
 */
const START_TIMEOUT_MS = 5 * 60_000;
/** The engine ends when its standard input ends. After this time it counts as hanging and is killed. */
const STOP_TIMEOUT_MS = 2000;

interface Running {
  readonly files: EngineFiles;
  readonly process: EngineProcess;
  /** Rejects where the engine could not start. */
  readonly started: Promise<Pick<EngineLease, 'baseUrl' | 'token' | 'model'>>;
  leases: number;
  isStopping: boolean;
  idleTimer?: NodeJS.Timeout;
}

/**
 * Starts the embedded engine when it is first needed, and keeps one running. It ends the engine after {@link LocalEngineOptions.idleMs}
 * without work, when other files are wanted, and when disposed. If the engine died, the next lease starts a new one.
 */
export class LocalEngine {
  private running: Running | undefined;
  private isDisposed = false;

  constructor(private readonly options: LocalEngineOptions = {}) {}

  /** @throws MinutesError `engineFailed`; the signal's reason when aborted, but the engine continues to start for the next lease */
  async lease(files: EngineFiles, signal: AbortSignal): Promise<EngineLease> {
    signal.throwIfAborted();
    if (this.isDisposed) throw new MinutesError({ code: 'engineFailed', reason: 'the window closes' });
    if (this.running && JSON.stringify(this.running.files) !== JSON.stringify(files)) this.retire(this.running);
    const running = (this.running ??= this.start(files));
    clearTimeout(running.idleTimer);
    running.leases++;
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      running.leases--;
      if (running.leases > 0) return;
      if (this.running === running) this.scheduleStop(running);
      else this.stop(running);
    };
    const abandon = (): void => {
      if (this.running === running) this.running = undefined;
      running.process.kill();
    };
    const { lastWords } = running.process;
    try {
      return { ...(await abortable(running.started, signal)), release, abandon, lastWords };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** The engine's process, while there is one. */
  get processId(): number | undefined {
    return this.running?.process.processId;
  }

  /** Ends the engine for good. A request that it was working on is not repeated. */
  dispose(): void {
    this.isDisposed = true;
    if (this.running) this.stop(this.running);
  }

  private start(files: EngineFiles): Running {
    const token = randomBytes(32).toString('hex');
    const engine = startEngine(files.programFile, { kind: 'serve', token, recogniser: files.recogniser });
    const started = whenStarted(engine).then(({ port, model }) => ({
      baseUrl: `http://127.0.0.1:${port}/v1`,
      token,
      model,
    }));
    const running: Running = { files, process: engine, started, leases: 0, isStopping: false };
    const forget = (): void => {
      clearTimeout(running.idleTimer);
      if (this.running === running) this.running = undefined;
    };
    void engine.ended.then(forget);
    // The caller of `lease` learns of the failure through `started`.
    started.catch(() => {
      forget();
      engine.kill();
    });
    return running;
  }

  private scheduleStop(running: Running): void {
    running.idleTimer = setTimeout(() => {
      this.stop(running);
    }, this.options.idleMs ?? IDLE_MS);
    running.idleTimer.unref();
  }

  /** Gives no more leases of this engine. It ends when the last lease is given back. */
  private retire(running: Running): void {
    if (this.running === running) this.running = undefined;
    clearTimeout(running.idleTimer);
    if (running.leases === 0) this.stop(running);
  }

  private stop(running: Running): void {
    if (this.running === running) this.running = undefined;
    if (running.isStopping) return;
    running.isStopping = true;
    clearTimeout(running.idleTimer);
    running.process.endInput();
    const kill = setTimeout(running.process.kill, STOP_TIMEOUT_MS);
    void running.process.ended.then(() => {
      clearTimeout(kill);
    });
  }
}

type Started = Extract<EngineLine, { readonly kind: 'started' }>;

/** Waits for the engine's first line. @throws MinutesError `engineFailed` */
async function whenStarted({ lines, ended }: EngineProcess): Promise<Started> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => {
      resolve(`it did not start within ${START_TIMEOUT_MS / 1000} s`);
    }, START_TIMEOUT_MS);
  });
  try {
    const first = await Promise.race([firstOf(lines), late]);
    if (first !== undefined && typeof first !== 'string' && first.kind === 'started') return first;
    throw new MinutesError({ code: 'engineFailed', reason: await reasonOf(first, ended) });
  } finally {
    clearTimeout(timer);
  }
}

/** The reader stays open: the program may say more, and must not wait for somebody who reads it. */
async function firstOf(lines: AsyncIterable<EngineLine>): Promise<EngineLine | undefined> {
  const first = await lines[Symbol.asyncIterator]().next();
  return first.done === true ? undefined : first.value;
}

/** @param first what came in place of the line `started`; undefined where the program ended without a line */
async function reasonOf(first: EngineLine | string | undefined, ended: Promise<string>): Promise<string> {
  if (first === undefined) return ended;
  if (typeof first === 'string') return first;
  return first.kind === 'failed' ? first.reason : `it answered "${first.kind}"`;
}

/** The promise's result, or the signal's reason where that comes first. The work behind the promise goes on. */
function abortable<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  });
}
