import { assert } from 'chai';
import fc from 'fast-check';
import { NEVER } from '../../../../src/core/async/never';
import type { Chunk } from '../../../../src/core/model';
import { RecordingAsker } from '../../../../src/core/transcription/recordingAsker';
import { readAll } from '../expectations';
import {
  BUSY,
  chunksAsked,
  FakeSampleReader,
  FakeTranscriber,
  SPENT,
  TOO_LARGE,
  turn,
  untilAborted,
  optionsOf,
  unwritableLog,
} from '../fakes';
import { SEED } from '../random';
import { asking, AUDIO, S, SAMPLES } from './recordingAskers';
import { logged } from './runs';

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
  it('asks for the chunk, and writes the answer into the log with its place', async () => {
    const transcriber = new FakeTranscriber();
    const { asker, kept } = asking(transcriber);
    const chunk = chunkOf(2, 8);
    const { values, error } = await readAll(asker.askChunk(AUDIO, chunk, NEVER));
    assert.isUndefined(error);
    const piece = { chunk, model: 'default', text: 'Piece 1.', segments: [], words: [] };
    assert.deepStrictEqual<unknown>(values, [{ kind: 'done', isGap: false }]);
    assert.deepStrictEqual<unknown>(kept.pieces, [piece]);
  });

  it('asks for nothing that is known', async () => {
    const chunk = chunkOf(2, 8);
    const known = logged(chunk, 'Known.');
    const transcriber = new FakeTranscriber();
    const { asker, kept } = asking(transcriber, {}, [known]);
    const { values } = await readAll(asker.askChunk(AUDIO, { ...chunk }, NEVER));
    assert.deepStrictEqual(values, [{ kind: 'done', isGap: false }]);
    assert.isEmpty(transcriber.requests);
    assert.isEmpty(kept.pieces);
  });

  it('cuts in two what is too large, at a pause, and asks for both parts', async () => {
    const transcriber = upTo(15);
    const { asker, kept } = asking(transcriber);
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
      kept.pieces.map(({ text, chunk }) => [text, chunk]),
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
    const { asker, kept } = asking(transcriber, {}, first.kept.entries);
    await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    assert.isEmpty(kept.entries);
    assert.isEmpty(transcriber.requests, 'the whole, which would be refused again, is not asked for');
  });

  it('cuts again and again, until the endpoint takes it; all parts in order, none twice', async () => {
    const ranges = fc.tuple(fc.nat({ max: 15 }), fc.integer({ min: 4, max: 24 }), fc.integer({ min: 3, max: 24 }));
    await fc.assert(
      fc.asyncProperty(ranges, async ([startS, lengthS, longestS]) => {
        const transcriber = upTo(longestS);
        const { asker, kept } = asking(transcriber);
        const chunk = chunkOf(startS, startS + lengthS);
        const { error } = await readAll(asker.askChunk(AUDIO, chunk, NEVER));
        // Parts of two seconds are cut no further, so that three may be too few.
        if (kept.log.folded.gaps.length > 0) assert.isBelow(longestS, 4);
        if (error !== undefined) {
          assert.strictEqual(error, TOO_LARGE);
          assert.isAtLeast(kept.log.folded.gaps.length, 3);
          return;
        }
        const { answers, gaps } = kept.log.folded;
        const parts = [...answers, ...gaps.map((gap) => gap.chunk)].sort((a, b) => a.startSample - b.startSample);
        let at = chunk.startSample;
        for (const part of parts) {
          assert.strictEqual(part.startSample, at);
          assert.isAbove(part.endSample, at);
          at = part.endSample;
        }
        assert.strictEqual(at, chunk.endSample);
        const asked = chunksAsked(transcriber).map((part) => JSON.stringify(part));
        assert.lengthOf(new Set(asked), asked.length, 'the same body never again');
      }),
      { seed: SEED, numRuns: 60 },
    );
  }).timeout(20_000);

  it('leaves a gap where what is refused is too short to be cut', async () => {
    const transcriber = new FakeTranscriber((n) => (n === 1 ? 'Said.' : Promise.reject(TOO_LARGE)));
    const { asker, kept } = asking(transcriber);
    await readAll(asker.askChunk(AUDIO, chunkOf(5, 8), NEVER));
    const { values, error } = await readAll(asker.askChunk(AUDIO, chunkOf(0, 3), NEVER));
    assert.isUndefined(error);
    assert.deepStrictEqual(values, [{ kind: 'done', isGap: true }]);
    assert.deepStrictEqual(
      kept.log.folded.gaps.map(({ chunk, code }) => [chunk, code]),
      [[chunkOf(0, 3), 'tooLarge']],
    );
    assert.strictEqual(asker.firstFailure, TOO_LARGE);
    assert.lengthOf(transcriber.requests, 2);
  });

  it('ends where the smallest part is too large and nothing was answered before: no other would be taken', async () => {
    const transcriber = upTo(0);
    const { error } = await readAll(asking(transcriber).asker.askChunk(AUDIO, chunkOf(0, 3), NEVER));
    assert.strictEqual(error, TOO_LARGE);
    assert.lengthOf(transcriber.requests, 1);
  });

  it('cuts after no other failure', async () => {
    const transcriber = new FakeTranscriber(() => Promise.reject(BUSY));
    const { asker, kept } = asking(transcriber);
    await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    assert.deepStrictEqual(
      kept.log.folded.gaps.map(({ chunk, code }) => [chunk, code]),
      [[chunkOf(0, 25), 'endpointFailed']],
    );
    assert.lengthOf(transcriber.requests, 1);
  });

  for (const [what, failure] of [
    ['ends at a failure that every chunk would have', SPENT],
    ['ends at a fault in the program', new TypeError('x is not a function')],
  ] as const) {
    it(`${what}, and keeps the part before it`, async () => {
      const transcriber = new FakeTranscriber((n) =>
        n === 2 ? 'First part.' : Promise.reject(n === 1 ? TOO_LARGE : failure),
      );
      const { asker, kept } = asking(transcriber);
      const { error } = await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
      assert.strictEqual(error, failure);
      assert.deepStrictEqual(
        kept.pieces.map(({ text }) => text),
        ['First part.'],
      );
      assert.isEmpty(kept.log.folded.gaps);
      assert.lengthOf(kept.log.folded.pending, 1);
    });
  }

  it('goes on behind a part that fails for a reason of its own', async () => {
    const transcriber = new FakeTranscriber((n) =>
      n === 3 ? 'Second part.' : Promise.reject(n === 1 ? TOO_LARGE : BUSY),
    );
    const { asker, kept } = asking(transcriber);
    const { values, error } = await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    assert.isUndefined(error);
    assert.deepStrictEqual(values, [{ kind: 'done', isGap: true }]);
    const [first, second] = chunksAsked(transcriber).slice(1);
    assert.deepStrictEqual(
      kept.pieces.map(({ chunk }) => chunk),
      [second],
    );
    assert.deepStrictEqual(
      kept.log.folded.gaps.map(({ chunk }) => chunk),
      [first],
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

  it('keeps an answer that the disk cannot', async () => {
    const log = unwritableLog();
    const ports = { samples: new FakeSampleReader(SAMPLES), transcriber: new FakeTranscriber(), log };
    const { error } = await readAll(new RecordingAsker(ports, optionsOf()).askChunk(AUDIO, chunkOf(0, 5), NEVER));
    assert.isUndefined(error);
    assert.isDefined(log.answerFor(0, chunkOf(0, 5)));
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
