import assert from 'node:assert/strict';
import { defined } from '../../../../src/core/async/defined';
import { engineOnLoopback, type EngineOnLoopback, TOKEN, WAV } from './engineOnLoopback';
import { FakeRecogniser } from './fakeRecogniser';

/** An answer, and what of its headers matters. */
export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly requestId: string | null;
  readonly text: string;
}

/** What the tests of the engine's server work with. */
export interface EngineRequests {
  /** Begins to serve, with a recogniser that answers as told. */
  readonly serve: (recogniser?: FakeRecogniser) => Promise<FakeRecogniser>;
  /** The server that was begun last. */
  readonly engine: () => EngineOnLoopback;
  /** Asks with the token. */
  readonly request: (path: string, init?: RequestInit) => Promise<Answer>;
  /** Asks for a transcription. */
  readonly post: (body: FormData, signal?: AbortSignal) => Promise<Answer>;
}

/** The engine's server over real HTTP, for one test at a time. */
export function engineRequests(): EngineRequests {
  const start = engineOnLoopback();
  let served: EngineOnLoopback | undefined;

  const engine = (): EngineOnLoopback => served ?? assert.fail('nothing is served');

  async function serve(recogniser = new FakeRecogniser()): Promise<FakeRecogniser> {
    served = await start(recogniser);
    return recogniser;
  }

  async function request(path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${TOKEN}`);
    const response = await fetch(engine().origin + path, { ...init, headers });
    const { status, headers: got } = response;
    const text = await response.text();
    return { status, type: got.get('content-type'), requestId: got.get('x-request-id'), text };
  }

  const post = (body: FormData, signal?: AbortSignal): Promise<Answer> =>
    request('/v1/audio/transcriptions', defined({ method: 'POST', body, signal }));

  return { serve, engine, request, post };
}

/** A form as clients send it: the fake model, these fields, and the file at its end. */
export function form(fields: readonly (readonly [string, string])[] = [], file: Uint8Array = WAV): FormData {
  const data = new FormData();
  data.append('model', 'fake-model');
  for (const [name, value] of fields) data.append(name, value);
  data.append('file', new Blob([new Uint8Array(file)], { type: 'audio/wav' }), 'audio.wav');
  return data;
}

/** Status, code and parameter of a refusal in the API's shape. */
export function refusal({ status, type, text }: Pick<Answer, 'status' | 'type' | 'text'>): string {
  assert.equal(type, 'application/json');
  const { error } = JSON.parse(text) as { error: Readonly<Record<string, string | null>> };
  assert.deepEqual(Object.keys(error), ['message', 'type', 'param', 'code']);
  assert.notEqual(error['message'], '');
  assert.equal(error['type'], status >= 500 ? 'server_error' : 'invalid_request_error');
  return [status, error['code'], ...(error['param'] === null ? [] : [error['param']])].join(' ');
}
