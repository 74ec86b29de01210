import { MinutesError } from '../../core/errors';
import type { EngineFailure, EngineLine, PreparedModel, PrepareRequest } from '../../core/engineProtocol';
import { startEngine } from '../engine/startEngine';

/** A model that the engine's program has to make from a folder. */
export interface PreparationOrder {
  /** The engine's program. */
  readonly program: string;
  /** The model's name, for messages. */
  readonly model: string;
  /** The folder with `model.safetensors` and the files that belong to it. It is only read. */
  readonly sourceFolder: string;
  /** An empty folder, which holds the finished model at the end. */
  readonly targetFolder: string;
}

/**
 * Lets the engine's program convert a model of Minutes 0.3.0 to the current format.
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
 * Lets the engine's program make its graphs from a model's weights. It runs in a process of its own, so that its memory is freed and its
 * crashes stay there.
 *
 * @throws MinutesError `modelIncomplete`, `modelNotWhisper`, `modelPreparationFailed`, `diskFull`; the signal's reason when aborted, after
 * the process has ended
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

/** Runs the program to its end. @returns the first line that is not progress */
async function runEngine(
  kind: PrepareRequest['kind'],
  { program, sourceFolder, targetFolder }: PreparationOrder,
  progress: (doneBytes: number, totalBytes: number) => void,
  signal: AbortSignal,
): Promise<LastLine> {
  signal.throwIfAborted();
  const engine = startEngine(program, { kind, sourceFolder, targetFolder });
  signal.addEventListener('abort', engine.kill);
  let said: LastLine | undefined;
  try {
    for await (const line of engine.lines) {
      if (line.kind === 'progress') progress(line.doneBytes, line.totalBytes);
      else said ??= line;
      if (said) engine.endInput();
    }
    const why = await engine.ended;
    signal.throwIfAborted();
    return said ?? { kind: 'failed', reason: why };
  } finally {
    signal.removeEventListener('abort', engine.kill);
    engine.kill();
  }
}

type LastLine = Exclude<EngineLine, { readonly kind: 'progress' }>;

/** The failure that a last line tells. A line that answers another request is a failure as well. */
function asFailure(said: LastLine): EngineFailure {
  return said.kind === 'failed' ? said : { kind: 'failed', reason: `it answered "${said.kind}"` };
}

function problemOf(model: string, folder: string, said: EngineFailure): MinutesError {
  const { reason, missing, notWhisper } = said;
  if (missing && missing.length > 0) return new MinutesError({ code: 'modelIncomplete', model, missing });
  if (notWhisper !== undefined) return new MinutesError({ code: 'modelNotWhisper', model, reason: notWhisper });
  if (/\b(ENOSPC|EDQUOT)\b/.test(reason)) return new MinutesError({ code: 'diskFull', path: folder });
  return new MinutesError({ code: 'modelPreparationFailed', model, reason });
}
