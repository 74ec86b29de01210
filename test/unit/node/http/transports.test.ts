import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import https from 'node:https';
import path from 'node:path';
import type { Socket } from 'node:net';
import { FetchTransport } from '../../../../src/node/http/fetchTransport';
import { multipartBody } from '../../../../src/node/http/multipart';
import {
  MAXIMUM_ANSWER_BYTES,
  TRANSPORT_TIMEOUTS,
  TransportFailure,
  type HttpRequest,
  type HttpTransport,
  type RequestBody,
  type TransportTimeouts,
} from '../../../../src/node/http/transport';
import { UndiciTransport } from '../../../../src/node/http/undiciTransport';
import { SELF_SIGNED } from '../../../fakes/certificate';
import { RawServer } from '../../../fakes/rawServer';
import { ScriptedServer, type ScriptedAnswer, type ScriptedServerOptions } from '../../../fakes/scriptedServer';
import { redirect } from '../../../fakes/speechAnswers';
import { errorFrom, problemWith } from '../problems';
import { sharedFolder } from '../temporaryFolder';

const never = new AbortController().signal;
/** So short that a test does not wait, so long that a busy machine answers within. */
const SHORT_MS = 300;
const LARGE_BYTES = 64 * 1024 * 1024;

const TRANSPORTS: Readonly<Record<string, (timeouts?: TransportTimeouts) => HttpTransport>> = {
  UndiciTransport: (timeouts) => new UndiciTransport(timeouts),
  FetchTransport: (timeouts) => new FetchTransport(timeouts),
};

