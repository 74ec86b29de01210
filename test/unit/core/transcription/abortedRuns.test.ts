import { assert } from 'chai';
import type { Chunk } from '../../../../src/core/model';
import { readAll } from '../expectations';
import { FakeLog, FakeTranscriber, untilAborted } from '../fakes';
import { logged, plannedChunks, start, textsIn } from './runs';

describe('transcribe', () => {
  let chunks: readonly Chunk[] = [];

  before(async () => {
    chunks = await plannedChunks();
  });

  it('throws the signal’s reason and asks nothing when aborted before it began', async () => {
    const transcriber = new FakeTranscriber();
    const controller = new AbortController();
    controller.abort();
    const { error } = await readAll(start({ transcriber }, {}, controller.signal));
    assert.strictEqual(error, controller.signal.reason);
    assert.isEmpty(transcriber.requests);
  });

  it('throws the signal’s reason when aborted during a piece, and asks nothing more', async () => {
    const controller = new AbortController();
    const reason = new Error('the user closed the window');
    const kept = new FakeLog();
    const transcriber = new FakeTranscriber((n, signal) => {
      if (n < 2) return `Piece ${n}.`;
      const wait = untilAborted(signal);
      controller.abort(reason);
      return wait;
    });
    const { error } = await readAll(start({ transcriber, log: kept.log }, {}, controller.signal));
    assert.strictEqual(error, reason);
    assert.lengthOf(transcriber.requests, 2);
    assert.deepStrictEqual(await textsIn(kept.log), ['Piece 1.']);
    assert.lengthOf(kept.pieces, 1);
  });

  for (const after of [1, 2, 3]) {
    it(`throws the signal’s reason when aborted after piece ${after}, and asks for no more than the next`, async () => {
      const controller = new AbortController();
      const transcriber = new FakeTranscriber();
      let told = 0;
      const { values, error } = await readAll(start({ transcriber }, {}, controller.signal), (event) => {
        if (event.kind === 'transcribed' && ++told === after) controller.abort();
      });
      assert.strictEqual(error, controller.signal.reason);
      assert.isAtMost(transcriber.requests.length, after + 1);
      assert.strictEqual(values.at(-1)?.kind, 'transcribed');
    });
  }

  it('notices an abort even where all pieces come from the log', async () => {
    const controller = new AbortController();
    const { log } = new FakeLog(chunks.map((chunk) => logged(chunk, 'Kept.')));
    const { values, error } = await readAll(start({ log }, {}, controller.signal), ({ kind }) => {
      if (kind === 'transcribed') controller.abort();
    });
    assert.strictEqual(error, controller.signal.reason);
    assert.strictEqual(values.at(-1)?.kind, 'transcribed');
  });
});
