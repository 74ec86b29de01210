import type { EngineLine, PrepareRequest } from '../core/engineProtocol';
import { convertModel } from './whisper/model/convertModel';
import { prepareModel, type PreparationProgress } from './whisper/model/prepareModel';
import { UnusableModel } from './whisper/weights/unusableModel';

/**
 * Prepares a model and tells the progress, at most once per percent: a large model has more than a thousand tensors.
 *
 * @param say called with each line of progress, in order
 * @returns the last line
 */
export async function prepare(
  { kind, sourceFolder, targetFolder }: PrepareRequest,
  say: (line: EngineLine) => void,
  signal: AbortSignal,
): Promise<EngineLine> {
  let toldPercent = -1;
  const tell = (progress: PreparationProgress): void => {
    const percent = Math.floor((100 * progress.doneBytes) / progress.totalBytes);
    if (percent === toldPercent) return;
    toldPercent = percent;
    say({ kind: 'progress', ...progress });
  };
  try {
    if (kind === 'convert') {
      return { kind: 'converted', installedBytes: await convertModel(sourceFolder, targetFolder, tell, signal) };
    }
    return { kind: 'prepared', model: await prepareModel(sourceFolder, targetFolder, {}, tell, signal) };
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    if (!(error instanceof UnusableModel)) return { kind: 'failed', reason };
    switch (error.fault.kind) {
      case 'missing':
        return { kind: 'failed', reason, missing: error.fault.files };
      case 'notWhisper':
        return { kind: 'failed', reason, notWhisper: error.fault.reason };
      case 'damaged':
        return { kind: 'failed', reason };
    }
  }
}