for (const [name, make] of Object.entries(TRANSPORTS)) {
  describe(name, () => {
    const folder = sharedFolder();
    const opened: (() => Promise<void>)[] = [];

    afterEach(async () => {
      for (const close of opened.splice(0).reverse()) await close();
      // Where a promise was rejected and nobody looked, mocha hears of it now and not in the next test.
      await new Promise((resolve) => setImmediate(resolve));
    });

    async function scripted(
      answers: readonly ScriptedAnswer[],
      options: ScriptedServerOptions = {},
    ): Promise<ScriptedServer> {
      const server = await ScriptedServer.start(answers, options);
      opened.push(() => server.close());
      return server;
    }

    async function raw(onConnection: (socket: Socket) => void): Promise<RawServer> {
      const server = await RawServer.start(onConnection);
      opened.push(() => server.close());
      return server;
    }

    function transport(changes: Partial<TransportTimeouts> = {}): HttpTransport {
      const made = make({ ...TRANSPORT_TIMEOUTS, ...changes });
      opened.push(() => made.dispose());
      return made;
    }

    /** What keeps an answer from coming. */
    async function failure(work: Promise<unknown>): Promise<TransportFailure> {
      const error = await errorFrom(work);
      if (!(error instanceof TransportFailure)) throw error;
      return error;
    }

    /** Aborts when told to; what is thrown has to be the very reason. */
    async function assertAborts(
      start: (signal: AbortSignal) => Promise<unknown>,
      ready: Promise<unknown>,
    ): Promise<void> {
      const stop = new AbortController();
      const reason = new Error('enough');
      const outcome = errorFrom(start(stop.signal));
      await ready;
      stop.abort(reason);
      assert.equal(await outcome, reason);
    }

    describe('an answer', () => {
      it('of every status comes with its headers and its text', async () => {
        const statuses = [200, 201, 400, 401, 403, 404, 408, 409, 413, 422, 424, 429, 498, 500, 502, 503, 504];
        const server = await scripted(
          statuses.map((status) => ({
            status,
            headers: { 'x-number': String(status) },
            body: `it is ${status}, naïve`,
          })),
        );
        const one = transport();
        for (const status of statuses) {
          const answer = await one.send(post(`${server.origin}/a`, bodyOf('hello')), never);
          assert.equal(answer.status, status);
          assert.equal(answer.headers['x-number'], String(status));
          assert.equal(answer.body, `it is ${status}, naïve`);
        }
      });

      it('to GET comes as well', async () => {
        const server = await scripted([{ body: '{"data":[]}' }]);
        const answer = await transport().send({ ...get(`${server.origin}/v1/models?a=b`), headers: { a: 'b' } }, never);
        assert.equal(answer.body, '{"data":[]}');
        const [request] = server.requests;
        assert.deepEqual([request?.method, request?.path, request?.headers['a']], ['GET', '/v1/models?a=b', 'b']);
        assert.equal(request?.headers['content-length'], undefined);
      });

      it('has the values of a header that came twice joined by a comma', async () => {
        const server = await raw((socket) => {
          socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\ncontent-length: 0\r\n\r\n'));
        });
        const { headers } = await transport().send(get(server.origin), never);
        assert.equal(headers['x-a'], '1, 2');
      });

      it('may come in single bytes, characters torn apart', async () => {
        const server = await scripted([{ body: 'naïve 🎙️', dripMs: 1 }]);
        assert.equal((await transport().send(get(server.origin), never)).body, 'naïve 🎙️');
      });

      it('may be announced by one of 1xx', async () => {
        const server = await raw((socket) => {
          socket.once('data', () =>
            socket.write('HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
          );
        });
        const answer = await transport().send(get(server.origin), never);
        assert.deepEqual([answer.status, answer.body], [200, 'ok']);
      });

      it('may end with the connection', async () => {
        const server = await raw((socket) => {
          socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nthe end'));
        });
        assert.equal((await transport().send(get(server.origin), never)).body, 'the end');
      });

      it('is not waited for any longer when it is too large', async () => {
        const piece = Buffer.alloc(1024 * 1024, 'a');
        const server = await raw((socket) => {
          const more = (): void => {
            while (!socket.destroyed && socket.write(piece));
          };
          socket.once('data', () => {
            socket.write('HTTP/1.1 200 OK\r\n\r\n');
            socket.on('drain', more);
            more();
          });
        });
        const { problem, reason } = await failure(transport().send(get(server.origin), never));
        assert.deepEqual([problem, reason], ['answerTooLarge', `more than ${MAXIMUM_ANSWER_BYTES} bytes`]);
      });

      it('that sends the request elsewhere is the answer; the key goes nowhere else', async () => {
        const elsewhere = await scripted([{}]);
        const server = await scripted([redirect(`${elsewhere.origin}/a`), redirect(`${elsewhere.origin}/a`, 302)]);
        const one = transport();
        const posted = await one.send(post(server.origin, bodyOf('hello')), never);
        const got = await one.send(get(server.origin), never);
        assert.deepEqual([posted.status, got.status], [307, 302]);
        assert.equal(posted.headers['location'], `${elsewhere.origin}/a`);
        assert.equal(elsewhere.connectionCount, 0);
      });

      for (let round = 0; round < 5; round++) {
        it(`that comes while the body is still sent counts, though the connection breaks (${round + 1})`, async () => {
          const server = await scripted([{ status: 413, body: 'too large' }], { ignoresBody: true });
          const answer = await transport().send(post(server.origin, zeros(LARGE_BYTES)), never);
          assert.deepEqual([answer.status, answer.body], [413, 'too large']);
        });
      }
    });

    describe('a body', () => {
      it('goes out with its length told, and with the headers that were given', async () => {
        const server = await scripted([{}]);
        const headers = { authorization: 'Bearer k', 'content-type': 'text/plain', 'user-agent': 'Minutes/1.2.3' };
        await transport().send({ ...post(server.origin, zeros(300_000)), headers }, never);
        const [request] = server.requests;
        assert.equal(request?.body.length, 300_000);
        assert.equal(request.headers['content-length'], '300000');
        assert.equal(request.headers['transfer-encoding'], undefined);
        for (const [field, value] of Object.entries(headers)) assert.equal(request.headers[field], value);
      });

      it('can be sent again', async () => {
        const server = await scripted([{ status: 503 }, {}]);
        const file = path.join(folder(), 'audio.bin');
        await fs.writeFile(file, Buffer.alloc(700_000, 'minutes'));
        const body = formOf(file, 700_000);
        const one = transport();
        await one.send(post(server.origin, body), never);
        await one.send(post(server.origin, body), never);
        const [first, second] = server.requests;
        assert.equal(first?.body.length, body.lengthBytes);
        assert.ok(first.body.includes(await fs.readFile(file)));
        assert.ok(second?.body.equals(first.body));
      });

      it('that cannot be read ends the request with its own error', async () => {
        const server = await scripted([{}]);
        const file = path.join(folder(), 'shorter.bin');
        await fs.writeFile(file, Buffer.alloc(500_000));
        const sent = transport().send(post(server.origin, formOf(file, 3_000_000)), never);
        const problem = await problemWith('fileUnreadable', sent);
        assert.deepEqual([problem.file, problem.reason], ['shorter.bin', 'it became shorter']);
        await problemWith('fileUnreadable', transport().send(post(server.origin, formOf(`${file}.gone`, 1)), never));
        assert.equal(server.requests.length, 0);
      });

      it('that the server stops reading is given up', async () => {
        const server = await raw((socket) => socket.pause());
        const sent = transport({ answerMs: SHORT_MS }).send(post(server.origin, zeros(LARGE_BYTES)), never);
        const { problem, reason } = await failure(sent);
        assert.deepEqual([problem, reason], ['timeout', 'answer']);
      });

      it('is closed when the request ends early', async () => {
        const server = await raw((socket) => socket.pause());
        let closed: () => void = () => undefined;
        const isClosed = new Promise<void>((resolve) => (closed = resolve));
        const body: RequestBody = {
          lengthBytes: LARGE_BYTES,
          stream: async function* (signal) {
            try {
              yield* zeros(LARGE_BYTES).stream(signal);
            } finally {
              closed();
            }
          },
        };
        await failure(transport({ answerMs: SHORT_MS }).send(post(server.origin, body), never));
        await isClosed;
      });
    });

    describe('a connection', () => {
      it('is used again, also behind an abort and errors', async () => {
        const server = await scripted([{}, { status: 500 }, { status: 401 }, {}]);
        const one = transport();
        await one.send(get(server.origin), never);
        for (let i = 0; i < 3; i++) {
          // The connection is free only after the loop's turn in which the answer came.
          await new Promise((resolve) => setImmediate(resolve));
          await one.send(post(server.origin, bodyOf('hello')), never);
        }
        assert.equal(server.connectionCount, 1);
      });

      it('that the server closed meanwhile is replaced', async () => {
        const server = await raw((socket) => {
          socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
        });
        const one = transport();
        await one.send(get(server.origin), never);
        const [socket] = server.sockets;
        if (socket && !socket.closed) await once(socket, 'close');
        assert.equal((await one.send(post(server.origin, bodyOf('hello')), never)).body, 'ok');
        assert.equal(server.sockets.length, 2);
      });

      for (const reset of ['beforeHeaders', 'whileHeaders', 'whileBody'] as const) {
        it(`may break: ${reset}`, async () => {
          const server = await scripted([{ reset, body: 'half of this' }]);
          assert.equal((await failure(transport().send(post(server.origin, bodyOf('a')), never))).problem, 'reset');
        });
      }

      it('that is refused is told', async () => {
        const server = await scripted([]);
        await server.close();
        const { problem, reason } = await failure(transport().send(get(server.origin), never));
        assert.deepEqual([problem, reason], ['unreachable', 'ECONNREFUSED']);
      });

      it('to a host that nobody knows is told', async () => {
        const { problem, reason } = await failure(transport().send(get('http://minutes.invalid'), never));
        assert.equal(problem, 'unreachable');
        assert.match(reason, /^(ENOTFOUND|EAI_AGAIN)$/);
      });

      it('with a certificate that nobody trusts is told', async () => {
        const server = await RawServer.start(() => undefined, https.createServer(SELF_SIGNED));
        opened.push(() => server.close());
        const sent = transport().send(post(server.secureOrigin, bodyOf('secret')), never);
        const { problem, reason } = await failure(sent);
        assert.deepEqual([problem, reason], ['certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT']);
      });

      it('on which TLS is not spoken is told', async () => {
        const server = await scripted([{}]);
        const sent = transport().send(get(server.origin.replace('http:', 'https:')), never);
        assert.equal((await failure(sent)).problem, 'unreachable');
      });

      it('on which HTTP is not spoken is told', async () => {
        const server = await raw((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
        assert.equal((await failure(transport().send(get(server.origin), never))).problem, 'unreachable');
      });
    });

    describe('waiting', () => {
      it('for a connection has an end', async () => {
        const server = await raw(() => undefined);
        const sent = transport({ connectMs: SHORT_MS }).send(post(server.secureOrigin, bodyOf('a')), never);
        assert.equal((await failure(sent)).problem, 'timeout');
      });

      it('for an answer has an end', async () => {
        const server = await scripted([{ hang: true }, { hang: true }]);
        const one = transport({ answerMs: SHORT_MS });
        for (const request of [get(server.origin), post(server.origin, bodyOf('a'))]) {
          const { problem, reason } = await failure(one.send(request, never));
          assert.deepEqual([problem, reason], ['timeout', 'answer']);
        }
      });

      it("for an answer's last byte has an end, though one byte follows another", async () => {
        const server = await scripted([{ body: 'a'.repeat(1_000_000), dripMs: 1 }]);
        const { problem, reason } = await failure(transport({ bodyMs: SHORT_MS }).send(get(server.origin), never));
        assert.deepEqual([problem, reason], ['timeout', 'body']);
      });
    });

    describe('an abort', () => {
      it('before anything is sent sends nothing', async () => {
        const server = await scripted([{}]);
        const reason = new Error('enough');
        const one = transport();
        assert.equal(await errorFrom(one.send(get(server.origin), AbortSignal.abort(reason))), reason);
        assert.equal(server.connectionCount, 0);
      });

      it('is noticed while connecting', async () => {
        let connected: () => void = () => undefined;
        const connection = new Promise<void>((resolve) => (connected = resolve));
        const server = await raw(() => {
          connected();
        });
        const one = transport();
        await assertAborts((signal) => one.send(get(server.secureOrigin), signal), connection);
      });

      it('is noticed while the body is sent', async () => {
        const server = await raw((socket) => socket.pause());
        let sentBytes = 0;
        let stuck: () => void = () => undefined;
        const isStuck = new Promise<void>((resolve) => (stuck = resolve));
        const body: RequestBody = {
          lengthBytes: LARGE_BYTES,
          stream: async function* (signal) {
            for await (const block of zeros(LARGE_BYTES).stream(signal)) {
              sentBytes += block.length;
              if (sentBytes > LARGE_BYTES / 64) stuck();
              yield block;
            }
          },
        };
        const one = transport();
        await assertAborts((signal) => one.send(post(server.origin, body), signal), isStuck);
      });

      it('is noticed while the answer is waited for', async () => {
        const server = await scripted([{ hang: true }]);
        const one = transport();
        await assertAborts((signal) => one.send(post(server.origin, bodyOf('a')), signal), server.received(1));
      });

      it('is noticed while the answer arrives', async () => {
        let sent: () => void = () => undefined;
        const isSent = new Promise<void>((resolve) => (sent = resolve));
        const server = await raw((socket) => {
          socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', sent));
        });
        const one = transport();
        await assertAborts((signal) => one.send(get(server.origin), signal), isSent);
      });

      it('leaves no connection behind and does not disturb the next request', async () => {
        const server = await scripted([{ hang: true }, { body: 'next' }]);
        const one = transport();
        await assertAborts((signal) => one.send(post(server.origin, bodyOf('a')), signal), server.received(1));
        assert.equal((await one.send(post(server.origin, bodyOf('b')), never)).body, 'next');
        await server.requests[0]?.over;
      });
    });

    it('ends what is under way when it is disposed of, and takes nothing more', async () => {
      const server = await scripted([{ hang: true }]);
      const one = make();
      const outcome = failure(one.send(post(server.origin, bodyOf('a')), never));
      await server.received(1);
      await one.dispose();
      assert.equal((await outcome).problem, 'reset');
      await server.requests[0]?.over;
      assert.equal((await failure(one.send(get(server.origin), never))).problem, 'reset');
      assert.equal(server.requests.length, 1);
    });
  });
}

function get(url: string): HttpRequest {
  return { method: 'GET', url, headers: {} };
}

function post(url: string, body: RequestBody): HttpRequest {
  return { method: 'POST', url, headers: { 'content-type': 'application/octet-stream' }, body };
}

function bodyOf(text: string): RequestBody {
  const bytes = Buffer.from(text);
  return {
    lengthBytes: bytes.length,
    stream: async function* () {
      yield await Promise.resolve(bytes);
    },
  };
}

/** A body of any size that needs no memory. */
function zeros(lengthBytes: number): RequestBody {
  return {
    lengthBytes,
    stream: async function* (signal) {
      for (let at = 0; at < lengthBytes; at += 64 * 1024) {
        signal.throwIfAborted();
        yield await Promise.resolve(Buffer.alloc(Math.min(64 * 1024, lengthBytes - at)));
      }
    },
  };
}

function formOf(file: string, lengthBytes: number): RequestBody {
  return multipartBody([['model', 'm']], {
    ...{ fileName: 'audio.wav', contentType: 'audio/wav', header: Buffer.from('RIFF') },
    ...{ path: file, offsetBytes: 0, lengthBytes },
  });
}
