import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Recogniser } from '../../../../src/engine/api/recogniser';
import { createServer, type ServerOptions } from '../../../../src/engine/api/server';
import { preparedWav } from '../../node/wavFile';
import { FakeRecogniser } from './fakeRecogniser';

/** What every request of the tests must bear. */
export const TOKEN = 'a-token-of-the-test';

/** One second of a tone, prepared. */
export const WAV = preparedWav(16_000, (at) => Math.sin(at / 10) / 4);

/** The engine's server on a loopback port. */
export interface EngineOnLoopback {
  readonly server: http.Server;
  readonly port: number;
  /** Without a slash at its end. */
  readonly origin: string;
}

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** Serves for one test at a time: call it in a `describe`, then what it gives in a test. The server ends with the test. */
export function engineOnLoopback(): (recogniser?: Recogniser, options?: ServerOptions) => Promise<EngineOnLoopback> {
  const open: http.Server[] = [];
  afterEach(async () => {
    for (const server of open.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
  return async (recogniser = new FakeRecogniser(), options = {}) => {
    const server = createServer(recogniser, TOKEN, options);
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { server, port, origin: `http://127.0.0.1:${port}` };
  };
}

/** What a request is besides its body. Headers come beside the token, or in its place. */
export interface AskOptions {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: http.Agent;
}

/** Sends a request as it is: fetch would tidy the path and the headers. A body of several blocks is sent block by block. */
export function ask(
  { port }: Pick<EngineOnLoopback, 'port'>,
  { headers = {}, ...options }: AskOptions,
  blocks: readonly Uint8Array[] = [],
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, ...options }, (response) => {
      const read: Buffer[] = [];
      response.on('data', (block: Buffer) => read.push(block));
      response.on('end', () => {
        const { statusCode: status = 0, headers: got } = response;
        resolve({ status, headers: got, text: Buffer.concat(read).toString() });
      });
      response.on('error', reject);
    });
    request.setHeader('authorization', `Bearer ${TOKEN}`);
    for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
    request.on('error', reject);
    for (const block of blocks) request.write(block);
    request.end();
  });
}
