import { defined } from './async/defined';

/**
 * The messages between the extension and the engine's program besides HTTP. The first line of the program's standard input is an
 * {@link EngineRequest}; every line of its standard output is an {@link EngineLine}. Each line is JSON. Both sides write with
 * `JSON.stringify` and read with the parsers here.
 */

/** Which ONNX Runtime runs a model: a native library, or WebAssembly, which runs on every platform and is several times slower. */
export type WhisperRuntime = 'native' | 'wasm';

/** The model that the engine is to load. */
export interface EngineModelStart {
  readonly runtime: WhisperRuntime;
  /** Absolute path of an installed model's folder. */
  readonly modelFolder: string;
  /** As on the hub: "owner/name". */
  readonly modelName: string;
  /** How many threads compute one matrix product; absent: the engine decides by the machine. */
  readonly threadCount?: number;
}

/** Serve the API until standard input ends. The token is sent in this line because other processes can read arguments and environment. */
export interface ServeRequest {
  readonly kind: 'serve';
  /** What every request must bear. */
  readonly token: string;
  readonly recogniser: EngineModelStart;
}

/** Make a model, and end. */
export interface PrepareRequest {
  /** `convert`: the source is a model that an older Minutes prepared. */
  readonly kind: 'prepare' | 'convert';
  /** A model as the public hub has it, or one with an older graph. The engine only reads it. */
  readonly sourceFolder: string;
  /** An empty folder. The caller removes it where the preparation fails or is broken off. */
  readonly targetFolder: string;
}

/** What the engine's program is asked to do. */
export type EngineRequest = ServeRequest | PrepareRequest;

/** The model that the preparation made. */
export interface PreparedModel {
  /** Size of all files that were written. */
  readonly installedBytes: number;
  readonly parameterCount: number;
  /** ISO-639-1 codes as far as there are. */
  readonly languages: readonly string[];
  readonly canTranslate: boolean;
}

/** A line that the engine's program says. */
export type EngineLine =
  /** The answer to `serve`: the engine takes requests on this port of loopback. */
  | { readonly kind: 'started'; readonly port: number; readonly model: string }
  /** Progress in bytes of numbers as float32; these are nearly proportional to time. */
  | { readonly kind: 'progress'; readonly doneBytes: number; readonly totalBytes: number }
  /** The last line of `prepare`. */
  | { readonly kind: 'prepared'; readonly model: PreparedModel }
  /** The last line of `convert`. */
  | { readonly kind: 'converted'; readonly installedBytes: number }
  /** The last line where the request failed. */
  | EngineFailure;

/** Why the engine's program could not do what it was asked. */
export interface EngineFailure {
  readonly kind: 'failed';
  readonly reason: string;
  /** Files that the source folder lacks. */
  readonly missing?: readonly string[];
  /** Why the engine cannot run this model. */
  readonly notWhisper?: string;
}

/** How much of a line that is not a protocol line is quoted. */
const QUOTED_CHARACTERS = 200;

/** Reads the program's first line of input. @returns undefined where the line is not a request */
export function parseEngineRequest(line: string): EngineRequest | undefined {
  const request = fieldsOf(line);
  const { kind, token, sourceFolder, targetFolder } = request ?? {};
  if (kind === 'serve' && typeof token === 'string') {
    const recogniser = parseModelStart(request?.['recogniser']);
    return recogniser && { kind, token, recogniser };
  }
  const isPreparation = kind === 'prepare' || kind === 'convert';
  return isPreparation && typeof sourceFolder === 'string' && typeof targetFolder === 'string'
    ? { kind, sourceFolder, targetFolder }
    : undefined;
}

function parseModelStart(value: unknown): EngineModelStart | undefined {
  const { runtime, modelFolder, modelName, threadCount } = recordOf(value) ?? {};
  if (runtime !== 'native' && runtime !== 'wasm') return undefined;
  if (typeof modelFolder !== 'string' || typeof modelName !== 'string') return undefined;
  return defined({
    runtime,
    modelFolder,
    modelName,
    threadCount: typeof threadCount === 'number' ? threadCount : undefined,
  });
}

/** Reads a line of the program's output. A line that is not a protocol line, such as a library's message, becomes a failure that quotes it. */
export function parseEngineLine(line: string): EngineLine {
  const said = fieldsOf(line) ?? {};
  const { port, model, doneBytes, totalBytes, installedBytes } = said;
  switch (said['kind']) {
    case 'started':
      if (typeof port === 'number' && typeof model === 'string') return { kind: 'started', port, model };
      break;
    case 'progress':
      if (typeof doneBytes === 'number' && typeof totalBytes === 'number')
        return { kind: 'progress', doneBytes, totalBytes };
      break;
    case 'prepared': {
      const prepared = parsePrepared(model);
      if (prepared) return { kind: 'prepared', model: prepared };
      break;
    }
    case 'converted':
      if (typeof installedBytes === 'number') return { kind: 'converted', installedBytes };
      break;
    case 'failed':
      return parseFailure(said, line);
  }
  return { kind: 'failed', reason: line.slice(0, QUOTED_CHARACTERS) };
}

function parseFailure({ reason, missing, notWhisper }: Readonly<Record<string, unknown>>, line: string): EngineFailure {
  return defined({
    kind: 'failed',
    reason: typeof reason === 'string' ? reason : line.slice(0, QUOTED_CHARACTERS),
    missing: isTexts(missing) ? missing : undefined,
    notWhisper: typeof notWhisper === 'string' ? notWhisper : undefined,
  });
}

function parsePrepared(value: unknown): PreparedModel | undefined {
  const { installedBytes, parameterCount, languages, canTranslate } = recordOf(value) ?? {};
  return typeof installedBytes === 'number' && typeof parameterCount === 'number' && isTexts(languages)
    ? { installedBytes, parameterCount, languages, canTranslate: canTranslate === true }
    : undefined;
}

/** The fields of a line of JSON; undefined where the line is no object. */
export function fieldsOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return recordOf(JSON.parse(line) as unknown);
  } catch {
    return undefined;
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
