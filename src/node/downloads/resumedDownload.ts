import type { Clock } from '../../core/async/clock';
import { byteRange, type ByteRange } from '../../core/downloads/byteRange';
import type { MinutesError } from '../../core/errors';
import {
  afterBrokenConnection,
  afterRefusal,
  provesAddress,
  type AttemptFacts,
  type Verdict,
} from '../../core/pacing/retryPolicy';
import type { AnswerSink, HttpAnswer } from '../http/transport';
import type { FollowedRequests, RequestOutcome } from './followedRequests';
import type { PartFile } from './partFile';

/** The first part of an answer, before its body. */
export type AnswerHead = Omit<HttpAnswer, 'body'>;

/** What a download gets, from whom, and what holds for it. */
export interface DownloadRules {
  readonly url: string;
  /** The whole file's size, as far as it is known by now. */
  readonly sizeBytes: () => number | undefined;
  /** What is sent beside the range with a request that continues a part. Undefined where it cannot be continued. Absent: nothing. */
  readonly continuing?: () => Readonly<Record<string, string>> | undefined;
  /** Whether an answer's range, which begins where the part ends, is one of the same file. */
  readonly isSameFile: (range: ByteRange, head: AnswerHead) => boolean;
  /** Called before the first byte of an answer that begins at the file's start; the part is empty. @throws what ends the download */
  readonly begins?: (head: AnswerHead) => Promise<void>;
  /** Called before bytes are written. @throws what ends the download, such as too many bytes */
  readonly check: (bytes: Uint8Array, atByte: number) => void;
  /** The error for what ended the last attempt; undefined: the server sent another part than it was asked for. */
  readonly problem: (outcome: RequestOutcome | undefined, isExpired: boolean) => MinutesError;
}

/** What a download needs. */
export interface DownloadParts {
  readonly requests: FollowedRequests;
  readonly clock: Clock;
  /** Tells how much of this file is here. Called for every block. The number falls where the server cannot continue a download. */
  readonly progress: (doneBytes: number) => void;
}

/** The server sends another part than it was asked for. */
class Nonsense extends Error {
  override readonly name = 'Nonsense';
}

/**
 * Fetches what is missing of a file. A connection that breaks is made again, and the download goes on from there; where the server
 * cannot do that, it begins anew. It gives up after some attempts that brought no new byte.
 */
export class ResumedDownload {
  private furthestBytes: number;
  /** How many attempts in a row brought no new byte. */
  private failures = 0;
  private isAddressKnown: boolean;
  private writing: Promise<void> = Promise.resolve();

  /** @param isAddressKnown whether a server is known to be there, so that a failure to reach it may pass */
  constructor(
    private readonly rules: DownloadRules,
    private readonly part: PartFile,
    private readonly parts: DownloadParts,
    isAddressKnown: boolean,
  ) {
    this.furthestBytes = part.doneBytes;
    this.isAddressKnown = isAddressKnown;
  }

  /** Resolves when all bytes are here. @throws errors of the rules and of the part; the signal's reason when aborted */
  async run(signal: AbortSignal): Promise<void> {
    const { part, parts } = this;
    parts.progress(part.doneBytes);
    while (!this.isComplete()) {
      const outcome = await this.attempt(signal);
      if (this.isComplete(outcome)) return;
      if (part.doneBytes > this.furthestBytes) {
        this.furthestBytes = part.doneBytes;
        this.failures = 0;
      }
      this.failures++;
      const verdict = this.verdict(outcome);
      if (verdict.kind !== 'again') throw this.rules.problem(outcome, this.isExpired(outcome));
      if (this.isUseless(outcome)) {
        await part.restart();
        parts.progress(0);
      }
      await parts.clock.sleep(verdict.waitMs, signal);
    }
  }

  /** A file whose size nobody told is complete when an answer has ended as it should. */
  private isComplete(outcome?: RequestOutcome): boolean {
    const sizeBytes = this.rules.sizeBytes();
    if (sizeBytes !== undefined) return this.part.doneBytes === sizeBytes;
    return outcome?.kind === 'answered' && isGood(outcome.answer);
  }

  /** @returns undefined where the server sent another part than it was asked for */
  private async attempt(signal: AbortSignal): Promise<RequestOutcome | undefined> {
    const { part, parts, rules } = this;
    const continuing = rules.continuing ? rules.continuing() : {};
    if (!continuing) await part.restart();
    const fromByte = part.doneBytes;
    const headers = fromByte > 0 ? (continuing ?? {}) : {};
    try {
      return await parts.requests.send({ url: rules.url, fromByte, headers, sink: this.sink() }, signal);
    } catch (error) {
      if (error instanceof Nonsense) return undefined;
      throw error;
    } finally {
      // After an abort, `send` throws although a block may still be being written.
      await this.writing.catch(() => undefined);
    }
  }

  private sink(): AnswerSink {
    const { part, parts, rules } = this;
    let head: AnswerHead | undefined;
    const begin = async (answer: AnswerHead): Promise<void> => {
      if (answer.status === 206) {
        const range = byteRange(answer.headers['content-range']);
        if (range?.fromByte !== part.doneBytes || !rules.isSameFile(range, answer)) throw new Nonsense();
        return;
      }
      // A server that does not support ranges, or whose file is another one by now, sends everything.
      await part.restart();
      await rules.begins?.(answer);
    };
    const write = async (bytes: Uint8Array): Promise<void> => {
      if (head) await begin(head);
      head = undefined;
      rules.check(bytes, part.doneBytes);
      await part.append(bytes);
      parts.progress(part.doneBytes);
    };
    return {
      accepts: (answer) => {
        if (isGood(answer)) head = answer;
        return isGood(answer);
      },
      write: (bytes) => (this.writing = write(bytes)),
    };
  }

  private verdict(outcome: RequestOutcome | undefined): Verdict {
    this.isAddressKnown ||= outcome?.kind !== 'broken' || provesAddress(outcome.failure.problem);
    const { failures: attempt, isAddressKnown } = this;
    const facts: AttemptFacts = { attempt, isAddressKnown, random: Math.random(), nowMs: this.parts.clock.nowMs() };
    if (outcome?.kind === 'broken') return afterBrokenConnection(outcome.failure.problem, facts);
    if (!outcome || isGood(outcome.answer) || this.isUseless(outcome) || this.isExpired(outcome)) {
      return afterBrokenConnection('reset', facts);
    }
    return afterRefusal(outcome.answer.status, outcome.answer.headers, '', facts);
  }

  /** Whether the server cannot continue the part that is here. */
  private isUseless(outcome: RequestOutcome | undefined): boolean {
    return !outcome || (outcome.kind === 'answered' && outcome.answer.status === 416);
  }

  /** Whether the address on the other host that a redirect led to has expired. The first host then gives a new one. */
  private isExpired(outcome: RequestOutcome | undefined): boolean {
    if (outcome?.kind !== 'answered' || outcome.host === new URL(this.rules.url).host) return false;
    return [401, 403, 404, 410].includes(outcome.answer.status);
  }
}

function isGood({ status }: AnswerHead): boolean {
  return status === 200 || status === 206;
}
