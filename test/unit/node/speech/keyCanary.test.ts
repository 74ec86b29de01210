import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { NEVER } from '../../../../src/core/async/never';
import { problemOf } from '../../../../src/core/errors';
import type { Recording } from '../../../../src/core/model';
import type { TranscriptLog } from '../../../../src/core/transcript/transcriptLog';
import type { RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import type { TranscriptionWishes } from '../../../../src/core/transcription/fileTranscriber';
import { FileTranscription } from '../../../../src/node/speech/fileTranscription';
import { openRecording } from '../../../../src/node/audio/openRecording';
import { ScriptedServer, type Script, type ScriptedAnswer } from '../../../fakes/scriptedServer';
import { error, groqVerboseJson, htmlError, redirect, spoken } from '../../../fakes/speechAnswers';
import { FileTranscriptStore } from '../../../../src/node/transcripts/transcriptFolder';
import { clientOptions, remoteAt } from './client';
import type { KeptLog } from './asking';
import { sharedFolder } from '../temporaryFolder';
import { linesOf, openedAs } from '../transcripts/logs';
import { speechSamples } from '../speechSamples';
import { wavOf } from '../wavFile';

const CANARY = 'gsk_canary/0123"456789+abcdef';
/** Any of it is too much. */
const TRACES = ['gsk_canary', '456789+abcdef', encodeURIComponent(CANARY)];
const ECHO = `Incorrect API key provided: ${CANARY}. Header was "Authorization: Bearer ${CANARY}".`;
const GOOD = groqVerboseJson(spoken('Something was said.'));
/** So that nobody waits for the next attempt: the first that fails in a passing way is the last. */
const paused = { 'retry-after': '7200' };

/** Everything that a run leaves or tells goes through here. */
interface Traces {
  readonly errors: unknown[];
  readonly told: unknown[];
  readonly logs: KeptLog[];
}

describe('The key', () => {
  const folder = sharedFolder();
  const storage = (): string => path.join(folder(), 'storage');
  const traces: Traces = { errors: [], told: [], logs: [] };
  const codes: string[] = [];
  let logCount = 0;
  let server: ScriptedServer;
  let other: ScriptedServer;
  let endpoint: RemoteEndpoint;
  let recording: Recording;

  before(async () => {
    server = await ScriptedServer.start();
    other = await ScriptedServer.start(() => GOOD);
    endpoint = remoteAt(server);
    // Not as it is sent: something has to be prepared.
    const file = path.join(folder(), 'speech.wav');
    const form = { format: 'int16', rateHz: 8000, channelCount: 1 } as const;
    await fs.writeFile(file, wavOf(await speechSamples(), form));
    recording = await openRecording(file);
    await everything();
  });
  after(async () => {
    await server.close();
    await other.close();
  });

  /** A run, a fetch and three questions, with whatever the server does. */
  async function askAll(script: Script, key = CANARY, to = endpoint): Promise<void> {
    const store = new FileTranscriptStore(path.join(storage(), 'transcripts'));
    /** A run with a log of its own on the disk. */
    const logged = async (begin: (log: TranscriptLog) => AsyncIterable<unknown>): Promise<void> => {
      const log = await store.begin(`${logCount++}`, linesOf(openedAs()));
      await watch(begin(log));
      traces.told.push(await log.transcript());
      await log.close();
    };
    const options = clientOptions(storage(), { readKey: () => Promise.resolve(key) });
    traces.logs.push(options.log);
    const one = new FileTranscription(options);
    const watch = async (work: AsyncIterable<unknown> | Promise<unknown>): Promise<void> => {
      try {
        if (work instanceof Promise) traces.told.push(await work);
        else for await (const event of work) traces.told.push(event);
      } catch (thrown) {
        traces.errors.push(thrown);
        codes.push(problemOf(thrown)?.code ?? String(thrown));
      }
    };
    const begin = (): void => {
      server.play(script);
    };
    try {
      // Nothing is removed: the logs are to be searched.
      for (const language of ['en', 'de']) {
        begin();
        const prompt = { text: 'one.', terms: ['one'] };
        const meeting: TranscriptionWishes = { job: 'meeting', language, prompt };
        await logged((log) => one.transcribeFile(recording, to, meeting, log, NEVER));
        await logged((log) => one.transcribeFile(recording, to, { job: 'translation', language }, log, NEVER));
      }
      begin();
      const address = 'https://example.com/a.mp3';
      await logged((log) => one.transcribeUrl(address, to, { job: 'meeting' }, log, NEVER));
      begin();
      await watch(one.probe.listModels(to, NEVER));
      begin();
      await watch(one.probe.test(to, undefined, NEVER));
      begin();
      await watch(one.probe.warmUp(to, {}, NEVER));
      for (const entry of await fs.readdir(storage(), { recursive: true })) traces.told.push(entry);
    } finally {
      await one.dispose();
    }
  }

  async function everything(): Promise<void> {
    await askAll(() => GOOD);
    const refusals: readonly ScriptedAnswer[] = [
      error(400, { message: ECHO }),
      error(400, { message: `${ECHO} Unknown response_format.` }),
      error(401, { message: ECHO, code: 'invalid_api_key' }),
      error(403, { message: ECHO }),
      error(404, { message: ECHO }),
      error(413, { message: ECHO }),
      error(429, { message: ECHO, headers: paused }),
      error(503, { message: ECHO, headers: { ...paused, 'x-request-id': CANARY } }),
      htmlError(403, ECHO),
      { ...htmlError(200, ECHO) },
      { body: `{"text": "${CANARY}` },
      { body: ECHO },
      redirect(`${other.baseUrl}/audio/transcriptions?key=${encodeURIComponent(CANARY)}`),
    ];
    for (const answer of refusals) await askAll(() => answer);
    // The connection breaks in the answer's middle, then the server is busy for hours: a pause, and nobody waits.
    const broken: ScriptedAnswer = { body: ECHO, reset: 'whileBody' };
    await askAll((_, index) => (index === 0 ? broken : error(429, { message: ECHO, headers: paused })));
    for (const key of [`${CANARY}\n`, `“${CANARY}”`]) await askAll(() => GOOD, key);
    await askAll(() => GOOD, CANARY, { ...endpoint, baseUrl: 'http://127.0.0.1:1/v1', host: '127.0.0.1:1' });
  }

  function assertClean(text: string, where: string): void {
    for (const trace of TRACES) {
      const at = text.indexOf(trace);
      assert.ok(at < 0, `${where}: ${text.slice(Math.max(0, at - 200), at + 100)}`);
    }
  }

  it('was used in runs that ended in every way', () => {
    const expected = [
      'requestRefused',
      'keyRejected',
      'forbidden',
      'notFound',
      'tooLarge',
      'paused',
      'proxyAnswered',
      'responseUnreadable',
      'redirected',
      'endpointUnreachable',
    ];
    assert.deepEqual(
      expected.filter((code) => !codes.includes(code)),
      [],
    );
    assert.deepEqual(
      codes.filter((code) => !/^[a-z]+[A-Za-z]+$/.test(code)),
      [],
      'nothing but errors of ours',
    );
  });

  it('is in no error', () => {
    for (const thrown of traces.errors) {
      assertClean(inspect(thrown, { depth: 10, showHidden: true, maxStringLength: null }), 'an error');
      assert.ok(thrown instanceof Error);
      assertClean(`${thrown.message}\n${thrown.stack ?? ''}\n${JSON.stringify(thrown)}`, 'an error');
    }
  });

  it('is in no log', () => {
    const entries = traces.logs.flatMap(({ entries: kept }) => kept);
    assert.ok(entries.length > 100);
    for (const kind of ['sent', 'answered', 'broken', 'waiting', 'changed']) {
      assert.ok(
        entries.some((entry) => entry.kind === kind),
        kind,
      );
    }
    for (const entry of entries) assertClean(`${inspect(entry, { depth: 10 })}\n${JSON.stringify(entry)}`, 'the log');
  });

  it('is in no transcript, list of models or outcome of a test', () => {
    assert.ok(traces.told.length > 50);
    for (const value of traces.told)
      assertClean(`${inspect(value, { depth: 10 })}\n${JSON.stringify(value)}`, 'an event');
  });

  it('is in no file', async () => {
    const files: string[] = [];
    for (const entry of await fs.readdir(storage(), { recursive: true, withFileTypes: true })) {
      assertClean(entry.name, 'a file’s name');
      if (!entry.isFile()) continue;
      files.push(entry.name);
      assertClean(await fs.readFile(path.join(entry.parentPath, entry.name), 'latin1'), entry.name);
    }
    assert.ok(
      files.some((name) => name.endsWith('.jsonl')),
      files.join(),
    );
  });

  it('came in one header to one server', () => {
    assert.ok(server.requests.length > 50);
    for (const { headers, path: address, body } of server.requests) {
      assert.equal(headers.authorization, `Bearer ${CANARY}`);
      const others = Object.entries(headers).filter(([name]) => name !== 'authorization');
      assertClean(inspect(others), 'a header');
      assertClean(address, 'an address');
      assertClean(body.toString('latin1'), 'a body');
    }
    assert.equal(other.connectionCount, 0);
  });
});
