import type { Answer, RequestAudio, TranscriptionRequest } from '../../../../src/core/model';
import type { Provider } from '../../../../src/core/endpoints/endpoint';
import type { ScriptedAnswer } from '../../../fakes/scriptedServer';
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

/** What every server of the table hears. */
export const SAID = spoken('Bonjour à tous.', 0.5, 1.5);
const URL_OF_AUDIO = 'https://example.com/meeting.mp3?token=a&b=1';

/** What goes over the wire to one kind of server, and what is read of its answer. */
export interface Wire {
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
/** Audio that the server fetches itself. */
export const url: RequestAudio = { kind: 'url', url: URL_OF_AUDIO };

/** Every dialect, at least once. */
export const WIRES: readonly Wire[] = [
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
      ['max_len', '10000'],
      ['no_language_probabilities', 'true'],
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
      ['max_len', '10000'],
      ['no_language_probabilities', 'true'],
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
    ],
    read: [1, wordCount],
  })),
];
