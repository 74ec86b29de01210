import { createHash } from 'node:crypto';
import path from 'node:path';
import { MinutesError } from '../core/errors';
import type { RequestLog } from '../core/ports';
import { dialect, dialectOf } from '../core/speech/dialects';
import type { Endpoint, RemoteEndpoint } from '../core/speech/endpoint';
import { classifyFailure } from '../core/speech/classifyFailure';
import { initialBudget } from '../core/speech/rateLimit';
import { RateLimiter } from '../core/speech/rateLimiter';
import { findEngineFiles } from './engineFiles';
import { FetchTransport } from './http/fetchTransport';
import { proxyInForce, type EditorProxy } from './http/proxyInForce';
import { RoutedTransport } from './http/routedTransport';
import { TransportFailure, type HttpTransport } from './http/transport';
import { UndiciTransport } from './http/undiciTransport';
import { HttpTranscriber, type RequestParts } from './httpTranscriber';
import { LearnedShapes } from './learnedShapes';
import { LocalEngine } from './localEngine';
import { authorizationOf, brokenConnection, withoutKey, type OpenServer } from './openServer';
import { SYSTEM_CLOCK } from './systemClock';

export interface SpeechClientOptions {
  /** Where the extension lies: the engine's parts are below it. */
  readonly extensionFolder: string;
  /** A folder of our own for what is learned of servers and the engine's models. */
  readonly storageFolder: string;
  readonly version: string;
  readonly readKey: (baseUrl: string) => Promise<string | undefined>;
  /** The user's own model for the embedded engine. */
  readonly modelPath: () => string | undefined;
  readonly editorProxy: () => EditorProxy;
  readonly log: RequestLog;
}

/** So many requests at once to a server that is elsewhere: more only meet its limits sooner. */
const REMOTE_PARALLEL = 4;

/** Everything that requests share: connections, quotas, what was learned of servers, and the embedded engine. One per window. */
export class SpeechClient {
  readonly engine: LocalEngine;
  private readonly transport: HttpTransport;
  private readonly parts: RequestParts;
  /** By base address and key, since quotas belong to whom the key belongs. */
  private readonly limiters = new Map<string, RateLimiter>();
  private requestCount = 0;

  constructor(private readonly options: SpeechClientOptions) {
    const { storageFolder, version, editorProxy, log } = options;
    this.engine = new LocalEngine({ cacheFolder: path.join(storageFolder, 'engine-models') });
    const [direct, editor] = [new UndiciTransport(), new FetchTransport()];
    this.transport = new RoutedTransport({
      ...{ direct, editor, log },
      proxyInForce: () => proxyInForce(editorProxy(), process.env),
    });
    this.parts = {
      transport: this.transport,
      clock: SYSTEM_CLOCK,
      shapes: new LearnedShapes(path.join(storageFolder, 'servers.json')),
      log,
      userAgent: `Minutes/${version}`,
      limiterFor: (server) => this.limiterFor(server),
      answered: new Set(),
      nextNumber: () => ++this.requestCount,
    };
  }

  /**
   * For one run: files and key are the same from its first request to its last.
   *
   * @throws MinutesError `keyMissing`, `engineUnsupported`, `engineFilesMissing`: before an hour of audio is decoded
   */
  async transcriber(endpoint: Endpoint, model?: string): Promise<HttpTranscriber> {
    if (endpoint.kind === 'remote') {
      const server = await this.remoteServer(endpoint);
      const spoken = dialect(dialectOf(endpoint.provider, model ?? endpoint.defaultModels.meeting));
      // One's own machine has one processor for it, whose work does not get quicker by being divided.
      const parallel = spoken.isSerial || endpoint.isLoopback ? 1 : REMOTE_PARALLEL;
      return new HttpTranscriber(this.parts, () => Promise.resolve(server), parallel);
    }
    const files = findEngineFiles(this.options.extensionFolder, this.options.modelPath());
    const open = async (signal: AbortSignal): Promise<OpenServer> => {
      const { baseUrl, token, model: name, release } = await this.engine.lease(files, signal);
      return {
        ...{ baseUrl, host: 'embedded', provider: 'other', defaultModel: () => name, key: token, release },
        broken: (reason) => new MinutesError({ code: 'engineFailed', reason }),
      };
    };
    return new HttpTranscriber(this.parts, open, 1);
  }

  /** Loads the embedded engine; it stays for a while without work. @throws MinutesError */
  async startEngine(signal: AbortSignal): Promise<void> {
    const files = findEngineFiles(this.options.extensionFolder, this.options.modelPath());
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
    const { baseUrl, host, provider, defaultModels } = endpoint;
    const key = await this.options.readKey(baseUrl);
    if (key === undefined && endpoint.requiresKey) throw new MinutesError({ code: 'keyMissing', host });
    return {
      ...{ baseUrl, host, provider, release: () => undefined },
      defaultModel: (task) => (task === 'translate' ? defaultModels.translation : defaultModels.meeting),
      ...(key === undefined ? {} : { key }),
    };
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
