import { createHash } from 'node:crypto';
import path from 'node:path';
import { defined } from '../../core/async/defined';
import type { ModelNeeds } from '../../core/models/chooseInstalled';
import type { EmbeddedModel } from '../../core/models/embeddedModel';
import { taskOf, EMBEDDED } from '../../core/model';
import { MinutesError } from '../../core/errors';
import { dialect, dialectOf } from '../../core/endpoints/dialects';
import { resolveModel, type Endpoint, type RemoteEndpoint } from '../../core/endpoints/endpoint';
import type { TranscriptionWishes } from '../../core/transcription/fileTranscriber';
import { classifyFailure } from '../../core/endpoints/classifyFailure';
import { initialBudget } from '../../core/pacing/rateLimit';
import { RateLimiter } from '../../core/pacing/rateLimiter';
import { findEngineFiles, findEngineProgram } from '../engine/engineFiles';
import { openTransport, type TransportOptions } from '../http/openTransport';
import { TransportFailure, type HttpTransport } from '../http/transport';
import { HttpTranscriber, type RequestParts } from './httpTranscriber';
import { LearnedShapes } from './learnedShapes';
import { LocalEngine } from '../engine/localEngine';
import { authorizationOf, brokenConnection, withoutKey, type OpenServer } from './openServer';
import { SYSTEM_CLOCK } from '../system/systemClock';

/** What requests need of the extension. */
export interface SpeechClientOptions extends TransportOptions {
  /** The extension's folder: the engine's parts are below it. */
  readonly extensionFolder: string;
  /** Our folder for what is learned of servers. */
  readonly storageFolder: string;
  readonly version: string;
  readonly readKey: (baseUrl: string) => Promise<string | undefined>;
  /** The model that the embedded engine runs for such speech. @throws MinutesError `modelNotInstalled`, `modelMissing` */
  readonly embeddedModel: (needs: ModelNeeds) => Promise<EmbeddedModel>;
}

/** The endpoint and the models of a run, the same from its first request to its last. */
export type RunTarget = AskedModels &
  (
    | { readonly kind: 'remote'; readonly endpoint: RemoteEndpoint }
    | { readonly kind: 'embedded'; readonly embedded: EmbeddedModel }
  );

interface AskedModels {
  readonly model: string;
  /** The model that is asked for the spoken language where a translation's answer does not tell it. */
  readonly languageModel: string;
}

/** The wishes that decide on the target. */
export type TargetWishes = Pick<TranscriptionWishes, 'job' | 'chosenModels' | 'language'>;

/** A large model without a native library may take a minute for each second of audio. The user can cancel an engine that hangs. */
const ENGINE_ANSWER_MS = 60 * 60_000;
/** When the engine dies of a request, it is started once more: a request that killed two engines would kill a third. */
const ENGINE_ATTEMPTS = 2;

/** The number of requests at once to a remote server. More would only reach its limits sooner. */
const REMOTE_PARALLEL = 4;

/** Everything that requests share: connections, quotas, what was learned of servers, and the embedded engine. One per window. */
export class SpeechClient {
  readonly engine: LocalEngine;
  private readonly transport: HttpTransport;
  private readonly parts: RequestParts;
  /** By base address and key, since a quota belongs to the key's owner. */
  private readonly limiters = new Map<string, RateLimiter>();
  private requestCount = 0;

  constructor(private readonly options: SpeechClientOptions) {
    const { storageFolder, version, log } = options;
    this.engine = new LocalEngine();
    this.transport = openTransport(options);
    this.parts = {
      transport: this.transport,
      clock: SYSTEM_CLOCK,
      shapes: new LearnedShapes(path.join(storageFolder, 'servers.json')),
      log,
      userAgent: `Minutes/${version}`,
      limiterFor: (server) => this.limiterFor(server),
      knownAddresses: new Set(),
      answeredModels: new Set(),
      nextNumber: () => ++this.requestCount,
    };
  }

