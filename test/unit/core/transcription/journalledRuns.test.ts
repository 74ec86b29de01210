import { assert } from 'chai';
import type { Chunk } from '../../../../src/core/model';
import { readAll } from '../expectations';
import { BUSY, chunksAsked, FakeJournal, FakeTranscriber, turn } from '../fakes';
import { journalled, lastTexts, plannedChunks, run, start } from './runs';

describe('transcribe', () => {
  let chunks: readonly Chunk[] = [];

  before(async () => {
    chunks = await plannedChunks();
  });

  it('puts every answer into the journal before it tells of it', async () => {
    const journal = new FakeJournal();
    const seen: number[] = [];
    await readAll(start({ journal }), (event) => {
      if (event.kind === 'transcribed') seen.push(journal.pieces.length);
    });
    assert.deepStrictEqual(seen, [1, 2, 3]);
    assert.deepStrictEqual(
      journal.pieces.map(({ text }) => text),
      ['Piece 1.', 'Piece 2.', 'Piece 3.'],
    );
  });

  it('does not ask again for pieces that the journal holds, nor writes them twice', async () => {
    const journal = new FakeJournal([journalled(chunks[0], 'Kept one.'), journalled(chunks[2], 'Kept three.')]);
    const transcriber = new FakeTranscriber();
    const { values } = await run({ journal, transcriber });
    assert.deepStrictEqual(chunksAsked(transcriber), chunks.slice(1, 2));
    assert.deepStrictEqual(lastTexts(values), ['Kept one.', 'Piece 1.', 'Kept three.']);
    assert.lengthOf(journal.pieces, 3);
  });

  it('writes the Chinese of all pieces in one script, and keeps that of an earlier run’s first', async () => {
    const told = ['这个会议', '這個會議', '会议後'];
    const transcriber = new FakeTranscriber((n) => ({ text: told[n - 1] ?? '', language: 'zh' }));
    const journal = new FakeJournal();
    assert.deepStrictEqual(lastTexts((await run({ transcriber, journal })).values), ['这个会议', '这个会议', '会议后']);
    // The journal has what was answered: another choice, and another first piece, decide anew.
    assert.deepStrictEqual(
      journal.pieces.map(({ text }) => text),
      told,
    );
    const traditional = new FakeJournal(journal.pieces, { chineseScript: 'traditional' });
    const again = await run({ journal: traditional });
    assert.deepStrictEqual(lastTexts(again.values), ['這個會議', '這個會議', '會議後']);

    const kept = new FakeJournal([{ ...journalled(chunks[0], '這個會議'), language: 'zh' }]);
    const simplified = new FakeTranscriber(() => ({ text: '这个会议', language: 'zh' }));
    const resumed = await run({ journal: kept, transcriber: simplified });
    assert.deepStrictEqual(lastTexts(resumed.values), ['這個會議', '這個會議', '這個會議']);
  });

  it('decides by the note’s first piece, also where another is answered first', async () => {
    const transcriber = new FakeTranscriber(async (n) => {
      if (n === 1) await turn();
      return { text: n === 1 ? '這個會議' : '这个会议', language: 'zh' };
    }, 3);
    assert.deepStrictEqual(lastTexts((await run({ transcriber })).values), ['這個會議', '這個會議', '這個會議']);
  });

  it('does not cut anew what an earlier run cut otherwise', async () => {
    const { startSample, endSample } = chunks[1] ?? assert.fail('there is no second chunk');
    const other = { startSample, endSample: endSample + 160 };
    const transcriber = new FakeTranscriber();
    await run({ journal: new FakeJournal([journalled(other, 'Old.')]), transcriber });
    assert.deepStrictEqual(chunksAsked(transcriber), chunks.slice(2));
  });

  it('makes a gap of a piece that fails, and keeps the two before it', async () => {
    const journal = new FakeJournal();
    const transcriber = new FakeTranscriber((n) => (n === 3 ? Promise.reject(BUSY) : `Piece ${n}.`));
    const { values, error } = await run({ journal, transcriber });
    assert.isUndefined(error);
    assert.deepStrictEqual(lastTexts(values), ['Piece 1.', 'Piece 2.']);
    assert.lengthOf(journal.pieces, 2);
    const { gaps } = await journal.log.transcript();
    assert.deepStrictEqual<unknown>(
      gaps.map(({ kind, chunk, code }) => [kind, chunk, code]),
      [['failed', chunks[2], 'endpointFailed']],
    );
  });

  it('asks only for the failed piece when it is run again', async () => {
    const journal = new FakeJournal();
    await run({ journal, transcriber: new FakeTranscriber((n) => (n === 3 ? Promise.reject(BUSY) : `Piece ${n}.`)) });
    const transcriber = new FakeTranscriber(() => 'At last.');
    const { values } = await run({ journal, transcriber });
    assert.lengthOf(transcriber.requests, 1);
    assert.deepStrictEqual(lastTexts(values), ['Piece 1.', 'Piece 2.', 'At last.']);
    assert.strictEqual(values.at(-1)?.kind, 'finished');
  });
});
