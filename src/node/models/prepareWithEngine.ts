import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import readline from 'node:readline';
import { defined } from '../../core/async/defined';
import { MinutesError } from '../../core/errors';

/** What the engine program is to make of a folder. */
export interface PreparationOrder {
  /** The engine's program. */
  readonly program: string;
  /** The model's name, for what is told. */
  readonly model: string;
  /** With `model.safetensors` and what belongs to it; it is only read. */
  readonly sourceFolder: string;
  /** Empty; holds the finished model at the end. */
  readonly targetFolder: string;
}

/** What the engine found in the weights. */
export interface PreparedModel {
  readonly installedBytes: number;
  readonly parameterCount: number;
  readonly languages: readonly string[];
  readonly canTranslate: boolean;
}

const KEPT_ERROR_CHARACTERS = 2000;

/**
 * Lets the engine's program make a model of Minutes 0.3.0 one of today's.
 *
 * @param order its source folder is that of the old model
 * @returns how many bytes the new one has
 * @throws MinutesError `modelPreparationFailed`, `modelNotWhisper`, `diskFull`; the signal's reason when aborted
 */
export async function convertWithEngine(order: PreparationOrder, signal: AbortSignal): Promise<number> {
  const said = await runEngine('convert', order, () => undefined, signal);
  if (said.kind === 'converted') return said.installedBytes;
  throw problemOf(order.model, order.targetFolder, asFailure(said));
}

/**
 * Lets the engine's program make its own graphs from a model's weights, in a process that ends behind it: memory and crashes are its.
 *
 * @throws MinutesError `modelIncomplete`, `modelNotWhisper`, `modelPreparationFailed`, `diskFull`; the signal's reason when aborted, with
 * the process gone
 */
export async function prepareWithEngine(
  order: PreparationOrder,
  progress: (doneBytes: number, totalBytes: number) => void,
  signal: AbortSignal,
): Promise<PreparedModel> {
  const said = await runEngine('prepare', order, progress, signal);
  if (said.kind === 'prepared') return said.model;
  throw problemOf(order.model, order.targetFolder, asFailure(said));
}

/** Runs the program to its end. @returns the first line that is no progress */
async function runEngine(
  kind: 'prepare' | 'convert',
  { program, sourceFolder, targetFolder }: PreparationOrder,
  progress: (doneBytes: number, totalBytes: number) => void,
  signal: AbortSignal,
): Promise<Said> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [program], {
    // In VS Code's own process this makes Electron behave as Node; elsewhere it means nothing.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  signal.addEventListener('abort', kill);
  let said: Said | undefined;
  try {
    // A pipe that broke because the program died must not become an uncaught error.
    child.stdin.on('error', () => undefined);
    // It stays open: the program ends with whoever started it.
    child.stdin.write(`${JSON.stringify({ kind, sourceFolder, targetFolder })}\n`);
    const ended = whenEnded(child);
    for await (const line of readline.createInterface({ input: child.stdout })) {
      const now = parseLine(line);
      if (now.kind === 'progress') progress(now.doneBytes, now.totalBytes);
      else said ??= now;
      if (said) child.stdin.end();
    }
    const why = await ended;
    signal.throwIfAborted();
    return said ?? { kind: 'failed', reason: why };
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
  }
}

type Said =
  | { readonly kind: 'prepared'; readonly model: PreparedModel }
  | { readonly kind: 'converted'; readonly installedBytes: number }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly missing?: readonly string[];
      readonly notWhisper?: string;
    };

type Failure = Extract<Said, { kind: 'failed' }>;

/** An answer to another question is a failure as well. */
function asFailure(said: Said): Failure {
  return said.kind === 'failed' ? said : { kind: 'failed', reason: `it answered "${said.kind}"` };
}

function problemOf(model: string, folder: string, said: Failure): MinutesError {
  const { reason, missing, notWhisper } = said;
  if (missing && missing.length > 0) return new MinutesError({ code: 'modelIncomplete', model, missing });
  if (notWhisper !== undefined) return new MinutesError({ code: 'modelNotWhisper', model, reason: notWhisper });
  if (/\b(ENOSPC|EDQUOT)\b/.test(reason)) return new MinutesError({ code: 'diskFull', path: folder });
  return new MinutesError({ code: 'modelPreparationFailed', model, reason });
}

/** Resolves when the process is gone and all it said was read, with what can be said about its end. */
function whenEnded(child: ChildProcessWithoutNullStreams): Promise<string> {
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-KEPT_ERROR_CHARACTERS);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (code, signalName) => {
      const line = errors.split('\n').find((one) => /^\w*Error\b/.test(one.trim()));
      resolve(line?.trim() ?? `it ended with ${signalName ?? String(code)}`);
    });
  });
}

type Line = Said | { readonly kind: 'progress'; readonly doneBytes: number; readonly totalBytes: number };

/** A line of the program's; what is none becomes a failure that quotes it. */
function parseLine(line: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'failed', reason: line.slice(0, 200) };
  }
  const entry = recordOf(value);
  const [doneBytes, totalBytes] = [entry.get('doneBytes'), entry.get('totalBytes')];
  if (typeof doneBytes === 'number' && typeof totalBytes === 'number')
    return { kind: 'progress', doneBytes, totalBytes };
  const model = parsePrepared(entry.get('prepared'));
  if (model) return { kind: 'prepared', model };
  const { installedBytes } = Object.fromEntries(recordOf(entry.get('converted')));
  if (typeof installedBytes === 'number') return { kind: 'converted', installedBytes };
  const { failed = line.slice(0, 200), missing, notWhisper } = Object.fromEntries(entry);
  return defined({
    kind: 'failed', reason: String(failed),
    missing: isTexts(missing) ? missing : undefined,
    notWhisper: typeof notWhisper === 'string' ? notWhisper : undefined,
  });
}

function parsePrepared(value: unknown): PreparedModel | undefined {
  const { installedBytes, parameterCount, languages, canTranslate } = Object.fromEntries(recordOf(value));
  return typeof installedBytes === 'number' && typeof parameterCount === 'number' && isTexts(languages)
    ? { installedBytes, parameterCount, languages, canTranslate: canTranslate === true }
    : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function recordOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
