import { answeredFile, mayBeSame } from '../../core/downloads/answeredFile';
import { LARGEST_RECORDING_BYTES, type DownloadWishes } from '../../core/downloads/recordingDownloads';
import { recordingName } from '../../core/downloads/recordingName';
import { isPageType, isWebPage, PAGE_BEGINS_BYTES } from '../../core/downloads/webPage';
import { MinutesError } from '../../core/errors';
import type { ByteRange } from '../../core/downloads/byteRange';
import { freeBytesOf } from '../system/diskSpace';
import { brokenDownload } from './brokenDownload';
import type { DownloadFolder, KeptFacts } from './downloadFolder';
import type { RequestOutcome } from './followedRequests';
import type { AnswerHead, DownloadRules } from './resumedDownload';

/** The recording is larger than the caller wants to have here. */
export class LeftThere extends Error {
  override readonly name = 'LeftThere';
}

/** What one download is held to: the wishes of its caller, the largest size, and where its facts are kept. */
export interface RecordingTarget extends DownloadWishes {
  readonly url: string;
  readonly folder: DownloadFolder;
  /** What an earlier run learned of the file. */
  readonly facts: KeptFacts | undefined;
  /** For tests; absent: {@link LARGEST_RECORDING_BYTES}. */
  readonly largestBytes?: number;
}

/** What holds for the download of a recording, of which nothing is known before the first answer. */
export class RecordingRules implements DownloadRules {
  readonly url: string;
  private known: KeptFacts | undefined;
  private isPageType = false;
  /** The file's first bytes, while too few of them are here to tell whether it is a page. */
  private first: Uint8Array | undefined;
  private hasArrived = false;

  constructor(private readonly target: RecordingTarget) {
    this.url = target.url;
    this.known = target.facts;
  }

  /** What is known of the file by now. */
  get facts(): KeptFacts {
    return this.known ?? { name: recordingName(this.url) };
  }

  sizeBytes = (): number | undefined => this.known?.sizeBytes;

  continuing = (): Readonly<Record<string, string>> | undefined => {
    const { sizeBytes, validator } = this.facts;
    if (validator !== undefined) return { 'if-range': validator };
    // Seconds after the connection broke, the same size is enough.
    return sizeBytes !== undefined && this.hasArrived ? {} : undefined;
  };

  isSameFile = (range: ByteRange, head: AnswerHead): boolean => {
    const told = answeredFile(head.headers);
    if (!mayBeSame(this.facts, told)) return false;
    // A size that only the rest's answer tells.
    if (range.totalBytes !== undefined) this.known = { ...this.facts, sizeBytes: range.totalBytes };
    return true;
  };

  begins = async ({ headers }: AnswerHead): Promise<void> => {
    const name = recordingName(this.url, headers['content-disposition']);
    const facts = { name, ...answeredFile(headers) };
    this.isPageType = isPageType(headers['content-type']);
    this.first = new Uint8Array();
    this.mustFit(facts.sizeBytes ?? 0, facts.name);
    const { folder } = this.target;
    // Where the room is not known, the disk tells when it is full.
    if ((facts.sizeBytes ?? 0) > (await freeBytesOf(folder.path).catch(() => Infinity))) {
      throw new MinutesError({ code: 'diskFull', path: folder.path });
    }
    // The part is empty by now: facts and bytes never belong to two files.
    await folder.writeFacts(facts);
    this.known = facts;
  };

  check = (bytes: Uint8Array, atByte: number): void => {
    this.mustFit(atByte + bytes.length, this.facts.name);
    this.mustBeNoPage(bytes);
    this.hasArrived = true;
  };

  problem = (outcome: RequestOutcome | undefined, isExpired: boolean): MinutesError => {
    const { name } = this.facts;
    if (outcome?.kind === 'broken' && this.known === undefined) {
      const { host, failure } = outcome;
      const { reason } = failure;
      return new MinutesError({ code: 'recordingUnreachable', host, reason }, { cause: failure });
    }
    if (outcome?.kind === 'answered' && ![200, 206].includes(outcome.answer.status)) {
      const { status } = outcome.answer;
      if (!isExpired || this.known === undefined) {
        return new MinutesError({ code: 'recordingRefused', host: outcome.host, status });
      }
    }
    return brokenDownload(outcome, this.url, name);
  };

  private mustFit(sizeBytes: number, file: string): void {
    const { leaveAboveBytes = Infinity, largestBytes: limitBytes = LARGEST_RECORDING_BYTES } = this.target;
    if (sizeBytes > leaveAboveBytes) throw new LeftThere();
    if (sizeBytes > limitBytes) throw new MinutesError({ code: 'recordingTooLarge', file, limitBytes });
  }

  private mustBeNoPage(bytes: Uint8Array): void {
    if (this.first === undefined) return;
    const first = Buffer.concat([this.first, bytes.subarray(0, PAGE_BEGINS_BYTES)]);
    // Some servers call everything a page; sound has bytes that no page has.
    const isPage = isWebPage(first) || (this.isPageType && first.length >= PAGE_BEGINS_BYTES && !first.includes(0));
    if (isPage) throw new MinutesError({ code: 'recordingIsPage', host: new URL(this.url).host });
    this.first = first.length < PAGE_BEGINS_BYTES ? first : undefined;
  }
}
