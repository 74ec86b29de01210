import { assert } from 'chai';
import type { Chunk } from '../../../../src/core/model';
import { readAll } from '../expectations';
import { FakeJournal, FakeTranscriber, untilAborted } from '../fakes';
import { journalled, lastTexts, plannedChunks, start } from './runs';

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
    const journal = new FakeJournal();
    const transcriber = new FakeTranscriber((n, signal) => {
      if (n < 2) return `Piece ${n}.`;
      const wait = untilAborted(signal);
      controller.abort(reason);
      return wait;
    });
    const { values, error } = await readAll(start({ transcriber, journal }, {}, controller.signal));
    assert.strictEqual(error, reason);
    assert.lengthOf(transcriber.requests, 2);
    assert.deepStrictEqual(lastTexts(values), ['Piece 1.']);
    assert.lengthOf(journal.pieces, 1);
  });

  for (const after of [1, 2, 3]) {
    it(`throws the signal’s reason when aborted after piece ${after}, and asks for no more than the next`, async () => {
      const controller = new AbortController();
      const transcriber = new FakeTranscriber();
      const { values, error } = await readAll(start({ transcriber }, {}, controller.signal), (event) => {
        if (event.kind === 'transcribed' && event.transcript.segments.length === after) controller.abort();
      });
      assert.strictEqual(error, controller.signal.reason);
      assert.isAtMost(transcriber.requests.length, after + 1);
      assert.strictEqual(values.at(-1)?.kind, 'transcribed');
    });
  }

  it('notices an abort even where all pieces come from the journal', async () => {
    const controller = new AbortController();
    const journal = new FakeJournal(chunks.map((chunk) => journalled(chunk, 'Kept.')));
    const { values, error } = await readAll(start({ journal }, {}, controller.signal), ({ kind }) => {
      if (kind === 'transcribed') controller.abort();
    });
    assert.strictEqual(error, controller.signal.reason);
    assert.strictEqual(values.at(-1)?.kind, 'transcribed');
  });
});
