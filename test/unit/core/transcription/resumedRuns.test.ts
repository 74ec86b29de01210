import { assert } from 'chai';
import type { Chunk } from '../../../../src/core/model';
import type { AnsweredEntry, PlannedEntry, TranscriptEntry } from '../../../../src/core/transcript/logEntries';
import { speech, synthesize } from '../audio/syntheticSpeech';
import type { TranscriptLog } from '../../../../src/core/transcript/transcriptLog';
import { BUSY, chunksAsked, FakeLog, FakePreparer, FakeSampleReader, FakeTranscriber, SPENT, turn } from '../fakes';
import { logged, plannedChunks, preparedAudio, run, SAMPLES, textsIn } from './runs';

describe('transcribe', () => {
  let chunks: readonly Chunk[] = [];
  const kept = (n: number, text: string): AnsweredEntry => logged(chunks[n], text);
  const planned = (startSample: number, endSample: number): PlannedEntry => {
    return { kind: 'planned', track: 0, startSample, endSample };
  };

  before(async () => {
    chunks = await plannedChunks();
  });

  it('does not ask again for pieces that the log holds, nor writes them twice', async () => {
    const { startSample, endSample } = chunks[1] ?? assert.fail('no second chunk');
    const known = [kept(0, 'Kept one.'), planned(startSample, endSample), kept(2, 'Kept three.')];
    const { log, ...written } = new FakeLog(known);
    const transcriber = new FakeTranscriber();
    const { texts } = await run({ log, transcriber });
    assert.deepStrictEqual(chunksAsked(transcriber), chunks.slice(1, 2));
    assert.deepStrictEqual(texts, ['Kept one.', 'Piece 1.', 'Kept three.']);
    assert.deepStrictEqual(
      written.entries.map(({ kind }) => kind),
      ['prepared', 'answered'],
    );
  });

  it('writes the Chinese of all pieces in one script, and keeps that of an earlier run’s first', async () => {
    const told = ['这个会议', '這個會議', '会议後'];
    const transcriber = new FakeTranscriber((n) => ({ text: told[n - 1] ?? '', language: 'zh' }));
    const written = new FakeLog();
    assert.deepStrictEqual((await run({ transcriber, log: written.log })).texts, ['这个会议', '这个会议', '会议后']);
    // The log has what was answered: another choice, and another first piece, decide anew.
    assert.deepStrictEqual(
      written.pieces.map(({ text }) => text),
      told,
    );
    const again = new FakeLog(written.entries, { chineseScript: 'traditional' });
    assert.deepStrictEqual(await textsIn(again.log), ['這個會議', '這個會議', '會議後']);

    const { log } = new FakeLog([{ ...kept(0, '這個會議'), language: 'zh' }]);
    const simplified = new FakeTranscriber(() => ({ text: '这个会议', language: 'zh' }));
    assert.deepStrictEqual((await run({ log, transcriber: simplified })).texts, ['這個會議', '這個會議', '這個會議']);
  });

  it('decides by the note’s first piece, also where another is answered first', async () => {
    const transcriber = new FakeTranscriber(async (n) => {
      if (n === 1) await turn();
      return { text: n === 1 ? '這個會議' : '这个会议', language: 'zh' };
    }, 3);
    assert.deepStrictEqual((await run({ transcriber })).texts, ['這個會議', '這個會議', '這個會議']);
  });

  it('uses the pieces of an earlier run that cut otherwise as they are, and cuts only behind them', async () => {
    const { endSample: cutAt } = chunks[0] ?? assert.fail('no first chunk');
    const elsewhere = cutAt + 4000;
    const known = [{ ...kept(0, 'Old one.'), endSample: 1600 }, planned(1600, elsewhere)];
    const transcriber = new FakeTranscriber();
    const { texts } = await run({ log: new FakeLog(known).log, transcriber });
    const asked = chunksAsked(transcriber);
    assert.deepStrictEqual(asked[0], { startSample: 1600, endSample: elsewhere });
    assert.isAtLeast(asked[1]?.startSample ?? 0, elsewhere);
    assert.deepStrictEqual(asked.at(-1), chunks[2]);
    assert.deepStrictEqual(texts, ['Old one.', 'Piece 1.', 'Piece 2.', 'Piece 3.']);
  });

  it('asks for the parts of a piece that an earlier run cut, wherever it cut', async () => {
    const { startSample, endSample } = chunks[0] ?? assert.fail('no first chunk');
    const middle = startSample + 12_345;
    const known = [planned(startSample, endSample), planned(startSample, middle), planned(middle, endSample)];
    const transcriber = new FakeTranscriber();
    await run({ log: new FakeLog(known).log, transcriber });
    assert.deepStrictEqual(chunksAsked(transcriber), [
      { startSample, endSample: middle },
      { startSample: middle, endSample },
      ...chunks.slice(1),
    ]);
  });

  it('asks for a whole piece whose parts the log has lost', async () => {
    const { startSample, endSample } = chunks[0] ?? assert.fail('no first chunk');
    const known = [planned(startSample, endSample), planned(startSample, startSample + 12_345)];
    const transcriber = new FakeTranscriber();
    await run({ log: new FakeLog(known).log, transcriber });
    assert.deepStrictEqual(chunksAsked(transcriber), chunks);
  });

  it('cuts on as an uninterrupted run does where nobody pauses, wherever the earlier one ended', async () => {
    const { samples } = synthesize(speech(90));
    const runOver = async (known: readonly TranscriptEntry[]): Promise<TranscriptLog> => {
      const { log } = new FakeLog(known);
      const preparer = new FakePreparer(preparedAudio(samples));
      await run({ log, preparer, samples: new FakeSampleReader(samples) });
      return log;
    };
    const whole = (await runOver([])).cut(0);
    assert.isBelow(whole[1]?.startSample ?? 0, whole[0]?.endSample ?? 0, 'they overlap');
    for (let count = 1; count < whole.length; count++) {
      const known = whole.slice(0, count).map(({ startSample, endSample }) => planned(startSample, endSample));
      assert.deepStrictEqual((await runOver(known)).cut(0), whole, `after ${count}`);
    }
  });

  it('cuts nothing anew where all is cut', async () => {
    const known = [planned(0, 100_000), planned(100_000, SAMPLES.length)];
    const transcriber = new FakeTranscriber();
    await run({ log: new FakeLog(known).log, transcriber });
    assert.deepStrictEqual(chunksAsked(transcriber), [
      { startSample: 0, endSample: 100_000 },
      { startSample: 100_000, endSample: SAMPLES.length },
    ]);
  });

  it('keeps the two pieces before a failure that ends the run, and passes the failure on', async () => {
    const { log, ...written } = new FakeLog();
    const transcriber = new FakeTranscriber((n) => (n === 3 ? Promise.reject(SPENT) : `Piece ${n}.`));
    const { error, texts } = await run({ log, transcriber });
    assert.strictEqual(error, SPENT);
    assert.deepStrictEqual(texts, ['Piece 1.', 'Piece 2.']);
    assert.lengthOf(
      written.entries.filter(({ kind }) => kind === 'answered'),
      2,
    );
  });

  for (const failure of [SPENT, BUSY]) {
    it(`asks only for the piece that failed when it is run again: ${failure.message}`, async () => {
      const { log } = new FakeLog();
      await run({ log, transcriber: new FakeTranscriber((n) => (n === 3 ? Promise.reject(failure) : `Piece ${n}.`)) });
      const transcriber = new FakeTranscriber(() => 'At last.');
      const { values, texts } = await run({ log, transcriber });
      assert.deepStrictEqual(chunksAsked(transcriber), chunks.slice(2));
      assert.deepStrictEqual(texts, ['Piece 1.', 'Piece 2.', 'At last.']);
      assert.strictEqual(values.at(-1)?.kind, 'finished');
      assert.isEmpty(log.folded.gaps);
    });
  }
});
