import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { NEVER } from '../../../../src/core/async/never';
import { defined } from '../../../../src/core/async/defined';
import { problemOf, type Problem } from '../../../../src/core/errors';
import type { Answer, TranscriptionRequest } from '../../../../src/core/model';
import type { Clock } from '../../../../src/core/async/clock';
import { WAV_HEADER_BYTES } from '../../../../src/core/audio/wav';
import type { RequestEvent } from '../../../../src/core/transcription/transcriber';
import { UNKNOWN_BUDGET, type RateBudget } from '../../../../src/core/pacing/rateLimit';
import { TRANSPORT_TIMEOUTS, type HttpTransport, type TransportTimeouts } from '../../../../src/node/http/transport';
import { HttpTranscriber } from '../../../../src/node/speech/httpTranscriber';
import type { OpenServer } from '../../../../src/node/speech/openServer';
import { ScriptedServer, type RecordedRequest, type ScriptedAnswer } from '../../../fakes/scriptedServer';
import { uploadedSamples } from '../../../fakes/uploads';
import { error, groqVerboseJson, spoken } from '../../../fakes/speechAnswers';
import { answerOf, ImpatientClock, OpenCount, testParts, type TestParts } from './asking';
import { errorFrom } from '../problems';
import { sharedFolder, temporaryFolder } from '../temporaryFolder';
import { preparedWav } from '../wavFile';

export const MODEL = 'whisper-large-v3-turbo';
export const KEY = 'gsk_canary_0123456789abcdef';
/** What a server says that repeats the key. */
export const ECHO = `Scripted, with Authorization: Bearer ${KEY}.`;
export const GOOD = groqVerboseJson(spoken('Hello there.'));

/** For servers that never answer: nobody waits for minutes here. */
export const HASTY: TransportTimeouts = { connectMs: 10_000, answerMs: 400, bodyMs: 400 };

const SAMPLE_COUNT = 40_000;
const sampleAt = (at: number): number => ((at * 7919) % 65_536) / 32_768 - 1;
const CHUNK = { startSample: 8000, endSample: 32_000 };

/** A refusal that repeats the key. */
export const told = (status: number, code?: string): ScriptedAnswer => error(status, defined({ message: ECHO, code }));

/** How a request is sent, besides the usual. */
export interface Setting {
  readonly clock?: Clock;
  readonly budget?: RateBudget;
  readonly timeouts?: TransportTimeouts;
  readonly changes?: Partial<TranscriptionRequest>;
  readonly server?: Partial<OpenServer>;
  readonly signal?: AbortSignal;
}

/** A request under way, and what it is made from. */
export interface Asked {
  readonly parts: TestParts;
  readonly events: RequestEvent[];
  readonly answer: Promise<Answer>;
}

/** What the tests of faults work with. */
export interface FaultyRequests {
  readonly current: () => ScriptedServer;
  /** Where the audio lies. */
  readonly folder: () => string;
  /** Where is kept what was learned of servers. */
  readonly storage: () => string;
  readonly ask: (setting?: Setting) => Asked;
  /** Another request with the same parts. */
  readonly askAgain: (
    parts: TestParts,
    changes?: Partial<TranscriptionRequest>,
    facts?: Partial<OpenServer>,
    signal?: AbortSignal,
  ) => Omit<Asked, 'parts'>;
  /** The failure, in which there is no key. */
  readonly failureOf: (asked: Pick<Asked, 'answer' | 'events'>) => Promise<Problem>;
  /** Each attempt arrived whole, with the same audio, and with the key where it belongs and nowhere else. */
  readonly assertWhole: (requests?: readonly RecordedRequest[]) => void;
}

/** A new server for every test; behind it every lease has ended, no key was logged, and nothing was rejected that nobody looked at. */
export function faultyRequests(makeTransport: (timeouts?: TransportTimeouts) => HttpTransport): FaultyRequests {
  const folder = sharedFolder();
  const storage = temporaryFolder();
  const wav = preparedWav(CHUNK.endSample - CHUNK.startSample, (at) => sampleAt(CHUNK.startSample + at));
  let server: ScriptedServer;
  let count: OpenCount;
  const made: TestParts[] = [];
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

  before(async () => {
    await fs.writeFile(path.join(folder(), 'prepared.wav'), preparedWav(SAMPLE_COUNT, sampleAt));
    process.on('unhandledRejection', onUnhandled);
  });
  after(() => {
    process.off('unhandledRejection', onUnhandled);
  });
  beforeEach(async () => {
    count = new OpenCount();
    server = await ScriptedServer.start();
  });
  afterEach(async () => {
    for (const { transport, limiter, log } of made.splice(0)) {
      await transport.dispose();
      assert.equal(limiter.words.length, limiter.leaseCount, 'every lease has ended');
      assertNoKey(log.entries);
    }
    await server.close();
    count.assertEven();
    // Whatever was rejected and nobody looked has been told by then.
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(unhandled.splice(0), []);
  });

  function ask({ timeouts = TRANSPORT_TIMEOUTS, signal = NEVER, changes = {}, ...setting }: Setting = {}): Asked {
    const { clock = new ImpatientClock(), budget = UNKNOWN_BUDGET } = setting;
    const parts = testParts(makeTransport(timeouts), storage(), { clock, budget });
    made.push(parts);
    return { parts, ...askAgain(parts, changes, setting.server, signal) };
  }

  function askAgain(
    parts: TestParts,
    changes: Partial<TranscriptionRequest> = {},
    facts: Partial<OpenServer> = {},
    signal = NEVER,
  ): Omit<Asked, 'parts'> {
    const endpoint = { baseUrl: server.baseUrl, host: server.host, provider: 'other', key: KEY } as const;
    const open = count.opener({ ...endpoint, ...facts });
    const audio = { path: path.join(folder(), 'prepared.wav'), dataOffsetBytes: 44, sampleCount: SAMPLE_COUNT };
    const request: TranscriptionRequest = {
      audio: { kind: 'chunk', audio: { ...audio, remarks: [] }, chunk: CHUNK },
      task: 'transcribe',
      model: MODEL,
      ...changes,
    };
    const events: RequestEvent[] = [];
    return { events, answer: answerOf(new HttpTranscriber(parts, open, 1).transcribe(request, signal), events) };
  }

  async function failureOf({ answer, events }: Pick<Asked, 'answer' | 'events'>): Promise<Problem> {
    const thrown = await errorFrom(answer);
    assertNoKey(thrown, thrown.message, thrown.stack, events);
    const problem = problemOf(thrown);
    if (!problem) throw thrown;
    return problem;
  }

  function assertNoKey(...values: readonly unknown[]): void {
    for (const value of values) assert.ok(!inspect(value, { depth: 10 }).includes(KEY), inspect(value));
  }

  function assertWhole(requests: readonly RecordedRequest[] = server.requests): void {
    for (const { method, path: address, headers, body, files } of requests) {
      assert.equal(method, 'POST');
      assert.equal(headers['content-length'], String(body.length));
      assert.equal(headers.authorization, `Bearer ${KEY}`);
      const others = Object.entries(headers).filter(([name]) => name !== 'authorization');
      assert.ok(!JSON.stringify(others).includes(KEY) && !address.includes(KEY) && !body.includes(KEY));
      assert.equal(files.length, 1);
      assert.ok(uploadedSamples(files[0]).equals(wav.subarray(WAV_HEADER_BYTES)), 'every sample of the chunk');
    }
  }

  return { current: () => server, folder, storage, ask, askAgain, failureOf, assertWhole };
}
