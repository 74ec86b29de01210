import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { Answer, Chunk, PreparedAudio, TranscriptionRequest } from '../../../../src/core/model';
import type { RateBudget } from '../../../../src/core/pacing/rateLimit';
import { HttpTranscriber } from '../../../../src/node/speech/httpTranscriber';
import type { OpenServer } from '../../../../src/node/speech/openServer';
import { UndiciTransport } from '../../../../src/node/http/undiciTransport';
import { ScriptedServer } from '../../../fakes/scriptedServer';
import { answerOf, OpenCount, testParts, type TestParts } from './asking';
import { sharedFolder, temporaryFolder } from '../temporaryFolder';
import { preparedWav } from '../wavFile';

export const KEY = 'gsk_scripted_0123456789abcdef';
export const MODEL = 'whisper-large-v3-turbo';

/** Every sample tells where it lies. */
export const SAMPLE_COUNT = 600_000;
export const sampleAt = (at: number): number => ((at * 7919) % 65_536) / 32_768 - 1;
const CHUNK: Chunk = { startSample: 16_000, endSample: 48_000 };

/** What a test wishes of a request besides the usual. */
export type RequestChanges = Partial<TranscriptionRequest> & {
  readonly chunk?: Chunk;
  readonly file?: PreparedAudio;
};

/** What the tests of {@link HttpTranscriber} work with. */
export interface HttpTranscribers {
  /** This test's server, and what its transcribers are made from. */
  readonly current: () => { readonly server: ScriptedServer; readonly parts: TestParts };
  /** From now on the transcribers are made from these. */
  readonly newParts: (budget: RateBudget) => TestParts;
  /** Where the audio lies. */
  readonly folder: () => string;
  readonly audio: () => PreparedAudio;
  readonly request: (changes?: RequestChanges) => TranscriptionRequest;
  readonly transcriber: (changes?: Partial<OpenServer>) => HttpTranscriber;
  /** The answer to one request. */
  readonly ask: (changes?: RequestChanges, endpoint?: Partial<OpenServer>, signal?: AbortSignal) => Promise<Answer>;
}

/** A new server for every test, behind which every lease has ended and every opened server was given back. */
export function httpTranscribers(): HttpTranscribers {
  const folder = sharedFolder();
  const storage = temporaryFolder();
  let server: ScriptedServer;
  let count: OpenCount;
  let transport: UndiciTransport;
  let parts: TestParts;

  before(async () => {
    await fs.writeFile(path.join(folder(), 'prepared.wav'), preparedWav(SAMPLE_COUNT, sampleAt));
  });
  beforeEach(async () => {
    count = new OpenCount();
    transport = new UndiciTransport();
    parts = testParts(transport, storage());
    server = await ScriptedServer.start();
  });
  afterEach(async () => {
    await transport.dispose();
    await server.close();
    count.assertEven();
    assert.equal(parts.limiter.words.length, parts.limiter.leaseCount, 'every lease has ended');
  });

  const audio = (): PreparedAudio => ({
    path: path.join(folder(), 'prepared.wav'),
    dataOffsetBytes: 44,
    sampleCount: SAMPLE_COUNT,
    remarks: [],
  });

  const request = ({ chunk = CHUNK, file, ...changes }: RequestChanges = {}): TranscriptionRequest => ({
    audio: { kind: 'chunk', audio: file ?? audio(), chunk },
    task: 'transcribe',
    model: MODEL,
    ...changes,
  });

  function transcriber(changes: Partial<OpenServer> = {}): HttpTranscriber {
    const facts = { baseUrl: server.baseUrl, host: server.host, provider: 'other' as const };
    return new HttpTranscriber(parts, count.opener({ ...facts, ...changes }), 1);
  }

  const ask = (
    changes: RequestChanges = {},
    endpoint: Partial<OpenServer> = { key: KEY },
    signal = NEVER,
  ): Promise<Answer> => answerOf(transcriber(endpoint).transcribe(request(changes), signal));

  return {
    current: () => ({ server, parts }),
    newParts: (budget) => {
      parts = testParts(transport, storage(), { budget });
      return parts;
    },
    folder,
    audio,
    request,
    transcriber,
    ask,
  };
}
