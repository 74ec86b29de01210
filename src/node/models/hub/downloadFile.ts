import fs from 'node:fs/promises';
import type { HubFile } from '../../../core/models/parseHub';
import { MinutesError, problemOf } from '../../../core/errors';
import type { Clock } from '../../../core/async/clock';
import { afterBrokenConnection, afterRefusal, type AttemptFacts, type Verdict } from '../../../core/pacing/retryPolicy';
import type { AnswerSink, HttpAnswer } from '../../http/transport';
import { hubRefusal } from './hubProblems';
import type { HubOutcome, HubRequests } from './hubRequests';
import { PartFile } from './partFile';

/** A file of the hub, and what its bytes must be. */
export interface FileToDownload {
  /** The model's name, for messages. */
  readonly model: string;
  readonly url: string;
  readonly file: HubFile;
  /** Its path when it is complete and checked. Until then its name ends with {@link PART_ENDING}. */
  readonly target: string;
}

/** What a download needs. */
export interface DownloadParts {
  readonly requests: HubRequests;
  readonly clock: Clock;
  /** Tells how much of this file is here. Called for every block. The number falls where the server cannot continue a download. */
  readonly progress: (doneBytes: number) => void;
}

/** The ending of a file that has not arrived whole. */
export const PART_ENDING = '.part';

/**
 * Fetches a file and checks it against the hub's checksum. It continues where an earlier run was broken off.
 *
 * @throws MinutesError `downloadBroken` (what arrived is kept), `downloadCorrupt` (it is deleted), `hubFailed`, `modelUnknown`,
 * `diskFull`; the signal's reason when aborted
 */
export async function downloadFile(wanted: FileToDownload, parts: DownloadParts, signal: AbortSignal): Promise<void> {
  const part = await PartFile.open(wanted.target + PART_ENDING, wanted.file, signal);
  try {
    await new Download(wanted, part, parts).run(signal);
    if (!part.isRight()) throw corrupt(wanted);
    await part.sync();
  } catch (error) {
    if (problemOf(error)?.code === 'downloadCorrupt') await part.restart();
    throw error;
  } finally {
    await part.close();
  }
  await fs.rename(part.path, wanted.target);
}

function corrupt({ model, file }: FileToDownload): MinutesError {
  return new MinutesError({ code: 'downloadCorrupt', model, file: file.path });
}

/** The server sends another part than it was asked for. */
class Nonsense extends Error {
  override readonly name = 'Nonsense';
}

class Download {
  private furthestBytes: number;
  /** How many attempts in a row brought no new byte. */
  private failures = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly wanted: FileToDownload,
    private readonly part: PartFile,
    private readonly parts: DownloadParts,
  ) {
    this.furthestBytes = part.doneBytes;
  }

  /** Resolves when all bytes are here. */
  async run(signal: AbortSignal): Promise<void> {
    const { part, parts } = this;
    parts.progress(part.doneBytes);
    while (!part.isComplete()) {
      const outcome = await this.attempt(signal);
      if (part.isComplete()) return;
      if (part.doneBytes > this.furthestBytes) {
        this.furthestBytes = part.doneBytes;
        this.failures = 0;
      }
      this.failures++;
      const verdict = this.verdict(outcome);
      if (verdict.kind !== 'again') throw this.problem(outcome);
      if (this.isUseless(outcome)) {
        await part.restart();
        parts.progress(0);
      }
      await parts.clock.sleep(verdict.waitMs, signal);
    }
  }

  /** @returns undefined where the server sent another part than it was asked for */
  private async attempt(signal: AbortSignal): Promise<HubOutcome | undefined> {
    const { part, parts, wanted } = this;
    try {
      return await parts.requests.send({ url: wanted.url, fromByte: part.doneBytes, sink: this.sink() }, signal);
    } catch (error) {
      if (error instanceof Nonsense) return undefined;
      throw error;
    } finally {
      // After an abort, `send` throws although a block may still be being written.
      await this.writing.catch(() => undefined);
    }
  }

  private sink(): AnswerSink {
    const { part, parts, wanted } = this;
    const { sizeBytes } = wanted.file;
    let begins: 'where it should' | 'at the start' | 'elsewhere' = 'where it should';
    const write = async (bytes: Uint8Array): Promise<void> => {
      if (begins === 'elsewhere') throw new Nonsense();
      // A server that does not support ranges sends everything again.
      if (begins === 'at the start') await part.restart();
      begins = 'where it should';
      if (part.doneBytes + bytes.length > sizeBytes) throw corrupt(wanted);
      await part.append(bytes);
      parts.progress(part.doneBytes);
    };
    return {
      accepts: ({ status, headers }) => {
        if (status === 200 && part.doneBytes > 0) begins = 'at the start';
        if (status === 206 && !continues(headers['content-range'], part.doneBytes, sizeBytes)) begins = 'elsewhere';
        return status === 200 || status === 206;
      },
      write: (bytes) => (this.writing = write(bytes)),
    };
  }

  private verdict(outcome: HubOutcome | undefined): Verdict {
    const [attempt, random, nowMs] = [this.failures, Math.random(), this.parts.clock.nowMs()];
    const facts: AttemptFacts = { attempt, isAddressKnown: true, random, nowMs };
    if (outcome?.kind === 'broken') return afterBrokenConnection(outcome.failure.problem, facts);
    if (!outcome || isGood(outcome.answer) || this.isUseless(outcome) || this.isExpired(outcome)) {
      return afterBrokenConnection('reset', facts);
    }
    return afterRefusal(outcome.answer.status, outcome.answer.headers, '', facts);
  }

  /** Whether the server cannot continue the part that is here. */
  private isUseless(outcome: HubOutcome | undefined): boolean {
    return !outcome || (outcome.kind === 'answered' && outcome.answer.status === 416);
  }

  /** Whether the address on the other host has expired. The hub then gives a new one. */
  private isExpired(outcome: HubOutcome): boolean {
    const isElsewhere = outcome.host !== new URL(this.wanted.url).host;
    return isElsewhere && outcome.kind === 'answered' && [401, 403, 404, 410].includes(outcome.answer.status);
  }

  private problem(outcome: HubOutcome | undefined): MinutesError {
    const { model, url, file } = this.wanted;
    const facts = { host: outcome?.host ?? new URL(url).host, file: file.path };
    if (outcome?.kind === 'broken') {
      const { failure } = outcome;
      return new MinutesError({ code: 'downloadBroken', ...facts, reason: failure.reason }, { cause: failure });
    }
    if (outcome && !isGood(outcome.answer) && !this.isExpired(outcome)) {
      return hubRefusal(outcome.answer, outcome.host, model);
    }
    const reason = outcome ? `it ended early (${outcome.answer.status})` : 'it sends other bytes than were asked for';
    return new MinutesError({ code: 'downloadBroken', ...facts, reason });
  }
}

function isGood({ status }: HttpAnswer): boolean {
  return status === 200 || status === 206;
}

/** Whether the answer has the next bytes: `bytes 100-199/200` (RFC 9110, 14.4). The total may be unknown (`*`). */
function continues(range: string | undefined, fromByte: number, sizeBytes: number): boolean {
  const [, start = '', total = ''] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range?.trim() ?? '') ?? [];
  return start !== '' && Number(start) === fromByte && (total === '*' || Number(total) === sizeBytes);
}
