import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { NEVER } from '../../../src/core/async/never';
import { initialBudget } from '../../../src/core/pacing/rateLimit';
import { RateLimiter } from '../../../src/core/pacing/rateLimiter';
import { multipartBody, type MultipartBody } from '../../../src/node/http/multipart';
import type { HttpTransport } from '../../../src/node/http/transport';
import { HttpTranscriber } from '../../../src/node/speech/httpTranscriber';
import { LearnedShapes } from '../../../src/node/speech/learnedShapes';
import { SYSTEM_CLOCK } from '../../../src/node/system/systemClock';
import type { BenchClient } from './clients';

/** Minutes as it is in the extension: form, transport, quota and retries, with the file as one request. */
export function oursOver(transport: HttpTransport, origin: string): BenchClient {
  const baseUrl = `${origin}/v1`;
  const server = {
    baseUrl,
    host: origin,
    provider: 'other' as const,
    key: 'k',
    release: () => undefined,
  } as const;
  const limiter = new RateLimiter(SYSTEM_CLOCK, initialBudget(baseUrl, SYSTEM_CLOCK.nowMs()));
  let count = 0;
  const parts = {
    transport,
    clock: SYSTEM_CLOCK,
    userAgent: 'Minutes',
    knownAddresses: new Set<string>(),
    answeredModels: new Set<string>(),
    shapes: new LearnedShapes(path.join(os.tmpdir(), `minutes-bench-${process.pid}.json`)),
    log: { write: () => undefined },
    limiterFor: () => limiter,
    nextNumber: () => ++count,
  };
  const transcriber = new HttpTranscriber(parts, () => Promise.resolve(server), 1);
  return {
    send: async (file, signal = NEVER) => {
      const mediaType = { ending: 'wav', contentType: 'audio/wav' } as const;
      const audio = { kind: 'file', path: file, sizeBytes: fs.statSync(file).size, mediaType } as const;
      for await (const event of transcriber.transcribe(
        { audio, task: 'transcribe', model: 'whisper-large-v3-turbo' },
        signal,
      )) {
        if (event.kind === 'answered') return event.answer.text;
      }
      throw new Error('no answer');
    },
  };
}

/** The same bytes over a bare socket, written as fast as it takes them: no client can be much quicker. */
export function rawSocket(origin: string): BenchClient {
  const { hostname, port } = new URL(origin);
  let socket: net.Socket | undefined;
  return {
    send: async (file) => {
      socket ??= net.connect({ host: hostname, port: Number(port), noDelay: true });
      const answer = wholeAnswer(socket);
      const form = formOf(file);
      socket.write(
        `POST /v1/audio/transcriptions HTTP/1.1\r\nhost: ${hostname}:${port}\r\n` +
          `content-type: ${form.contentType}\r\ncontent-length: ${form.lengthBytes}\r\n\r\n`,
      );
      for await (const block of form.stream(NEVER)) if (!socket.write(block)) await drained(socket);
      return (JSON.parse(await answer) as { text: string }).text;
    },
  };
}

function formOf(file: string): MultipartBody {
  return multipartBody(
    [
      ['model', 'whisper-large-v3-turbo'] as const,
      ['response_format', 'verbose_json'] as const,
      ['timestamp_granularities[]', 'segment'] as const,
      ['timestamp_granularities[]', 'word'] as const,
    ],
    {
      fileName: 'audio.wav',
      contentType: 'audio/wav',
      bytes: new Uint8Array(0),
      range: { path: file, offsetBytes: 0, lengthBytes: fs.statSync(file).size },
    },
  );
}

function drained(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve);
  });
}

/** The body of an answer that has its length told. */
function wholeAnswer(socket: net.Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const onData = (bytes: Buffer): void => {
      text += bytes.toString();
      const [head = '', body] = text.split('\r\n\r\n');
      if (body === undefined || body.length < Number(/content-length: (\d+)/i.exec(head)?.[1])) return;
      socket.off('data', onData);
      resolve(body);
    };
    socket.on('data', onData);
  });
}
