import assert from 'node:assert/strict';
import { MAXIMUM_FILE_BYTES } from '../../../../src/engine/api/readForm';
import { engineOnLoopback, TOKEN, WAV } from './engineOnLoopback';
import { FakeRecogniser } from './fakeRecogniser';

/** The model that the engine says it has, and since when. */
export const MODEL = 'openai/whisper-base';
export const CREATED_S = 1_795_000_000;

/** What the clients of the clouds have in common. */
export interface CloudClient {
  readonly models: {
    list(): PromiseLike<unknown>;
    retrieve(name: string): PromiseLike<unknown>;
  };
  readonly audio: {
    readonly transcriptions: { create(wishes: { readonly file: File; readonly model: string }): PromiseLike<unknown> };
  };
}

/** A class of errors. */
export type ErrorClass<Failure> = new (...values: never[]) => Failure;

/** What an error of a client tells. */
export interface Told {
  readonly requestId: string | null | undefined;
  readonly type: unknown;
  readonly status: unknown;
  readonly code: unknown;
  readonly param: unknown;
}

/** A package that has such a client. */
export interface ClientPackage<Client, Failure> {
  readonly open: (origin: string, apiKey: string) => Client;
  readonly toFile: (bytes: Uint8Array, name: string, options: { readonly type: string }) => Promise<File>;
  readonly told: (failure: Failure) => Told;
  readonly APIError: ErrorClass<Failure>;
  readonly AuthenticationError: ErrorClass<Failure>;
  readonly NotFoundError: ErrorClass<Failure>;
  /** A model of this cloud, which is not here. */
  readonly otherModel: string;
}

/** What the tests of a package work with. */
export interface ClientBeforeEngine<Client, Failure> {
  /** A client before a new engine. */
  readonly connect: (apiKey?: string) => Promise<Client>;
  /** What recognises for the client that was connected last. */
  readonly recogniser: () => FakeRecogniser;
  readonly audio: (bytes?: Uint8Array) => Promise<File>;
  /** The error that a call ends in, which must be of this class and tell its request. */
  readonly failure: (
    kind: ErrorClass<Failure>,
    call: PromiseLike<unknown>,
  ) => Promise<readonly [status: unknown, code: unknown, param: unknown]>;
}

/** A package's client before the engine, and the tests that are the same for every package. */
export function clientBeforeEngine<Client extends CloudClient, Failure>(
  cloud: ClientPackage<Client, Failure>,
): ClientBeforeEngine<Client, Failure> {
  const serve = engineOnLoopback();
  let recogniser = new FakeRecogniser();

  async function connect(apiKey = TOKEN): Promise<Client> {
    recogniser = new FakeRecogniser(undefined, ['en', 'fr'], true, MODEL);
    const { origin } = await serve(recogniser, { modelCreatedAt: new Date(CREATED_S * 1000) });
    return cloud.open(origin, apiKey);
  }

  const audio = (bytes: Uint8Array = WAV): Promise<File> => cloud.toFile(bytes, 'audio.wav', { type: 'audio/wav' });

  async function failure(
    kind: ErrorClass<Failure>,
    call: PromiseLike<unknown>,
  ): Promise<readonly [status: unknown, code: unknown, param: unknown]> {
    try {
      await call;
    } catch (error) {
      assert.ok(error instanceof kind, String(error));
      const { requestId, type, status, code, param } = cloud.told(error);
      assert.match(requestId ?? '', /^req_/);
      assert.equal(type, 'invalid_request_error');
      return [status, code, param];
    }
    throw new assert.AssertionError({ message: 'it was taken' });
  }

  it('tells a wrong key', async () => {
    const client = await connect('wrong');
    assert.deepEqual(await failure(cloud.AuthenticationError, client.models.list()), [401, 'invalid_api_key', null]);
    const call = client.audio.transcriptions.create({ file: await audio(), model: MODEL });
    assert.deepEqual(await failure(cloud.AuthenticationError, call), [401, 'invalid_api_key', null]);
  });

  it('tells another model', async () => {
    const client = await connect();
    const expected = [404, 'model_not_found', 'model'];
    assert.deepEqual(await failure(cloud.NotFoundError, client.models.retrieve(cloud.otherModel)), expected);
    const call = client.audio.transcriptions.create({ file: await audio(), model: cloud.otherModel });
    assert.deepEqual(await failure(cloud.NotFoundError, call), expected);
  });

  it('tells that a file is too large', async () => {
    const client = await connect();
    for (const extraBytes of [1, 10 * 1024 * 1024]) {
      const file = await audio(Buffer.alloc(MAXIMUM_FILE_BYTES + extraBytes));
      const [status, code] = await failure(cloud.APIError, client.audio.transcriptions.create({ file, model: MODEL }));
      assert.deepEqual([status, code], [413, 'request_too_large']);
    }
  });

  return { connect, recogniser: () => recogniser, audio, failure };
}
