import assert from 'node:assert/strict';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { NEVER } from '../../../../src/core/async/never';
import { MAXIMUM_ANSWER_BYTES, type AnswerSink } from '../../../../src/node/http/transport';
import type { ScriptedAnswer } from '../../../fakes/scriptedServer';
import { errorFrom } from '../problems';
import { assertAborts, event, failure, forEveryTransport, SHORT_MS } from './everyTransport';
import { bodyOf, get, post } from './requests';

const TEXT = JSON.stringify({ text: 'naïve 🎙️'.repeat(50) });

const PACKINGS = [
  ['gzip', 'gzip', gzipSync],
  ['x-gzip', 'x-gzip', gzipSync],
  ['gzip in capitals', 'GZIP', gzipSync],
  ['deflate', 'deflate', deflateSync],
  ['deflate without a header', 'deflate', deflateRawSync],
  ['br', 'br', brotliCompressSync],
] as const;

function packed(coding: string, body: Uint8Array, more: Partial<ScriptedAnswer> = {}): ScriptedAnswer {
  return { headers: { 'content-encoding': coding }, body, ...more };
}

/** Keeps what it is given. */
function keeper(): AnswerSink & { readonly blocks: Uint8Array[] } {
  const blocks: Uint8Array[] = [];
  return {
    blocks,
    accepts: () => true,
    write: async (bytes) => {
      await new Promise((resolve) => setImmediate(resolve));
      blocks.push(Buffer.from(bytes));
    },
  };
}

forEveryTransport('packed answers', ({ transportName, transport, scripted, raw }) => {
  for (const [name, coding, pack] of PACKINGS) {
    it(`are unpacked: ${name}, whole and in single bytes`, async () => {
      const body = pack(TEXT);
      const server = await scripted([packed(coding, body), packed(coding, body, { dripMs: 0, status: 500 })]);
      const one = transport();
      assert.equal((await one.send(post(server.origin, bodyOf('hello')), NEVER)).body, TEXT);
      assert.equal((await one.send(get(server.origin), NEVER)).body, TEXT);
    });
  }

  it('go to a sink unpacked, in order and one block at a time', async () => {
    const bytes = Buffer.alloc(3_000_000, 'abcdefg');
    const server = await scripted([packed('gzip', gzipSync(bytes))]);
    const sink = keeper();
    const answer = await transport().send({ ...get(server.origin), sink }, NEVER);
    assert.equal(answer.body, '');
    assert.ok(sink.blocks.length > 1);
    assert.ok(Buffer.concat(sink.blocks).equals(bytes));
  });

  it('end with the error of a sink', async () => {
    const server = await scripted([packed('gzip', gzipSync(Buffer.alloc(3_000_000, 'a')))]);
    const full = new Error('full');
    const sink: AnswerSink = { accepts: () => true, write: () => Promise.reject(full) };
    assert.equal(await errorFrom(transport().send({ ...get(server.origin), sink }, NEVER)), full);
  });

  it('may have no byte at all', async () => {
    const server = await scripted([packed('gzip', Buffer.alloc(0), { status: 204 })]);
    assert.equal((await transport().send(get(server.origin), NEVER)).body, '');
  });

  it('stay as they are where the packing is not known', async () => {
    const server = await scripted([packed('invented', Buffer.from(TEXT)), packed('identity', Buffer.from(TEXT))]);
    const one = transport();
    for (let n = 0; n < 2; n++) assert.equal((await one.send(get(server.origin), NEVER)).body, TEXT);
  });

  it('that are small and unpack to more than any answer has are too large', async () => {
    const bomb = gzipSync(Buffer.alloc(4 * MAXIMUM_ANSWER_BYTES));
    const server = await scripted([packed('gzip', bomb)]);
    const told = await failure(transport().send(get(server.origin), NEVER));
    assert.deepEqual(told, ['answerTooLarge', `more than ${MAXIMUM_ANSWER_BYTES} bytes`]);
  });

  for (const [name, coding, pack] of PACKINGS.slice(2)) {
    it(`that are damaged are no answer: ${name}`, async () => {
      const damaged = pack(TEXT).map((byte) => byte ^ 0xff);
      const server = await scripted([packed(coding, damaged), { body: 'next' }]);
      const one = transport();
      assert.equal((await failure(one.send(get(server.origin), NEVER)))[0], 'reset');
      assert.equal((await one.send(get(server.origin), NEVER)).body, 'next');
    });
  }

  // Node's fetch takes what came before the break for the whole.
  if (transportName === 'UndiciTransport') {
    it('that break off are no answer', async () => {
      for (const [name, coding, pack] of PACKINGS) {
        const bytes = pack(TEXT);
        const server = await scripted([packed(coding, bytes.subarray(0, bytes.length - 9))]);
        assert.equal((await failure(transport().send(get(server.origin), NEVER)))[0], 'reset', name);
      }
    });
  }

  it('have an end to be waited for', async () => {
    const server = await scripted([packed('gzip', gzipSync(TEXT), { dripMs: 50 })]);
    const told = await failure(transport({ bodyMs: SHORT_MS }).send(get(server.origin), NEVER));
    assert.deepEqual(told, ['timeout', 'body']);
  });

  it('end with an abort', async () => {
    const sent = event();
    const half = gzipSync(TEXT).subarray(0, 20);
    const server = await raw((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 99\r\n\r\n');
        socket.write(half, sent.happens);
      });
    });
    const one = transport();
    await assertAborts((signal) => one.send(get(server.origin), signal), sent.happened);
  });
});
