import { assert } from 'chai';
import fc from 'fast-check';
import { NEVER } from '../../../../src/core/async/never';
import type { Chunk } from '../../../../src/core/model';
import { RecordingAsker } from '../../../../src/core/transcription/recordingAsker';
import { readAll } from '../expectations';
import {
  BUSY,
  chunksAsked,
  FakeJournal,
  FakeSampleReader,
  FakeTranscriber,
  TOO_LARGE,
  turn,
  untilAborted,
  optionsOf,
} from '../fakes';
import { SEED } from '../random';
import { asking, AUDIO, S, SAMPLES } from './recordingAskers';

function chunkOf(startS: number, endS: number): Chunk {
  return { startSample: startS * S, endSample: endS * S };
}

/** Refuses what is longer. */
function upTo(longestS: number): FakeTranscriber {
  return new FakeTranscriber((n, _signal, { audio }) => {
    if (audio.kind !== 'chunk') assert.fail(audio.kind);
    const { startSample, endSample } = audio.chunk;
    return endSample - startSample > longestS * S ? Promise.reject(TOO_LARGE) : `Piece ${n}.`;
  });
}

describe('RecordingAsker.askChunk', () => {
  it('asks for the chunk, writes the answer into the journal and gives it with its place', async () => {
    const transcriber = new FakeTranscriber();
    const { asker, journal } = asking(transcriber);
    const chunk = chunkOf(2, 8);
    const { values, error } = await readAll(asker.askChunk(AUDIO, chunk, NEVER));
    assert.isUndefined(error);
    const piece = { chunk, model: 'default', text: 'Piece 1.', segments: [], words: [] };
    assert.deepStrictEqual<unknown>(values, [{ kind: 'done', isGap: false }]);
    assert.deepStrictEqual<unknown>(journal.pieces, [piece]);
  });

  it('asks for nothing that is known', async () => {
    const chunk = chunkOf(2, 8);
    const known = { chunk, model: 'm', text: 'Known.', segments: [], words: [] };
    const transcriber = new FakeTranscriber();
    const { asker, journal } = asking(transcriber, {}, [known]);
    const { values } = await readAll(asker.askChunk(AUDIO, { ...chunk }, NEVER));
    assert.deepStrictEqual<unknown>(values, [{ kind: 'done', isGap: false }]);
    assert.isEmpty(transcriber.requests);
    assert.deepStrictEqual<unknown>(journal.pieces, [known]);
  });

  it('cuts in two what is too large, at a pause, and asks for both parts', async () => {
    const transcriber = upTo(15);
    const { asker, journal } = asking(transcriber);
    const { values, error } = await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    assert.isUndefined(error);
    const [whole, first, second] = chunksAsked(transcriber);
    assert.lengthOf(transcriber.requests, 3);
    assert.deepStrictEqual(whole, chunkOf(0, 25));
    const cut = first?.endSample ?? assert.fail('not cut');
    assert.isTrue(cut > 10 * S && cut < 10.5 * S, String(cut / S));
    assert.deepStrictEqual(
      [first, second],
      [
        { startSample: 0, endSample: cut },
        { startSample: cut, endSample: 25 * S },
      ],
    );
    assert.lengthOf(values, 1);
    assert.deepStrictEqual(
      journal.pieces.map(({ text, chunk }) => [text, chunk]),
      [
        ['Piece 2.', first],
        ['Piece 3.', second],
      ],
    );
  });

  it('cuts later chunks that long before it asks, and leaves shorter ones whole', async () => {
    const transcriber = upTo(20);
    const { asker } = asking(transcriber);
    await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    const before = transcriber.requests.length;
    await readAll(asker.askChunk(AUDIO, chunkOf(14, 39), NEVER));
    const cut = chunksAsked(transcriber).slice(before);
    assert.lengthOf(cut, 2);
    assert.isTrue(cut.every((chunk) => chunk && chunk.endSample - chunk.startSample <= 20 * S));
    // Nobody refused that length yet.
    await readAll(asker.askChunk(AUDIO, chunkOf(26, 39), NEVER));
    assert.deepStrictEqual(chunksAsked(transcriber).at(-1), chunkOf(26, 39));
  });

  it('knows parts that it asked for in an earlier run', async () => {
    const first = asking(upTo(15));
    await readAll(first.asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    const transcriber = upTo(15);
    const { asker, journal } = asking(transcriber, {}, first.journal.pieces);
    await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    assert.deepStrictEqual(journal.pieces, first.journal.pieces);
    assert.isEmpty(transcriber.requests, 'the whole, which would be refused again, is not asked for');
  });

  it('cuts again and again, until the endpoint takes it; all parts in order, none twice', async () => {
    const ranges = fc.tuple(fc.nat({ max: 15 }), fc.integer({ min: 4, max: 24 }), fc.integer({ min: 3, max: 24 }));
    await fc.assert(
      fc.asyncProperty(ranges, async ([startS, lengthS, longestS]) => {
        const transcriber = upTo(longestS);
        const { asker, journal } = asking(transcriber);
        const chunk = chunkOf(startS, startS + lengthS);
        const { values, error } = await readAll(asker.askChunk(AUDIO, chunk, NEVER));
        // Parts of two seconds are cut no further, so that three may be too few.
        if (error !== undefined || values.some((event) => event.kind === 'done' && event.isGap)) {
          assert.isTrue(error === undefined || error === TOO_LARGE);
          assert.isBelow(longestS, 4);
          return;
        }
        let at = chunk.startSample;
        for (const piece of journal.pieces) {
          assert.strictEqual(piece.chunk.startSample, at);
          assert.isAbove(piece.chunk.endSample, at);
          at = piece.chunk.endSample;
        }
        assert.strictEqual(at, chunk.endSample);
        const asked = chunksAsked(transcriber).map((part) => JSON.stringify(part));
        assert.lengthOf(new Set(asked), asked.length, 'the same body never again');
      }),
      { seed: SEED, numRuns: 60 },
    );
  }).timeout(20_000);

  it('makes a gap of what is refused and too short to be cut', async () => {
    const transcriber = upTo(0);
    const { asker, journal } = asking(transcriber);
    const { values, error } = await readAll(asker.askChunk(AUDIO, chunkOf(0, 3), NEVER));
    assert.isUndefined(error);
    assert.deepStrictEqual<unknown>(values, [{ kind: 'done', isGap: true }]);
    assert.isEmpty(journal.pieces);
    assert.lengthOf(transcriber.requests, 1);
    const [gap] = journal.log.fold().gaps;
    assert.deepInclude(gap, { kind: 'failed', code: 'tooLarge', startS: 0, endS: 3 });
  });

  it('cuts after no other failure', async () => {
    const transcriber = new FakeTranscriber(() => Promise.reject(BUSY));
    const { values, error } = await readAll(asking(transcriber).asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    assert.isUndefined(error);
    assert.deepStrictEqual<unknown>(values, [{ kind: 'done', isGap: true }]);
    assert.lengthOf(transcriber.requests, 1);
  });

  it('ends with the failure where three chunks fail in a row, and at the first of a dictation', async () => {
    const failing = (): FakeTranscriber => new FakeTranscriber(() => Promise.reject(BUSY));
    const { asker } = asking(failing());
    const errors = [];
    for (const startS of [0, 10, 20]) {
      errors.push((await readAll(asker.askChunk(AUDIO, chunkOf(startS, startS + 8), NEVER))).error);
    }
    assert.deepStrictEqual(errors, [undefined, undefined, BUSY]);
    const dictation = asking(failing(), { isUrgent: true }).asker;
    assert.strictEqual((await readAll(dictation.askChunk(AUDIO, chunkOf(0, 8), NEVER))).error, BUSY);
  });

  it('keeps in the journal the part before one that fails', async () => {
    const transcriber = new FakeTranscriber((n) =>
      n === 2 ? 'First part.' : Promise.reject(n === 1 ? TOO_LARGE : BUSY),
    );
    const { asker, journal } = asking(transcriber);
    const { error } = await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    assert.isUndefined(error);
    assert.deepStrictEqual(
      journal.pieces.map(({ text }) => text),
      ['First part.'],
    );
    assert.deepStrictEqual(
      journal.log.fold().gaps.map(({ endS }) => endS),
      [25],
    );
  });

  it('passes on waits, those of parts too', async () => {
    const transcriber = upTo(15);
    transcriber.before.push({ kind: 'waiting', host: 'h', untilMs: 1, cause: 'quota' }, { kind: 'asking' });
    const { values } = await readAll(asking(transcriber).asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    assert.deepStrictEqual(
      values.map(({ kind }) => kind),
      [...[1, 2, 3].flatMap(() => ['waiting', 'asking']), 'done'],
    );
  });

  it('keeps an answer that the disk refuses', async () => {
    const { log } = new FakeJournal([], {}, new Error('the disk is full'));
    const ports = { samples: new FakeSampleReader(SAMPLES), transcriber: new FakeTranscriber(), log };
    const { error } = await readAll(new RecordingAsker(ports, optionsOf()).askChunk(AUDIO, chunkOf(0, 5), NEVER));
    assert.isUndefined(error);
    assert.lengthOf(log.fold().segments, 1);
  });

  it('throws the signal’s reason when aborted while it is answered', async () => {
    const controller = new AbortController();
    const transcriber = new FakeTranscriber((_n, signal) => untilAborted(signal));
    const reading = readAll(asking(transcriber).asker.askChunk(AUDIO, chunkOf(0, 5), controller.signal));
    await turn();
    controller.abort();
    assert.strictEqual((await reading).error, controller.signal.reason);
    assert.strictEqual(transcriber.inFlight, 0);
  });

  it('throws the signal’s reason when aborted while it looks where to cut', async () => {
    const controller = new AbortController();
    const transcriber = new FakeTranscriber(() => {
      controller.abort();
      return Promise.reject(TOO_LARGE);
    });
    const reading = readAll(asking(transcriber).asker.askChunk(AUDIO, chunkOf(0, 25), controller.signal));
    assert.strictEqual((await reading).error, controller.signal.reason);
    assert.lengthOf(transcriber.requests, 1);
  });
});
