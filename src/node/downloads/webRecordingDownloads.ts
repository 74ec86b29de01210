import fs from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../core/async/clock';
import { defined } from '../../core/async/defined';
import { eventsOf } from '../../core/async/eventsOf';
import { answeredFile, mayBeSame, unlessSame } from '../../core/downloads/answeredFile';
import { parseRecordingAddress } from '../../core/downloads/recordingAddress';
import type {
  DownloadEvent,
  DownloadState,
  DownloadWishes,
  RecordingDownloads,
} from '../../core/downloads/recordingDownloads';
import { recordingName } from '../../core/downloads/recordingName';
import { isPageType } from '../../core/downloads/webPage';
import { MinutesError, problemOf } from '../../core/errors';
import type { Recording } from '../../core/model';
import { openRecording } from '../audio/openRecording';
import type { AnswerSink, HttpTransport } from '../http/transport';
import { takeLock } from '../system/fileLock';
import { toMinutesError } from '../system/fileProblems';
import { SYSTEM_CLOCK } from '../system/systemClock';
import { DownloadFolder, type KeptFacts } from './downloadFolder';
import { FollowedRequests } from './followedRequests';
import { PartFile } from './partFile';
import { LeftThere, RecordingRules } from './recordingRules';
import { ResumedDownload } from './resumedDownload';

/** What the downloads need. */
export interface WebRecordingDownloadsOptions {
  /** A folder of our own for all windows. */
  readonly folder: string;
  readonly version: string;
  readonly transport: HttpTransport;
  readonly clock?: Clock;
  /** For tests; absent: the largest size that is downloaded. */
  readonly largestBytes?: number;
}

/** Who comes back to a recording does so within a week. */
const KEPT_DAYS = 7;
const DAY_MS = 24 * 60 * 60_000;

/** Time between two progress events: often enough for a bar that moves smoothly. */
const PROGRESS_MS = 200;

type Tell = (event: DownloadEvent) => void;

/** Downloads recordings over https into a folder for each address. */
export class WebRecordingDownloads implements RecordingDownloads {
  private readonly requests: FollowedRequests;
  private readonly clock: Clock;

  constructor(private readonly options: WebRecordingDownloadsOptions) {
    this.requests = new FollowedRequests(options.transport, `Minutes/${options.version}`);
    this.clock = options.clock ?? SYSTEM_CLOCK;
  }

  async *fetch(address: string, wishes: DownloadWishes, signal: AbortSignal): AsyncGenerator<DownloadEvent> {
    const { url } = parseRecordingAddress(address);
    yield* eventsOf<DownloadEvent>((tell, running) => this.alone(url, wishes, tell, running), signal);
  }

  async unfinished(address: string): Promise<DownloadState | undefined> {
    const folder = this.folderOf(address);
    const [facts, doneBytes] = [await folder.facts(), await folder.doneBytes()];
    return facts && doneBytes > 0 ? defined({ name: facts.name, doneBytes, totalBytes: facts.sizeBytes }) : undefined;
  }

  async discard(address: string): Promise<void> {
    await this.folderOf(address).remove();
  }

  async remove({ path: file }: Pick<Recording, 'path'>): Promise<void> {
    const folder = path.dirname(file);
    // Nothing else is ever deleted here.
    if (path.dirname(folder) !== path.resolve(this.options.folder)) return;
    await fs.rm(folder, { recursive: true, force: true });
  }

  async removeOld(): Promise<void> {
    for (const folder of await DownloadFolder.all(this.options.folder)) {
      const isOld = this.clock.nowMs() - (await folder.usedMs()) > KEPT_DAYS * DAY_MS;
      if (isOld && !(await folder.isBusy())) await folder.remove();
    }
  }

  async dispose(): Promise<void> {
    await this.requests.dispose();
  }

  private folderOf(address: string): DownloadFolder {
    return DownloadFolder.of(this.options.folder, parseRecordingAddress(address).url);
  }

