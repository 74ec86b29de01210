import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import readline from 'node:readline';
import { MinutesError } from '../../core/errors';
import type { EngineFiles } from './engineFiles';

/** The right to ask the engine. It stays up at least until the lease is given back. */
export interface EngineLease {
  readonly baseUrl: string;
  readonly token: string;
  readonly model: string;
  readonly release: () => void;
  /** The engine did not answer as it should: it is killed, if it is not dead already, and the next lease starts another. */
  readonly abandon: () => void;
  /** What the engine said of its death, where it did. */
  readonly lastWords: () => string | undefined;
}

/** For tests: other waits than those that users meet. */
export interface LocalEngineOptions {
  /** How long an engine without work is kept. Ten minutes where absent. */
  readonly idleMs?: number;
}

const IDLE_MS = 10 * 60_000;
/**
 * An engine that does not say within this time that it listens never will. The largest Whisper has 1.6 GB to be read, from what may be a
 * network's drive.
 */
const START_TIMEOUT_MS = 5 * 60_000;
/** The engine ends when its standard input does; one that hangs is killed. */
const STOP_TIMEOUT_MS = 2000;
const KEPT_ERROR_CHARACTERS = 2000;

/**
 * What the engine's process gets besides this one's environment: for glibc's malloc one heap, not one for each thread. A window's tensors
 * of tens of megabytes go back to the system as soon as they are free, which glibc else learns not to do: peak of six files 356 MB, else
 * 411 MB, at the same speed.
 */
const ENVIRONMENT: NodeJS.ProcessEnv = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '1048576' };

interface Running {
  readonly files: EngineFiles;
  readonly child: ChildProcessWithoutNullStreams;
  /** Rejects where it could not start. */
  readonly started: Promise<Pick<EngineLease, 'baseUrl' | 'token' | 'model'>>;
  /** The end of what came on its standard error. */
  said: string;
  leases: number;
  idleTimer?: NodeJS.Timeout;
}

/**
 * Starts the embedded engine on first need, keeps one, and ends it: after {@link LocalEngineOptions.idleMs} without work, when
 * other files are wanted, and when disposed. An engine that died is started anew on the next lease.
 */
export class LocalEngine {
  private running: Running | undefined;
  private isDisposed = false;

  constructor(private readonly options: LocalEngineOptions = {}) {}

  /** @throws MinutesError `engineFailed`; the signal's reason when aborted, while the engine goes on starting for the next */
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
      running.child.kill('SIGKILL');
    };
    const lastWords = (): string | undefined => errorLine(running.said);
    try {
      return { ...(await abortable(running.started, signal)), release, abandon, lastWords };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** The engine's process, while there is one. */
  get processId(): number | undefined {
    return this.running?.child.pid;
  }

  /** Ends the engine for good: a request that it was working on is not asked again. */
  dispose(): void {
    this.isDisposed = true;
    if (this.running) this.stop(this.running);
  }

  private start(files: EngineFiles): Running {
    const token = randomBytes(32).toString('hex');
    const child = spawn(process.execPath, [files.programFile], {
      // In VS Code's own process the first makes Electron behave as Node; elsewhere it means nothing.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '', ...ENVIRONMENT },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const started = whenStarted(child).then(({ port, model }) => ({
      baseUrl: `http://127.0.0.1:${port}/v1`,
      token,
      model,
    }));
    const running: Running = { files, child, started, said: '', leases: 0 };
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      running.said = (running.said + text).slice(-KEPT_ERROR_CHARACTERS);
    });
    const forget = (): void => {
      clearTimeout(running.idleTimer);
      if (this.running === running) this.running = undefined;
    };
    child.once('exit', forget);
    started.catch(() => {
      forget();
      child.kill('SIGKILL');
    });
    // Who asked is told by `started`; a pipe that broke because the engine died must not become an uncaught error.
    child.stdin.on('error', () => undefined);
    child.stdin.write(JSON.stringify({ kind: 'serve', token, recogniser: files.recogniser }) + '\n');
    return running;
  }

  private scheduleStop(running: Running): void {
    running.idleTimer = setTimeout(() => {
      this.stop(running);
    }, this.options.idleMs ?? IDLE_MS);
    running.idleTimer.unref();
  }

  /** Takes no more leases; ends as soon as the last one is given back. */
  private retire(running: Running): void {
    if (this.running === running) this.running = undefined;
    clearTimeout(running.idleTimer);
    if (running.leases === 0) this.stop(running);
  }

  private stop(running: Running): void {
    if (this.running === running) this.running = undefined;
    if (running.child.stdin.writableEnded) return;
    clearTimeout(running.idleTimer);
    running.child.stdin.end();
    const kill = setTimeout(() => running.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    running.child.once('exit', () => {
      clearTimeout(kill);
    });
  }
}

/** Waits for the engine's one line on standard output. */
function whenStarted(child: ChildProcessWithoutNullStreams): Promise<{ port: number; model: string }> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (text: string) => {
      said = (said + text).slice(-KEPT_ERROR_CHARACTERS);
    });
    const fail = (reason: string, cause?: unknown): void => {
      clearTimeout(timer);
      reject(new MinutesError({ code: 'engineFailed', reason }, cause === undefined ? undefined : { cause }));
    };
    const timer = setTimeout(() => {
      fail(`it did not start within ${START_TIMEOUT_MS / 1000} s`);
    }, START_TIMEOUT_MS);
    child.once('error', (error) => {
      fail(error.message, error);
    });
    child.once('close', (code, signal) => {
      fail(causeIn(said) || `it ended with ${signal ?? String(code)}`);
    });
    readline.createInterface({ input: child.stdout }).once('line', (line) => {
      const answer = parseStarted(line);
      if (typeof answer === 'string') {
        fail(answer);
        return;
      }
      clearTimeout(timer);
      resolve(answer);
    });
  });
}

/** The engine's first line: where it listens, or why it does not. */
function parseStarted(line: string): { port: number; model: string } | string {
  let answer: unknown;
  try {
    answer = JSON.parse(line);
  } catch {
    return line;
  }
  if (typeof answer !== 'object' || answer === null) return line;
  if ('failed' in answer) return String(answer.failed);
  if ('port' in answer && typeof answer.port === 'number' && 'model' in answer && typeof answer.model === 'string') {
    return { port: answer.port, model: answer.model };
  }
  return line;
}

/** What a program that ended unasked said of it: the error's own line, above the stack and Node's version. */
function causeIn(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return errorLine(text) ?? lines.findLast((line) => line !== '' && !line.startsWith('Node.js v')) ?? '';
}

function errorLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => /^\w*Error\b/.test(line));
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
