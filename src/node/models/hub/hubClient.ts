import type { HubAddress } from '../../../core/models/hubAddress';
import { redirectTarget } from '../../../core/downloads/redirectTarget';
import {
  parseHubFiles,
  parseHubModel,
  parseNextPage,
  type HubFile,
  type HubModel,
} from '../../../core/models/parseHub';
import { MinutesError } from '../../../core/errors';
import type { Clock } from '../../../core/async/clock';
import { afterBrokenConnection, afterRefusal, provesAddress } from '../../../core/pacing/retryPolicy';
import type { HttpAnswer } from '../../http/transport';
import { checksumOf } from '../../system/checksum';
import { hubRefusal } from './hubProblems';
import type { FollowedRequests } from '../../downloads/followedRequests';

/** A page lists a thousand files. No model has so many pages. */
const MAXIMUM_PAGES = 20;

/** Asks a hub for its models and their files, with the API of the hub's public documentation. */
export class HubClient {
  constructor(
    readonly address: HubAddress,
    private readonly requests: FollowedRequests,
    private readonly clock: Clock,
  ) {}

  /** @throws MinutesError `hubUnreachable`, `hubFailed`, `modelUnknown` */
  async model(name: string, signal: AbortSignal): Promise<HubModel> {
    const { host, answer } = await this.get(`${this.address.baseUrl}/api/models/${pathOf(name)}`, name, signal);
    return parseHubModel(answer.body) ?? unreadable(host, answer);
  }

  /** All files of a commit. @throws MinutesError `hubUnreachable`, `hubFailed`, `modelUnknown` */
  async files(name: string, commit: string, signal: AbortSignal): Promise<readonly HubFile[]> {
    const all: HubFile[] = [];
    let url = `${this.address.baseUrl}/api/models/${pathOf(name)}/tree/${commit}?recursive=1`;
    for (let page = 0; page < MAXIMUM_PAGES; page++) {
      const { host, answer } = await this.get(url, name, signal);
      all.push(...(parseHubFiles(answer.body) ?? unreadable(host, answer)));
      const next = redirectTarget(url, parseNextPage(answer.headers['link']));
      if (next === undefined) break;
      url = next;
    }
    return all;
  }

  /**
   * The text of a small file.
   *
   * @throws MinutesError `hubUnreachable`, `hubFailed`, `modelUnknown`, `downloadCorrupt`
   */
  async text(name: string, commit: string, file: HubFile, signal: AbortSignal): Promise<string> {
    const { answer } = await this.get(this.fileUrl(name, commit, file.path), name, signal);
    const bytes = Buffer.from(answer.body);
    // Decoding takes a byte order mark away, but the file's checksum counts it.
    const isWhole = [bytes, Buffer.concat([BYTE_ORDER_MARK, bytes])].some(
      (given) => checksumOf(file.checksum.kind, given) === file.checksum.hex,
    );
    if (!isWhole) throw new MinutesError({ code: 'downloadCorrupt', model: name, file: file.path });
    return answer.body;
  }

  fileUrl(name: string, commit: string, file: string): string {
    return `${this.address.baseUrl}/${pathOf(name)}/resolve/${commit}/${pathOf(file)}`;
  }

  /** Gets an answer with status 200. A request that fails in a way that passes is repeated. */
  private async get(
    url: string,
    model: string,
    signal: AbortSignal,
  ): Promise<{ readonly host: string; readonly answer: HttpAnswer }> {
    let isAddressKnown = false;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.requests.send({ url }, signal);
      const { host } = outcome;
      isAddressKnown ||= outcome.kind !== 'broken' || provesAddress(outcome.failure.problem);
      const facts = { attempt, isAddressKnown, random: Math.random(), nowMs: this.clock.nowMs() };
      if (outcome.kind === 'broken') {
        const { problem, reason } = outcome.failure;
        const verdict = afterBrokenConnection(problem, facts);
        if (verdict.kind !== 'again') {
          throw new MinutesError({ code: 'hubUnreachable', host, reason }, { cause: outcome.failure });
        }
        await this.clock.sleep(verdict.waitMs, signal);
        continue;
      }
      const { answer } = outcome;
      if (answer.status === 200) return { host, answer };
      const verdict = afterRefusal(answer.status, answer.headers, '', facts);
      if (verdict.kind !== 'again') throw hubRefusal(answer, host, model);
      await this.clock.sleep(verdict.waitMs, signal);
    }
  }
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

function pathOf(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

/** The error where another server answered in the hub's place, for example with a log-in page. */
function unreadable(host: string, { status }: HttpAnswer): never {
  throw new MinutesError({ code: 'hubFailed', host, status, reason: 'this is not how a hub answers' });
}