  /** Settles which model a run asks for. @throws MinutesError `engineFilesMissing`, `modelNotInstalled`, `modelMissing` */
  async target(endpoint: Endpoint, { job, chosenModels, language }: TargetWishes): Promise<RunTarget> {
    if (endpoint.kind === 'remote') {
      const model = resolveModel(endpoint, job, chosenModels);
      return { kind: 'remote', endpoint, model, languageModel: resolveModel(endpoint, 'meeting', chosenModels) };
    }
    // This comes first: a package without the engine cannot use a model.
    findEngineProgram(this.options.extensionFolder);
    const embedded = await this.options.embeddedModel(defined({ task: taskOf(job), language }));
    const { name } = embedded.model;
    return { kind: 'embedded', embedded, model: name, languageModel: name };
  }

  /**
   * Makes the transcriber of one run. Its files and key are the same from the first request to the last.
   *
   * @throws MinutesError `keyMissing`, or the codes for the engine's files and model, so that the user learns of it before audio is decoded
   */
  async transcriber(target: RunTarget): Promise<HttpTranscriber> {
    if (target.kind === 'embedded') return this.embeddedTranscriber(target.embedded);
    const { endpoint } = target;
    const server = await this.remoteServer(endpoint);
    const spoken = dialect(dialectOf(endpoint.provider, target.model));
    // A server on this machine has one processor, which is no quicker with several requests at once.
    const parallel = spoken.isSerial || endpoint.isLoopback ? 1 : REMOTE_PARALLEL;
    return new HttpTranscriber(this.parts, () => Promise.resolve(server), parallel, spoken.uploads[0]);
  }

  private embeddedTranscriber(model: EmbeddedModel): HttpTranscriber {
    const files = findEngineFiles(this.options.extensionFolder, model);
    const open = async (signal: AbortSignal): Promise<OpenServer> => {
      const { baseUrl, token, lastWords, release, abandon } = await this.engine.lease(files, signal);
      return {
        baseUrl,
        release,
        abandon,
        host: EMBEDDED,
        provider: 'embedded',
        key: token,
        maximumAttempts: ENGINE_ATTEMPTS,
        answerMs: ENGINE_ANSWER_MS,
        broken: (reason) => new MinutesError({ code: 'engineFailed', reason: lastWords() ?? reason }),
      };
    };
    return new HttpTranscriber(this.parts, open, 1);
  }

  /** Loads the embedded engine; it stays for a while without work. @throws MinutesError */
  async startEngine(needs: ModelNeeds, signal: AbortSignal): Promise<void> {
    const files = findEngineFiles(this.options.extensionFolder, await this.options.embeddedModel(needs));
    (await this.engine.lease(files, signal)).release();
  }

  /** @returns the body of a good answer. @throws MinutesError */
  async get(endpoint: RemoteEndpoint, address: string, signal: AbortSignal): Promise<string> {
    const server = await this.remoteServer(endpoint);
    const { host, key } = server;
    const headers = { 'user-agent': this.parts.userAgent, ...authorizationOf(server) };
    try {
      const sent = await this.transport.send({ method: 'GET', url: endpoint.baseUrl + address, headers }, signal);
      const answer = withoutKey(sent, key);
      if (answer.status >= 200 && answer.status < 300) return answer.body;
      const failed = { host, model: '', task: 'transcribe', hasKey: key !== undefined, sizeBytes: 0 } as const;
      throw classifyFailure(answer, failed);
    } catch (error) {
      throw error instanceof TransportFailure ? brokenConnection(server, error) : error;
    }
  }

  /** Ends the engine and every request. */
  async dispose(): Promise<void> {
    this.engine.dispose();
    await this.transport.dispose();
  }

  private async remoteServer(endpoint: RemoteEndpoint): Promise<OpenServer> {
    const { baseUrl, host, provider } = endpoint;
    const key = await this.options.readKey(baseUrl);
    if (key === undefined && endpoint.requiresKey) throw new MinutesError({ code: 'keyMissing', host });
    return defined({
      baseUrl,
      host,
      provider,
      release: () => undefined,
      key,
    });
  }

  private limiterFor({ baseUrl, key = '' }: OpenServer): RateLimiter {
    const id = createHash('sha256').update(`${baseUrl}\n${key}`).digest('hex');
    let limiter = this.limiters.get(id);
    if (!limiter) {
      limiter = new RateLimiter(SYSTEM_CLOCK, initialBudget(baseUrl, SYSTEM_CLOCK.nowMs()));
      this.limiters.set(id, limiter);
    }
    return limiter;
  }
}
