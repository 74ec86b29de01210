import { assert } from 'chai';
import { MinutesError, problemOf } from '../../../../src/core/errors';
import type { Chunk } from '../../../../src/core/model';
import { silence, speech, synthesize } from '../audio/syntheticSpeech';
import { BUSY, FakeLog, FakePreparer, FakeSampleReader, FakeTranscriber, SPENT, turn } from '../fakes';
import { plannedChunks, preparedAudio, run, transcribedIn, type Run } from './runs';

/** Seven stretches of speech: seven pieces. */
const LONG = synthesize(...Array.from({ length: 7 }, () => [speech(2), silence(5)]).flat()).samples;
const SLOW = new MinutesError({ code: 'endpointTimedOut', host: 'example.org', reason: '120 s' });
const CRASHED = new MinutesError({ code: 'engineFailed', reason: 'it ended' });

/** A run in which these pieces fail, counted from 1. */
function failing(pieces: readonly number[], failure = BUSY, isLong = false): Promise<Run & { readonly asked: number }> {
  const transcriber = new FakeTranscriber((n) => (pieces.includes(n) ? Promise.reject(failure) : `Piece ${n}.`));
  const ports = isLong ? { preparer: new FakePreparer(preparedAudio(LONG)), samples: new FakeSampleReader(LONG) } : {};
  return run({ ...ports, transcriber }).then((result) => ({ ...result, asked: transcriber.requests.length }));
}

describe('transcribe, where pieces fail', () => {
  let chunks: readonly Chunk[] = [];

  before(async () => {
    chunks = await plannedChunks();
  });

  it('leaves a gap for a piece that fails for a reason of its own, tells of it as done, and goes on', async () => {
    const { values, error, texts, log } = await failing([2]);
    assert.isUndefined(error);
    assert.deepStrictEqual(texts, ['Piece 1.', 'Piece 3.']);
    assert.deepStrictEqual(
      transcribedIn(values).map(({ chunk }) => chunk),
      chunks,
    );
    const [, second = assert.fail('no second chunk')] = chunks;
    assert.deepStrictEqual(
      log.fold().gaps.map(({ kind, chunk, code, startS }) => ({ kind, chunk, code, startS })),
      [{ kind: 'failed', chunk: second, code: 'endpointFailed', startS: second.startSample / 16_000 }],
    );
  });

  it('has the gap in the log before it tells of it', async () => {
    const { log, ...written } = new FakeLog();
    const transcriber = new FakeTranscriber((n) => (n === 1 ? Promise.reject(BUSY) : `Piece ${n}.`));
    await run({ log, transcriber });
    assert.deepStrictEqual(
      written.entries.filter(({ kind }) => kind !== 'prepared').map(({ kind }) => kind),
      ['planned', 'planned', 'planned', 'failed', 'answered', 'answered'],
    );
  });

  it('ends with the failure where all pieces fail, or no piece that was answered has words', async () => {
    for (const pieces of [[1, 2, 3], [1]]) {
      const transcriber = new FakeTranscriber((n) => (pieces.includes(n) ? Promise.reject(BUSY) : ''));
      assert.strictEqual((await run({ transcriber })).error, BUSY);
    }
  });

  it('ends with the third failure in a row, whose three pieces are gaps', async () => {
    const { error, log, asked, texts } = await failing([3, 4, 5, 6], BUSY, true);
    assert.strictEqual(error, BUSY);
    assert.strictEqual(asked, 5);
    assert.lengthOf(log.folded.gaps, 3);
    assert.deepStrictEqual(texts, ['Piece 1.', 'Piece 2.']);
  });

  it('counts anew after every answer', async () => {
    const { error, log, texts } = await failing([1, 2, 4, 5, 7], BUSY, true);
    assert.isUndefined(error);
    assert.lengthOf(log.folded.gaps, 5);
    assert.deepStrictEqual(texts, ['Piece 3.', 'Piece 6.']);
  });

  for (const failure of [SLOW, CRASHED]) {
    it(`ends at once where the first piece fails at a high price: ${failure.message}`, async () => {
      const { error, asked } = await failing([1], failure, true);
      assert.strictEqual(error, failure);
      assert.strictEqual(asked, 1);
    });

    it(`goes on where an answer came before that: ${failure.message}`, async () => {
      const { error, log } = await failing([2, 3], failure, true);
      assert.isUndefined(error);
      assert.lengthOf(log.folded.gaps, 2);
    });
  }

  it('ends at any failure that all pieces would have, and leaves no gap for it', async () => {
    const { error, log, asked } = await failing([2], SPENT, true);
    assert.strictEqual(error, SPENT);
    assert.strictEqual(asked, 2);
    assert.isEmpty(log.folded.gaps);
    assert.lengthOf(log.folded.pending, log.cut(0).length - 1, 'all but the first, which is answered');
  });

  it('ends a dictation at its first failure, and leaves no gap for it', async () => {
    const transcriber = new FakeTranscriber((n) => (n === 2 ? Promise.reject(BUSY) : `Piece ${n}.`));
    const { error, log } = await run({ transcriber }, { isUrgent: true });
    assert.strictEqual(error, BUSY);
    assert.isEmpty(log.folded.gaps);
  });

  it('says noSpeech of a dictation in which nothing was understood, of a meeting only where nothing was said', async () => {
    const transcriber = new FakeTranscriber(() => ({ text: '', unheard: [{ startS: 0.5, endS: 1.5 }] }));
    const { error } = await run({ transcriber }, { isUrgent: true });
    assert.strictEqual(problemOf(error)?.code, 'noSpeech');
    const meeting = await run({ transcriber });
    assert.isUndefined(meeting.error);
    assert.lengthOf(meeting.log.folded.gaps, 3);
  });

  it('leaves the same gaps with several requests at once', async () => {
    const transcriber = new FakeTranscriber(async (n) => {
      if (n !== 1) await turn();
      return n === 1 ? Promise.reject(BUSY) : `Piece ${n}.`;
    }, 3);
    const { error, log, texts } = await run({ transcriber });
    assert.isUndefined(error);
    assert.deepStrictEqual(texts, ['Piece 2.', 'Piece 3.']);
    assert.deepStrictEqual(
      log.folded.gaps.map(({ chunk }) => chunk),
      chunks.slice(0, 1),
    );
  });
});
