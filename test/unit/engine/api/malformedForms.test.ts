import assert from 'node:assert/strict';
import http from 'node:http';
import fc from 'fast-check';
import { ask, engineOnLoopback, WAV } from './engineOnLoopback';
import { FakeRecogniser } from './fakeRecogniser';
import { BOUNDARY, bodyOf, fieldPart, filePart, LAST, MODEL, MULTIPART, partOf } from './multipartForms';
import { SEED } from '../../core/random';

/** Short enough that a random place often hits a header or a boundary. */
const AUDIO = WAV.subarray(0, 44 + 640);

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(MODEL, filePart('file', AUDIO), Buffer.from(LAST)) },
  fc.constantFrom(
    filePart('audio', AUDIO),
    filePart('file', Buffer.alloc(0)),
    fieldPart('language', 'en'),
    fieldPart('', 'x'),
    fieldPart('stream', 'true'),
    partOf([], 'x'),
    partOf(['Content-Type: text/plain'], 'x'),
    partOf([`X: ${'y'.repeat(20_000)}`], 'x'),
    Buffer.from(`--${BOUNDARY}`),
    Buffer.from(`--${BOUNDARY}\r\n`),
    Buffer.from(`\r\n--${BOUNDARY}  \t\r\n`),
    Buffer.from(`--${BOUNDARY}-\r\n`),
    Buffer.from('\r\n'),
    Buffer.from('\r\n\r\n'),
    Buffer.from('Content-Disposition: form-data; name="model"\r\n\r\n'),
    bodyOf(...Array<Buffer>(101).fill(fieldPart('x', 'y'))),
  ),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);

/** What happens to a body on its way. Places are shares of its length. */
const harm = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), at: share() }),
  fc.record({ kind: fc.constant('remove' as const), at: share(), length: fc.nat(60) }),
  fc.record({ kind: fc.constant('repeat' as const), at: share(), length: fc.nat(900) }),
  fc.record({ kind: fc.constant('change' as const), at: share(), byte: fc.nat(255) }),
);
type Harm = typeof harm extends fc.Arbitrary<infer Value> ? Value : never;

function share(): fc.Arbitrary<number> {
  return fc.double({ min: 0, max: 1, noNaN: true });
}

function harmed(body: Buffer, done: Harm): Buffer {
  const at = Math.floor(done.at * body.length);
  switch (done.kind) {
    case 'cut':
      return body.subarray(0, at);
    case 'remove':
      return bodyOf(body.subarray(0, at), body.subarray(at + done.length));
    case 'repeat':
      return bodyOf(body.subarray(0, at + done.length), body.subarray(at));
    case 'change':
      return bodyOf(body.subarray(0, at), Buffer.from([done.byte]), body.subarray(at + 1));
  }
}

/** Mostly a good form with something done to it; sometimes pieces in any order. */
const malformed = fc
  .tuple(
    fc.oneof(
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          [MODEL, filePart('file', AUDIO), Buffer.from(LAST)],
          [MODEL, filePart('file', AUDIO), filePart('audio', AUDIO), Buffer.from(LAST)],
        ),
      },
      fc.array(piece, { maxLength: 6 }),
    ),
    fc.array(harm, { maxLength: 3 }),
  )
  .map(([pieces, harms]) => harms.reduce(harmed, bodyOf(...pieces)));

/** The body in blocks that end at these shares of its length. */
function blocksOf(body: Buffer, ends: readonly number[]): Buffer[] {
  const places = ends.map((end) => Math.floor(end * body.length)).sort((a, b) => a - b);
  return [...places, body.length].map((end, i) => body.subarray(places[i - 1] ?? 0, end));
}

describe('A malformed form', () => {
  const serve = engineOnLoopback();

  it('is answered, the same in whatever blocks it comes, and its connection serves on', async () => {
    const recogniser = new FakeRecogniser();
    const engine = await serve(recogniser);
    let connections = 0;
    engine.server.on('connection', () => connections++);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const outcomes = new Map<string, number>();
    const post = async (blocks: readonly Buffer[]): Promise<string> => {
      const heard = recogniser.jobs.length;
      const headers = { 'content-type': MULTIPART };
      const { status, text } = await ask(
        engine,
        { method: 'POST', path: '/v1/audio/transcriptions', headers, agent },
        blocks,
      );
      const answer = JSON.parse(text) as { text?: string; error?: { message: string; code: string } };
      assert.equal(recogniser.jobs.length - heard, status === 200 ? 1 : 0);
      if (status === 200) return '200';
      assert.ok([400, 404, 413].includes(status), `${status} ${text}`);
      assert.notEqual(answer.error?.message ?? '', '');
      return `${status} ${answer.error?.code ?? ''}`;
    };
    await fc.assert(
      fc.asyncProperty(malformed, fc.array(share(), { maxLength: 4 }), async (body, ends) => {
        const whole = await post([body]);
        assert.equal(await post(blocksOf(body, ends)), whole);
        assert.equal((await ask(engine, { path: '/v1/models', agent })).status, 200);
        outcomes.set(whole, (outcomes.get(whole) ?? 0) + 1);
      }),
      // One that hangs is reported with its form, and not as a test that took too long.
      { seed: SEED, numRuns: 400, timeout: 10_000 },
    );
    agent.destroy();
    assert.equal(connections, 1);
    // The forms are of many kinds, else nothing was tried.
    for (const kind of [
      '200',
      '400 invalid_form',
      '400 too_many_files',
      '400 unexpected_file',
      '404 model_not_found',
    ]) {
      assert.ok((outcomes.get(kind) ?? 0) > 0, `${kind} of ${JSON.stringify([...outcomes])}`);
    }
  }).timeout(120_000);
});
