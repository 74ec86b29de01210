import { convertModel } from './whisper/model/convertModel';
import { prepareModel, type PreparationProgress, type PreparedModel } from './whisper/model/prepareModel';
import { UnusableModel } from './whisper/weights/unusableModel';

/** What the engine's program is asked to do instead of serving. */
export interface PrepareRequest {
  /** `convert`: the source is a model that an older Minutes prepared. */
  readonly kind: 'prepare' | 'convert';
  /** A model as the public hub has it, or one with an older graph; stays as it is. */
  readonly sourceFolder: string;
  /** Empty; of the caller, who removes it where this fails or is broken off. */
  readonly targetFolder: string;
}

/** A line of the program's output while it prepares a model. The last line is one of the other two. */
export type PrepareLine = PreparationProgress | PreparationDone | PreparationFailed;

/** The last line of a success. */
export type PreparationDone =
  { readonly prepared: PreparedModel } | { readonly converted: { readonly installedBytes: number } };

/** The last line of a failure. */
export interface PreparationFailed {
  readonly failed: string;
  /** Files that the source folder lacks. */
  readonly missing?: readonly string[];
  /** Why the model is none that can be run. */
  readonly notWhisper?: string;
}

/** Whether the first line of standard input asks for a model to be made. */
export function isPrepareRequest(request: unknown): request is PrepareRequest {
  if (typeof request !== 'object' || request === null) return false;
  const { kind, sourceFolder, targetFolder } = request as Readonly<Record<string, unknown>>;
  return (
    (kind === 'prepare' || kind === 'convert') && typeof sourceFolder === 'string' && typeof targetFolder === 'string'
  );
}

/**
 * Prepares a model and tells how far it is, by whole percents at most: a large model has more than a thousand tensors.
 *
 * @param say is told each line, in order
 */
export async function prepare(
  { kind, sourceFolder, targetFolder }: PrepareRequest,
  say: (line: PreparationProgress) => void,
  signal: AbortSignal,
): Promise<PreparationDone | PreparationFailed> {
  let toldPercent = -1;
  const tell = (progress: PreparationProgress): void => {
    const percent = Math.floor((100 * progress.doneBytes) / progress.totalBytes);
    if (percent === toldPercent) return;
    toldPercent = percent;
    say(progress);
  };
  try {
    if (kind === 'convert') {
      return { converted: { installedBytes: await convertModel(sourceFolder, targetFolder, tell, signal) } };
    }
    return { prepared: await prepareModel(sourceFolder, targetFolder, {}, tell, signal) };
  } catch (error) {
    signal.throwIfAborted();
    const failed = error instanceof Error ? error.message : String(error);
    if (!(error instanceof UnusableModel)) return { failed };
    switch (error.fault.kind) {
      case 'missing':
        return { failed, missing: error.fault.files };
      case 'notWhisper':
        return { failed, notWhisper: error.fault.reason };
      case 'damaged':
        return { failed };
    }
  }
}
