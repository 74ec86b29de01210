import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { Answer, RequestAudio, TranscriptionRequest } from '../../../../src/core/model';
import type { Provider } from '../../../../src/core/endpoints/endpoint';
import { UndiciTransport } from '../../../../src/node/http/undiciTransport';
import { HttpTranscriber } from '../../../../src/node/speech/httpTranscriber';
import { ScriptedServer, type RecordedRequest, type ScriptedAnswer } from '../../../fakes/scriptedServer';
import {
  groqVerboseJson,
  localAi,
  openAiJson,
  openAiLanguages,
  openAiLogprobs,
  spoken,
  vllm,
  voxtral,
  whisperCpp,
} from '../../../fakes/speechAnswers';
import { answerOf, OpenCount, testParts } from './asking';
import { problemWith } from '../problems';
import { sharedFolder, temporaryFolder } from '../temporaryFolder';
import { preparedWav, tone } from '../wavFile';

const SAMPLE_COUNT = 32_000;
const SAID = spoken('Bonjour à tous.', 0.5, 1.5);
const URL_OF_AUDIO = 'https://example.com/meeting.mp3?token=a&b=1';

interface Wire {
  readonly name: string;
  readonly provider: Provider;
  readonly request: Partial<TranscriptionRequest>;
  readonly answer: ScriptedAnswer;
  readonly path: string;
  readonly fields: readonly (readonly [string, string])[];
  /** Segments, words, and what else the answer told. */
  readonly read: readonly [segmentCount: number, wordCount: number, more?: Partial<Answer>];
}

const prompt = { text: 'useEffect, Zoë Müller.', terms: ['useEffect', 'Zoë Müller'] };
const url: RequestAudio = { kind: 'url', url: URL_OF_AUDIO };

