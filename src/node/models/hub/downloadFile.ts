import fs from 'node:fs/promises';
import type { HubFile } from '../../../core/models/parseHub';
import { MinutesError, problemOf } from '../../../core/errors';
import { brokenDownload } from '../../downloads/brokenDownload';
import { PART_ENDING, PartFile } from '../../downloads/partFile';
import { ResumedDownload, type DownloadParts, type DownloadRules } from '../../downloads/resumedDownload';
import type { RequestOutcome } from '../../downloads/followedRequests';
import { newChecksum } from '../../system/checksum';
import { hubRefusal } from './hubProblems';

/** A file of the hub, and what its bytes must be. */
export interface FileToDownload {
  /** The model's name, for messages. */
  readonly model: string;
  readonly url: string;
  readonly file: HubFile;
  /** Its path when it is complete and checked. Until then its name ends with {@link PART_ENDING}. */
  readonly target: string;
}

/**
 * Fetches a file and checks it against the hub's checksum. It continues where an earlier run was broken off.
 *
 * @throws MinutesError `downloadBroken` (what arrived is kept), `downloadCorrupt` (it is deleted), `hubFailed`, `modelUnknown`,
 * `diskFull`; the signal's reason when aborted
 */
export async function downloadFile(wanted: FileToDownload, parts: DownloadParts, signal: AbortSignal): Promise<void> {
  const { checksum, sizeBytes } = wanted.file;
  const part = await PartFile.open(wanted.target + PART_ENDING, () => newChecksum(checksum.kind, sizeBytes), signal);
  try {
    if (part.doneBytes > sizeBytes) await part.restart();
    // The hub has just told about this file.
    await new ResumedDownload(rulesFor(wanted), part, parts, true).run(signal);
    if (part.checksum() !== checksum.hex) throw corrupt(wanted);
    await part.sync();
  } catch (error) {
    if (problemOf(error)?.code === 'downloadCorrupt') await part.restart();
    throw error;
  } finally {
    await part.close();
  }
  await fs.rename(part.path, wanted.target);
}

function rulesFor(wanted: FileToDownload): DownloadRules {
  const { url, file } = wanted;
  const { sizeBytes } = file;
  return {
    url,
    sizeBytes: () => sizeBytes,
    isSameFile: ({ totalBytes = sizeBytes }) => totalBytes === sizeBytes,
    check: (bytes, atByte) => {
      if (atByte + bytes.length > sizeBytes) throw corrupt(wanted);
    },
    problem: (outcome, isExpired) => problemFor(wanted, outcome, isExpired),
  };
}

function corrupt({ model, file }: FileToDownload): MinutesError {
  return new MinutesError({ code: 'downloadCorrupt', model, file: file.path });
}

function problemFor(
  { model, url, file }: FileToDownload,
  outcome: RequestOutcome | undefined,
  isExpired: boolean,
): MinutesError {
  if (outcome?.kind === 'answered' && ![200, 206].includes(outcome.answer.status) && !isExpired) {
    return hubRefusal(outcome.answer, outcome.host, model);
  }
  return brokenDownload(outcome, url, file.path);
}
