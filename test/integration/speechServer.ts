import { ScriptedServer, type RecordedRequest, type ScriptedAnswer } from '../fakes/scriptedServer';
import { error } from '../fakes/speechAnswers';
import { set, until } from './window';

/** A failure that passes, as far as the client knows, and may be tried again at once: so the five attempts take no time. */
export function outOfOrder(status = 500, message = 'out of order'): ScriptedAnswer {
  return error(status, { message, headers: { 'retry-after': '0' } });
}

/** A function of the recording's request and its number, from 0; or the answers in order. */
export type SpeechScript =
  readonly ScriptedAnswer[] | ((request: RecordedRequest, index: number) => ScriptedAnswer | Promise<ScriptedAnswer>);

const MODELS: ScriptedAnswer = {
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ object: 'list', data: [{ id: 'parakeet-tdt' }, { id: 'whisper-large-v3' }] }),
};

/** Longer than anybody speaks in these tests. */
const KEPT_MS = 60_000;

/**
 * The scripted server as an endpoint of this window: lists its models, which opens the connection of a dictation, and answers
 * recordings, and recordings only, from the script.
 */
export class SpeechServer {
  private constructor(private readonly server: ScriptedServer) {}

  /** It is `minutes.endpoint` from now on. */
  static async start(script: SpeechScript): Promise<SpeechServer> {
    const server = new SpeechServer(await ScriptedServer.start([], { keepAliveMs: KEPT_MS }));
    server.play(script);
    await set('minutes.endpoint', server.baseUrl);
    return server;
  }

  /** A new script from the next recording on, which counts as number 0. */
  play(script: SpeechScript): void {
    let index = 0;
    this.server.play((request) => {
      if (request.method === 'GET') return MODELS;
      const number = index++;
      if (typeof script === 'function') return script(request, number);
      return script[number] ?? { status: 500, body: 'The script has no more answers.' };
    });
  }

  get host(): string {
    return this.server.host;
  }

  get baseUrl(): string {
    return this.server.baseUrl;
  }

  get connectionCount(): number {
    return this.server.connectionCount;
  }

  /** What was asked beside recordings. */
  get questions(): readonly RecordedRequest[] {
    return this.server.requests.filter(({ method }) => method === 'GET');
  }

  /** The recordings that arrived. */
  get requests(): readonly RecordedRequest[] {
    return this.server.requests.filter(({ method }) => method !== 'GET');
  }

  async received(count: number): Promise<void> {
    await until(() => this.requests.length >= count, {
      what: `${count} recordings at ${this.host}`,
      timeoutMs: 20_000,
    });
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

/** The values of a form's field, in the order sent. */
export function fieldValues(request: RecordedRequest | undefined, name: string): readonly string[] {
  return (request?.fields ?? []).flatMap(([key, value]) => (key === name ? [value] : []));
}

/** The server for as long as the test acts. */
export async function withServer(script: SpeechScript, act: (server: SpeechServer) => Promise<void>): Promise<void> {
  const server = await SpeechServer.start(script);
  try {
    await act(server);
  } finally {
    await server.close();
  }
}