const WIRES: readonly Wire[] = [
  {
    name: 'Groq',
    provider: 'groq',
    path: '/v1/audio/transcriptions',
    answer: groqVerboseJson(SAID),
    request: { model: 'whisper-large-v3-turbo', language: 'fr', prompt, temperature: 0.2 },
    fields: [
      ['model', 'whisper-large-v3-turbo'],
      ['response_format', 'verbose_json'],
      ['timestamp_granularities[]', 'segment'],
      ['timestamp_granularities[]', 'word'],
      ['temperature', '0.2'],
      ['language', 'fr'],
      ['prompt', prompt.text],
    ],
    read: [1, 3, { language: 'en', durationS: 1.5 }],
  },
  {
    name: 'Groq, a translation',
    provider: 'groq',
    path: '/v1/audio/translations',
    request: { task: 'translate', model: 'whisper-large-v3', language: 'fr', prompt },
    answer: groqVerboseJson(SAID),
    fields: [
      ['model', 'whisper-large-v3'],
      ['response_format', 'verbose_json'],
      ['timestamp_granularities[]', 'segment'],
      ['timestamp_granularities[]', 'word'],
      ['temperature', '0'],
      ['prompt', prompt.text],
    ],
    read: [1, 3],
  },
  {
    name: 'Groq, an address',
    provider: 'groq',
    path: '/v1/audio/transcriptions',
    request: { model: 'whisper-large-v3-turbo', audio: url },
    answer: groqVerboseJson(SAID),
    fields: [
      ['model', 'whisper-large-v3-turbo'],
      ['response_format', 'verbose_json'],
      ['timestamp_granularities[]', 'segment'],
      ['timestamp_granularities[]', 'word'],
      ['temperature', '0'],
      ['url', URL_OF_AUDIO],
    ],
    read: [1, 3],
  },
  {
    name: 'gpt-transcribe',
    provider: 'openai',
    path: '/v1/audio/transcriptions',
    request: {
      model: 'gpt-transcribe',
      language: 'fr',
      prompt: { text: 'a<b>, two\nlines.', terms: ['a<b>', 'two\nlines', '<>'] },
    },
    answer: openAiLanguages({ ...SAID, language: 'fr' }),
    fields: [
      ['model', 'gpt-transcribe'],
      ['response_format', 'json'],
      ['languages[]', 'fr'],
      ['keywords[]', 'a b'],
      ['keywords[]', 'two lines'],
    ],
    read: [0, 0, { language: 'fr' }],
  },
  {
    name: 'gpt-4o-transcribe',
    provider: 'openai',
    path: '/v1/audio/transcriptions',
    request: { model: 'gpt-4o-transcribe', language: 'fr', prompt, temperature: 0 },
    answer: openAiLogprobs(SAID, [-0.1, -0.3]),
    fields: [
      ['model', 'gpt-4o-transcribe'],
      ['response_format', 'json'],
      ['language', 'fr'],
      ['prompt', prompt.text],
      ['include[]', 'logprobs'],
    ],
    read: [0, 0, { averageLogProbability: -0.2 }],
  },
  {
    name: 'gpt-4o-transcribe-diarize',
    provider: 'openai',
    path: '/v1/audio/transcriptions',
    request: { model: 'gpt-4o-transcribe-diarize', prompt },
    answer: openAiJson(SAID),
    fields: [
      ['model', 'gpt-4o-transcribe-diarize'],
      ['response_format', 'json'],
      ['chunking_strategy', 'auto'],
    ],
    read: [0, 0],
  },
  {
    name: 'whisper.cpp',
    provider: 'whisperCpp',
    path: '/v1/inference',
    request: { prompt },
    answer: whisperCpp({ ...SAID, language: 'french' }),
    fields: [
      ['response_format', 'verbose_json'],
      ['temperature', '0'],
      ['language', 'auto'],
      ['prompt', prompt.text],
    ],
    read: [1, 3, { language: 'fr', durationS: 1.5 }],
  },
  {
    name: 'whisper.cpp, a translation',
    provider: 'whisperCpp',
    path: '/v1/inference',
    request: { task: 'translate', language: 'fr' },
    answer: whisperCpp(SAID),
    fields: [
      ['response_format', 'verbose_json'],
      ['temperature', '0'],
      ['language', 'fr'],
      ['translate', 'true'],
    ],
    read: [1, 3],
  },
  {
    name: 'Voxtral',
    provider: 'mistral',
    path: '/v1/audio/transcriptions',
    request: { model: 'voxtral-mini-latest', language: 'fr', prompt },
    answer: voxtral(SAID),
    fields: [
      ['model', 'voxtral-mini-latest'],
      ['timestamp_granularities[]', 'segment'],
      ['language', 'fr'],
      ['context_bias[]', 'useEffect'],
      ['context_bias[]', 'Zoë_Müller'],
    ],
    read: [1, 0],
  },
  {
    name: 'Voxtral, an address',
    provider: 'mistral',
    path: '/v1/audio/transcriptions',
    request: { model: 'voxtral-mini-latest', audio: url },
    answer: voxtral(SAID),
    fields: [
      ['model', 'voxtral-mini-latest'],
      ['timestamp_granularities[]', 'segment'],
      ['file_url', URL_OF_AUDIO],
    ],
    read: [1, 0],
  },
  ...(
    [
      ['vLLM', vllm, 0],
      ['LocalAI', localAi, 3],
    ] as const
  ).map(([name, answer, wordCount]): Wire => ({
    name,
    provider: 'other',
    path: '/v1/audio/transcriptions',
    request: { model: 'my-whisper' },
    answer: answer(SAID),
    fields: [
      ['model', 'my-whisper'],
      ['response_format', 'verbose_json'],
      ['timestamp_granularities[]', 'segment'],
      ['timestamp_granularities[]', 'word'],
      ['temperature', '0'],
    ],
    read: [1, wordCount],
  })),
];

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
      isTruncated: false,
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
          [['file', 'audio.wav', 'audio/wav']],
        );
        assert.ok(got.files[0]?.bytes.equals(wav));
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
