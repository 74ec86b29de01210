import assert from 'node:assert/strict';
import { NEVER } from '../../../../src/core/async/never';
import type { RequestBody } from '../../../../src/node/http/transport';
import { errorFrom } from '../problems';
import { assertAborts, event, failure, forEveryTransport, SHORT_MS } from './everyTransport';
import { bodyOf, get, LARGE_BYTES, post, zeros } from './requests';

forEveryTransport('ends', ({ transport, scripted, raw }) => {
  describe('waiting', () => {
    it('for a connection has an end', async () => {
      const server = await raw(() => undefined);
      const sent = transport({ connectMs: SHORT_MS }).send(post(server.secureOrigin, bodyOf('a')), NEVER);
      assert.equal((await failure(sent))[0], 'timeout');
    });

    it('for an answer has an end', async () => {
      const server = await scripted([{ hang: true }, { hang: true }]);
      const one = transport({ answerMs: SHORT_MS });
      for (const request of [get(server.origin), post(server.origin, bodyOf('a'))]) {
        const told = await failure(one.send(request, NEVER));
        assert.deepEqual(told, ['timeout', 'answer']);
      }
    });

    it("for an answer's last byte has an end, though one byte follows another", async () => {
      const server = await scripted([{ body: 'a'.repeat(1_000_000), dripMs: 1 }]);
      const told = await failure(transport({ bodyMs: SHORT_MS }).send(get(server.origin), NEVER));
      assert.deepEqual(told, ['timeout', 'body']);
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
      const connected = event();
      const server = await raw(connected.happens);
      const one = transport();
      await assertAborts((signal) => one.send(get(server.secureOrigin), signal), connected.happened);
    });

    it('is noticed while the body is sent', async () => {
      const server = await raw((socket) => socket.pause());
      let sentBytes = 0;
      const begun = event();
      const body: RequestBody = {
        lengthBytes: LARGE_BYTES,
        stream: async function* (signal) {
          for await (const block of zeros(LARGE_BYTES).stream(signal)) {
            sentBytes += block.length;
            if (sentBytes > LARGE_BYTES / 64) begun.happens();
            yield block;
          }
        },
      };
      const one = transport();
      await assertAborts((signal) => one.send(post(server.origin, body), signal), begun.happened);
    });

    it('is noticed while the answer is waited for', async () => {
      const server = await scripted([{ hang: true }]);
      const one = transport();
      await assertAborts((signal) => one.send(post(server.origin, bodyOf('a')), signal), server.received(1));
    });

    it('is noticed while the answer arrives', async () => {
      const sent = event();
      const server = await raw((socket) => {
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', sent.happens));
      });
      const one = transport();
      await assertAborts((signal) => one.send(get(server.origin), signal), sent.happened);
    });

    it('leaves no connection behind and does not disturb the next request', async () => {
      const server = await scripted([{ hang: true }, { body: 'next' }]);
      const one = transport();
      await assertAborts((signal) => one.send(post(server.origin, bodyOf('a')), signal), server.received(1));
      assert.equal((await one.send(post(server.origin, bodyOf('b')), NEVER)).body, 'next');
      await server.requests[0]?.over;
    });
  });

  it('ends what is under way when it is disposed of, and takes nothing more', async () => {
    const server = await scripted([{ hang: true }]);
    const one = transport();
    const outcome = failure(one.send(post(server.origin, bodyOf('a')), NEVER));
    await server.received(1);
    await one.dispose();
    assert.equal((await outcome)[0], 'reset');
    await server.requests[0]?.over;
    assert.equal((await failure(one.send(get(server.origin), NEVER)))[0], 'reset');
    assert.equal(server.requests.length, 1);
  });
});
