import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { Answer, RequestAudio } from '../../../../src/core/model';
import type { Provider } from '../../../../src/core/endpoints/endpoint';
import { UndiciTransport } from '../../../../src/node/http/undiciTransport';
import { HttpTranscriber } from '../../../../src/node/speech/httpTranscriber';
import { ScriptedServer, type RecordedRequest } from '../../../fakes/scriptedServer';
import { groqVerboseJson } from '../../../fakes/speechAnswers';
import { uploadedSamples } from '../../../fakes/uploads';
import { answerOf, OpenCount, testParts } from './asking';
import { problemWith } from '../problems';
import { sharedFolder, temporaryFolder } from '../temporaryFolder';
import { preparedWav, tone } from '../wavFile';
import { SAID, url, WIRES, type Wire } from './wires';

const SAMPLE_COUNT = 32_000;

describe('Dialects over the wire', () => {
  const folder = sharedFolder();
  const storage = temporaryFolder();
  const wav = preparedWav(SAMPLE_COUNT, tone(440, 16_000));
  let server: ScriptedServer;
  let transport: UndiciTransport;

  before(() => fs.writeFile(path.join(folder(), 'prepared.wav'), wav));
  beforeEach(async () => {
    transport = new UndiciTransport();
    server = await ScriptedServer.start();
  });
  afterEach(async () => {
    await transport.dispose();
    await server.close();
  });

  const audio = (): RequestAudio => ({
    kind: 'chunk',
    audio: {
      path: path.join(folder(), 'prepared.wav'),
      dataOffsetBytes: 44,
      sampleCount: SAMPLE_COUNT,
      remarks: [],
    },
    chunk: { startSample: 0, endSample: SAMPLE_COUNT },
  });

  function ask(provider: Provider, request: Wire['request']): Promise<Answer> {
    const facts = { baseUrl: server.baseUrl, host: server.host, provider };
    const transcriber = new HttpTranscriber(testParts(transport, storage()), new OpenCount().opener(facts), 1);
    return answerOf(transcriber.transcribe({ audio: audio(), task: 'transcribe', model: 'usual', ...request }, NEVER));
  }

  function only(): RecordedRequest {
    assert.equal(server.requests.length, 1);
    const [got] = server.requests;
    assert.ok(got);
    return got;
  }

  for (const { name, provider, request, answer, path: address, fields, read } of WIRES) {
    it(name, async () => {
      server.play([answer]);
      const { text, segments, words, model, ...more } = await ask(provider, request);
      const got = only();
      assert.deepEqual([got.method, got.path], ['POST', address]);
      assert.deepEqual(got.fields, fields);
      assert.match(got.headers['content-type'] ?? '', /^multipart\/form-data; boundary=/);
      assert.equal(got.headers['content-length'], String(got.body.length));
      if (request.audio?.kind === 'url') assert.deepEqual(got.files, [], 'no file beside the address');
      else {
        assert.deepEqual(
          got.files.map(({ field, name: fileName, type }) => [field, fileName, type]),
          [['file', 'audio.flac', 'audio/flac']],
        );
        assert.ok(uploadedSamples(got.files[0]).equals(wav.subarray(44)));
      }
      assert.deepEqual([text, model], ['Bonjour à tous.', request.model ?? 'usual']);
      const [segmentCount, wordCount, told = {}] = read;
      assert.deepEqual([segments.length, words.length], [segmentCount, wordCount]);
      for (const { startS, endS } of segments) assert.deepEqual([startS, endS], [0.5, 1.5]);
      for (const { startS, endS } of words) assert.ok(startS >= 0.5 && endS <= 1.5 + 1e-9);
      assert.deepEqual({ ...more, ...told }, more);
    });
  }

  it('an address where the dialect has no field for it: urlUnsupported, nothing sent', async () => {
    const askWith = (provider: Provider, model: string): Promise<Answer> => ask(provider, { model, audio: url });
    assert.equal((await problemWith('urlUnsupported', askWith('whisperCpp', 'any'))).host, server.host);
    assert.equal((await problemWith('urlUnsupported', askWith('openai', 'gpt-4o-transcribe'))).host, server.host);
    assert.equal(server.connectionCount, 0);
  });

  it('a file as it lies on disk, named by what it is', async () => {
    const bytes = Buffer.concat([Buffer.from('OggS\0\x02'), Buffer.alloc(100_000, 7)]);
    const file = path.join(folder(), 'Réunion "Q3".oga');
    await fs.writeFile(file, bytes);
    server.play([groqVerboseJson(SAID)]);
    const mediaType = { ending: 'ogg', contentType: 'audio/ogg' } as const;
    await ask('groq', { audio: { kind: 'file', path: file, sizeBytes: bytes.length, mediaType } });
    const [sent] = only().files;
    assert.deepEqual([sent?.name, sent?.type], ['audio.ogg', 'audio/ogg']);
    assert.ok(sent?.bytes.equals(bytes));
  });
});
