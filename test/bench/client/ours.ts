import fs from 'node:fs';
import net from 'node:net';
import { multipartBody, type MultipartBody } from '../../../src/node/http/multipart';
import type { HttpTransport } from '../../../src/node/http/transport';
import type { BenchClient } from './clients';

const never = new AbortController().signal;

/**
 * What Minutes is in this comparison. HOOK: transport and form only, no retries yet. With HttpTranscriber it becomes one transcriber
 * whose `transcribe` gets the file as its audio; nothing else of the benchmark changes.
 */
export function oursOver(transport: HttpTransport, origin: string): BenchClient {
  return {
    send: async (file, signal = never) => {
      const form = formOf(file);
      const { status, body } = await transport.send(
        {
          ...{ method: 'POST', url: `${origin}/v1/audio/transcriptions`, body: form },
          headers: { 'content-type': form.contentType, authorization: 'Bearer k', 'user-agent': 'Minutes' },
        },
        signal,
      );
      if (status !== 200) throw new Error(`status ${status}`);
      return (JSON.parse(body) as { text: string }).text;
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
      for await (const block of form.stream(never)) if (!socket.write(block)) await drained(socket);
      return (JSON.parse(await answer) as { text: string }).text;
    },
  };
}

function formOf(file: string): MultipartBody {
  return multipartBody(
    [
      ...[['model', 'whisper-large-v3-turbo'] as const, ['response_format', 'verbose_json'] as const],
      ...[['timestamp_granularities[]', 'segment'] as const, ['timestamp_granularities[]', 'word'] as const],
    ],
    {
      ...{ fileName: 'audio.wav', contentType: 'audio/wav', header: new Uint8Array(0) },
      ...{ path: file, offsetBytes: 0, lengthBytes: fs.statSync(file).size },
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
