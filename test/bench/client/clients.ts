import fs from 'node:fs';
import { oursOver, rawSocket } from './ours';

/** Somebody who uploads a file as a form and gives the text of the answer. */
export interface BenchClient {
  send(file: string, signal?: AbortSignal): Promise<string>;
}

const form = (
  file: string,
): {
  file: fs.ReadStream;
  model: string;
  response_format: 'verbose_json';
  timestamp_granularities: ('segment' | 'word')[];
} => ({
  file: fs.createReadStream(file),
  model: 'whisper-large-v3-turbo',
  response_format: 'verbose_json',
  timestamp_granularities: ['segment', 'word'],
});

/** The clients by name, each loaded in a process of its own so that the memory it takes is its own. A read stream is what the SDKs' guides show. */
export const CLIENTS: Readonly<Record<string, (origin: string, maxRetries?: number) => Promise<BenchClient>>> = {
  'raw socket': (origin) => Promise.resolve(rawSocket(origin)),
  Minutes: async (origin) => {
    const { UndiciTransport } = await import('../../../src/node/http/undiciTransport');
    return oursOver(new UndiciTransport(), origin);
  },
  'Minutes over fetch': async (origin) => {
    const { FetchTransport } = await import('../../../src/node/http/fetchTransport');
    return oursOver(new FetchTransport(), origin);
  },
  'groq-sdk': async (origin, maxRetries) => {
    const { default: Groq } = await import('groq-sdk');
    const sdk = new Groq({ apiKey: 'k', baseURL: origin, ...(maxRetries !== undefined && { maxRetries }) });
    return {
      send: async (file, signal) => (await sdk.audio.transcriptions.create(form(file), { signal })).text,
    };
  },
  openai: async (origin, maxRetries) => {
    const { default: OpenAI } = await import('openai');
    const sdk = new OpenAI({ apiKey: 'k', baseURL: `${origin}/v1`, ...(maxRetries !== undefined && { maxRetries }) });
    return {
      send: async (file, signal) => (await sdk.audio.transcriptions.create(form(file), { signal })).text,
    };
  },
};
