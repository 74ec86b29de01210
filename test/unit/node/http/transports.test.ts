import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import https from 'node:https';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import { MAXIMUM_ANSWER_BYTES, type RequestBody } from '../../../../src/node/http/transport';
import { SELF_SIGNED } from '../../../fakes/certificate';
import { redirect } from '../../../fakes/speechAnswers';
import { problemWith } from '../problems';
import { sharedFolder } from '../temporaryFolder';
import { event, failure, forEveryTransport, SHORT_MS } from './everyTransport';
import { bodyOf, formOf, get, LARGE_BYTES, post, zeros } from './requests';

forEveryTransport('requests', ({ transport, scripted, raw }) => {
  const folder = sharedFolder();

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
        const answer = await one.send(post(`${server.origin}/a`, bodyOf('hello')), NEVER);
        assert.equal(answer.status, status);
        assert.equal(answer.headers['x-number'], String(status));
        assert.equal(answer.body, `it is ${status}, naïve`);
      }
    });

    it('to GET comes as well', async () => {
      const server = await scripted([{ body: '{"data":[]}' }]);
      const answer = await transport().send({ ...get(`${server.origin}/v1/models?a=b`), headers: { a: 'b' } }, NEVER);
      assert.equal(answer.body, '{"data":[]}');
      const [request] = server.requests;
      assert.deepEqual([request?.method, request?.path, request?.headers['a']], ['GET', '/v1/models?a=b', 'b']);
      assert.equal(request?.headers['content-length'], undefined);
    });

    it('has the values of a header that came twice joined by a comma', async () => {
      const server = await raw((socket) => {
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\ncontent-length: 0\r\n\r\n'));
      });
      const { headers } = await transport().send(get(server.origin), NEVER);
      assert.equal(headers['x-a'], '1, 2');
    });

    it('may come in single bytes, characters torn apart', async () => {
      const server = await scripted([{ body: 'naïve 🎙️', dripMs: 1 }]);
      assert.equal((await transport().send(get(server.origin), NEVER)).body, 'naïve 🎙️');
    });

    for (const [type, bytes] of [
      ['application/json; charset=iso-8859-1', Buffer.from('Grüße', 'latin1')],
      ['text/plain;charset="ISO-8859-1"', Buffer.from('Grüße', 'latin1')],
      ['text/plain; charset=utf-16le', Buffer.from('Grüße', 'utf16le')],
      ['text/plain; charset=invented', Buffer.from('Grüße')],
      ['text/plain; charset=UTF-8', Buffer.from('\ufeffGrüße')],
      ['text/plain', Buffer.from('Grüße')],
    ] as const) {
      it(`is read in its charset: ${type}`, async () => {
        const server = await scripted([{ headers: { 'content-type': type }, body: bytes }]);
        assert.equal((await transport().send(get(server.origin), NEVER)).body, 'Grüße');
      });
    }

    it('may be announced by one of 1xx', async () => {
      const server = await raw((socket) => {
        socket.once('data', () =>
          socket.write('HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
        );
      });
      const answer = await transport().send(get(server.origin), NEVER);
      assert.deepEqual([answer.status, answer.body], [200, 'ok']);
    });

    it('may end with the connection', async () => {
      const server = await raw((socket) => {
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nthe end'));
      });
      assert.equal((await transport().send(get(server.origin), NEVER)).body, 'the end');
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
      const told = await failure(transport().send(get(server.origin), NEVER));
      assert.deepEqual(told, ['answerTooLarge', `more than ${MAXIMUM_ANSWER_BYTES} bytes`]);
    });

    it('that sends the request elsewhere is the answer; the key goes nowhere else', async () => {
      const elsewhere = await scripted([{}]);
      const server = await scripted([redirect(`${elsewhere.origin}/a`), redirect(`${elsewhere.origin}/a`, 302)]);
      const one = transport();
      const posted = await one.send(post(server.origin, bodyOf('hello')), NEVER);
      const got = await one.send(get(server.origin), NEVER);
      assert.deepEqual([posted.status, got.status], [307, 302]);
      assert.equal(posted.headers['location'], `${elsewhere.origin}/a`);
      assert.equal(elsewhere.connectionCount, 0);
    });

    for (let round = 0; round < 5; round++) {
      it(`that comes while the body is still sent counts, though the connection breaks (${round + 1})`, async () => {
        const server = await scripted([{ status: 413, body: 'too large' }], { ignoresBody: true });
        const answer = await transport().send(post(server.origin, zeros(LARGE_BYTES)), NEVER);
        assert.deepEqual([answer.status, answer.body], [413, 'too large']);
      });
    }
  });

  describe('a body', () => {
    it('goes out with its length told, and with the headers that were given', async () => {
      const server = await scripted([{}]);
      const headers = { authorization: 'Bearer k', 'content-type': 'text/plain', 'user-agent': 'Minutes/1.2.3' };
      await transport().send({ ...post(server.origin, zeros(300_000)), headers }, NEVER);
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
      await one.send(post(server.origin, body), NEVER);
      await one.send(post(server.origin, body), NEVER);
      const [first, second] = server.requests;
      assert.equal(first?.body.length, body.lengthBytes);
      assert.ok(first.body.includes(await fs.readFile(file)));
      assert.ok(second?.body.equals(first.body));
    });

    it('that cannot be read ends the request with its own error', async () => {
      const server = await scripted([{}]);
      const file = path.join(folder(), 'shorter.bin');
      await fs.writeFile(file, Buffer.alloc(500_000));
      const sent = transport().send(post(server.origin, formOf(file, 3_000_000)), NEVER);
      const problem = await problemWith('fileUnreadable', sent);
      assert.deepEqual([problem.file, problem.reason], ['shorter.bin', 'it became shorter']);
      await problemWith('fileUnreadable', transport().send(post(server.origin, formOf(`${file}.gone`, 1)), NEVER));
      assert.equal(server.requests.length, 0);
    });

    it('that the server stops reading is given up', async () => {
      const server = await raw((socket) => socket.pause());
      const sent = transport({ answerMs: SHORT_MS }).send(post(server.origin, zeros(LARGE_BYTES)), NEVER);
      const told = await failure(sent);
      assert.deepEqual(told, ['timeout', 'answer']);
    });

    it('is closed when the request ends early', async () => {
      const server = await raw((socket) => socket.pause());
      const closed = event();
      const body: RequestBody = {
        lengthBytes: LARGE_BYTES,
        stream: async function* (signal) {
          try {
            yield* zeros(LARGE_BYTES).stream(signal);
          } finally {
            closed.happens();
          }
        },
      };
      await failure(transport({ answerMs: SHORT_MS }).send(post(server.origin, body), NEVER));
      await closed.happened;
    });
  });

  describe('a connection', () => {
    it('is used again, also behind refusals', async () => {
      const server = await scripted([{}, { status: 500 }, { status: 401 }, {}]);
      const one = transport();
      await one.send(get(server.origin), NEVER);
      for (let i = 0; i < 3; i++) {
        // The connection is free only after the loop's turn in which the answer came.
        await new Promise((resolve) => setImmediate(resolve));
        await one.send(post(server.origin, bodyOf('hello')), NEVER);
      }
      assert.equal(server.connectionCount, 1);
    });

    it('that the server closed meanwhile is replaced', async () => {
      const server = await raw((socket) => {
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
      });
      const one = transport();
      await one.send(get(server.origin), NEVER);
      const [socket] = server.sockets;
      if (socket && !socket.closed) await once(socket, 'close');
      assert.equal((await one.send(post(server.origin, bodyOf('hello')), NEVER)).body, 'ok');
      assert.equal(server.sockets.length, 2);
    });

    for (const reset of ['beforeHeaders', 'whileHeaders', 'whileBody'] as const) {
      it(`may break: ${reset}`, async () => {
        const server = await scripted([{ reset, body: 'half of this' }]);
        assert.equal((await failure(transport().send(post(server.origin, bodyOf('a')), NEVER)))[0], 'reset');
      });
    }

    it('that is refused is told', async () => {
      const server = await scripted([]);
      await server.close();
      const told = await failure(transport().send(get(server.origin), NEVER));
      assert.deepEqual(told, ['unreachable', 'ECONNREFUSED']);
    });

    it('to a host that nobody knows is told', async () => {
      const [problem, reason] = await failure(transport().send(get('http://minutes.invalid'), NEVER));
      assert.equal(problem, 'unreachable');
      assert.match(reason, /^(ENOTFOUND|EAI_AGAIN)$/);
    });

    it('with a certificate that nobody trusts is told', async () => {
      const server = await raw(() => undefined, https.createServer(SELF_SIGNED));
      const sent = transport().send(post(server.secureOrigin, bodyOf('secret')), NEVER);
      const told = await failure(sent);
      assert.deepEqual(told, ['certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT']);
    });

    it('on which TLS is not spoken is told', async () => {
      const server = await scripted([{}]);
      const sent = transport().send(get(server.origin.replace('http:', 'https:')), NEVER);
      assert.equal((await failure(sent))[0], 'unreachable');
    });

    it('on which HTTP is not spoken is told', async () => {
      const server = await raw((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
      assert.equal((await failure(transport().send(get(server.origin), NEVER)))[0], 'unreachable');
    });
  });
});
