import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { parseEngineLine, type EngineLine, type EngineRequest } from '../../core/engineProtocol';

/** The engine's program while it runs, and what it said. */
export interface EngineProcess {
  /** Undefined where it could not be started at all. */
  readonly processId: number | undefined;
  /** What it says, line after line, until it ends. To be read once. */
  readonly lines: AsyncIterable<EngineLine>;
  /** Resolves when the process is gone, with what can be said of its end. Never rejects. */
  readonly ended: Promise<string>;
  /** The error that it died of, where it named one. */
  readonly lastWords: () => string | undefined;
  /** Asks it to end: it does when its standard input does. */
  readonly endInput: () => void;
  readonly kill: () => void;
}

/** The end of what a process says on its standard error is kept, this much of it. */
const KEPT_ERROR_CHARACTERS = 2000;

/**
 * For glibc's malloc one heap, not one for each thread. A window's tensors
 * of tens of megabytes go back to the system as soon as they are free, which glibc else learns not to do: peak of six files 356 MB, else
 * 411 MB, at the same speed.
 */
const MEMORY_SETTINGS: NodeJS.ProcessEnv = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '1048576' };

/** Starts the engine's program with a request. Its standard input stays open: the program ends with whoever started it. */
export function startEngine(program: string, request: EngineRequest): EngineProcess {
  const child = spawn(process.execPath, [program], {
    // In VS Code's own process the first makes Electron behave as Node; elsewhere it means nothing.
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

/** What a program that ended unasked said of it: the error's own line, above the stack and Node's version. */
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
