import fs from 'node:fs/promises';
import path from 'node:path';
import type { InstallEvent } from '../../../core/models/engineModel';
import { PART_ENDING } from '../../downloads/partFile';
import type { DownloadParts } from '../../downloads/resumedDownload';
import { downloadFile } from './downloadFile';
import { isOfSize, type ModelPlan } from './modelPlan';

/** Time between two progress events: often enough for a bar that moves smoothly. */
const PROGRESS_MS = 200;

/** What the download of a model needs. */
export interface ModelDownloadParts extends Omit<DownloadParts, 'progress'> {
  readonly urlOf: (file: string) => string;
}

/**
 * Fetches the files of a model that are not in the folder yet. The folder exists.
 *
 * @throws MinutesError as `downloadFile`; errors of the file system; the signal's reason when aborted
 */
export async function downloadModel(
  { name, files }: ModelPlan,
  folder: string,
  parts: ModelDownloadParts,
  tell: (event: InstallEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let [earlierBytes, toldMs] = [0, -Infinity];
  const progress = (doneBytes: number): void => {
    const [nowMs, allBytes] = [performance.now(), earlierBytes + doneBytes];
    if (nowMs - toldMs < PROGRESS_MS && allBytes < totalBytes) return;
    toldMs = nowMs;
    tell({ kind: 'downloading', doneBytes: allBytes, totalBytes });
  };
  for (const file of files) {
    signal.throwIfAborted();
    const target = path.join(folder, file.path);
    if (!(await isOfSize(target, file.sizeBytes))) {
      if (await isWorthTelling(target)) tell({ kind: 'checking', file: file.path });
      const wanted = { model: name, url: parts.urlOf(file.path), file, target };
      await downloadFile(wanted, { ...parts, progress }, signal);
    }
    earlierBytes += file.sizeBytes;
    progress(0);
  }
}

/** Whether the check of what an earlier run left takes long enough to be told. It does for large files only. */
async function isWorthTelling(target: string): Promise<boolean> {
  const part = await fs.stat(target + PART_ENDING).catch(() => undefined);
  return part !== undefined && part.size > 50_000_000;
}