  /** One window at a time downloads into a folder. */
  private async alone(url: string, wishes: DownloadWishes, tell: Tell, signal: AbortSignal): Promise<void> {
    const folder = DownloadFolder.of(this.options.folder, url);
    try {
      await fs.mkdir(folder.path, { recursive: true });
      const lock = await takeLock(folder.lock);
      const facts = await folder.facts();
      if (!lock) throw new MinutesError({ code: 'transcriptBusy', file: facts?.name ?? recordingName(url) });
      try {
        await this.bring(url, folder, wishes, tell, signal);
      } finally {
        await lock.release();
      }
    } catch (error) {
      throw toMinutesError(error, folder.path);
    }
  }

  private async bring(
    url: string,
    folder: DownloadFolder,
    wishes: DownloadWishes,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<void> {
    const facts = await folder.facts();
    if (facts && (await folder.isWhole(facts))) {
      if (await this.isStillThere(url, facts, signal)) {
        await folder.writeFacts(facts);
        tell({ kind: 'downloaded', recording: await openRecording(folder.recording(facts)) });
        return;
      }
      await fs.rm(folder.recording(facts), { force: true });
    }
    const { largestBytes } = this.options;
    const rules = new RecordingRules({ url, folder, facts, ...defined({ largestBytes }), ...wishes });
    try {
      await this.download(rules, folder, tell, signal);
      tell({ kind: 'downloaded', recording: await finish(folder, rules.facts) });
    } catch (error) {
      if (await isUseless(error, folder)) await folder.remove();
      if (!(error instanceof LeftThere)) throw error;
      tell({ kind: 'left' });
    }
  }

  private async download(
    rules: RecordingRules,
    folder: DownloadFolder,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<void> {
    const part = await PartFile.open(folder.part, () => undefined, signal);
    let toldMs = -Infinity;
    const progress = (doneBytes: number): void => {
      const nowMs = performance.now();
      const { name, sizeBytes: totalBytes } = rules.facts;
      if (nowMs - toldMs < PROGRESS_MS && doneBytes !== totalBytes) return;
      toldMs = nowMs;
      tell(defined({ kind: 'downloading', name, doneBytes, totalBytes }));
    };
    const { requests, clock } = this;
    try {
      if (part.doneBytes > (rules.sizeBytes() ?? Infinity)) await part.restart();
      await new ResumedDownload(rules, part, { requests, clock, progress }, false).run(signal);
      await part.sync();
    } finally {
      await part.close();
    }
  }

  /** Whether the server still has the file that is here. Where it does not answer as it should, the file that is here is good. */
  private async isStillThere(url: string, facts: KeptFacts, signal: AbortSignal): Promise<boolean> {
    let isSame = true;
    const sink: AnswerSink = {
      accepts: ({ status, headers }) => {
        if (status !== 200 || isPageType(headers['content-type'])) return false;
        isSame = mayBeSame(facts, answeredFile(headers));
        return true;
      },
      // The head is enough.
      write: () => Promise.reject(new LeftThere()),
    };
    try {
      await this.requests.send({ url, headers: unlessSame(facts), sink }, signal);
    } catch (error) {
      if (!(error instanceof LeftThere)) throw error;
    }
    return isSame;
  }
}

/** Gives the file its name. Its time is its server's, so that a recording's note has the recording's date. */
async function finish(folder: DownloadFolder, facts: KeptFacts): Promise<Recording> {
  const file = folder.recording(facts);
  await folder.writeFacts(facts);
  await fs.rename(folder.part, file);
  if (facts.modifiedMs !== undefined) await fs.utimes(file, facts.modifiedMs / 1000, facts.modifiedMs / 1000);
  return openRecording(file);
}

/** Whether nothing in the folder helps a later try. */
async function isUseless(error: unknown, folder: DownloadFolder): Promise<boolean> {
  const code = problemOf(error)?.code ?? '';
  if (['recordingIsPage', 'recordingTooLarge', 'fileEmpty'].includes(code)) return true;
  return (await folder.doneBytes()) === 0;
}
