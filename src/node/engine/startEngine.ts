import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { parseEngineLine, type EngineLine, type EngineRequest } from '../../core/engineProtocol';

/** The engine's program while it runs, and what it said. */
export interface EngineProcess {
  /** Undefined where the program could not be started. */
  readonly processId: number | undefined;
  /** The lines of its standard output, until it ends. To be read once. */
  readonly lines: AsyncIterable<EngineLine>;
  /** Resolves when the process is gone, with the reason of its end. Never rejects. */
  readonly ended: Promise<string>;
  /** The error that it named when it died; undefined where it named none. */
  readonly lastWords: () => string | undefined;
  /** Closes its standard input, which makes it end. */
  readonly endInput: () => void;
  readonly kill: () => void;
}

/** How many of the last characters of standard error are kept. */
const KEPT_ERROR_CHARACTERS = 2000;

/**
 * Settings of glibc's malloc: one heap instead of one for each thread, and a fixed threshold, so that the tensors of a window (tens of
 * megabytes) go back to the system as soon as they are free. The peak for six files is 356 MB; without the settings it is 411 MB, at the
 * same speed.
 */
const MEMORY_SETTINGS: NodeJS.ProcessEnv = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '1048576' };

/** Starts the engine's program with a request. Its standard input stays open, so that the program ends when this process ends. */
export function startEngine(program: string, request: EngineRequest): EngineProcess {
  const child = spawn(process.execPath, [program], {
    // The first variable makes Electron behave as Node in VS Code's own process; elsewhere it has no effect.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '', ...MEMORY_SETTINGS },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-KEPT_ERROR_CHARACTERS);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (code, signal) => {
      resolve(causeIn(errors) ?? `it ended with ${signal ?? String(code)}`);
    });
  });
  // A pipe that broke because the program died must not become an uncaught error.
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify(request)}\n`);
  return {
    processId: child.pid,
    lines: parsed(readline.createInterface({ input: child.stdout })),
    ended,
    lastWords: () => errorLine(errors),
    endInput: () => child.stdin.end(),
    kill: () => child.kill('SIGKILL'),
  };
}

async function* parsed(lines: AsyncIterable<string>): AsyncGenerator<EngineLine> {
  for await (const line of lines) yield parseEngineLine(line);
}

/** The error in a crashed program's output: the error's own line, which stands above the stack and Node's version. */
function causeIn(text: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  return errorLine(text) ?? lines.findLast((line) => line !== '' && !line.startsWith('Node.js v'));
}

function errorLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => /^\w*Error\b/.test(line));
}
