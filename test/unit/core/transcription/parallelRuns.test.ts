import { assert } from 'chai';
import fc from 'fast-check';
import { MinutesError } from '../../../../src/core/errors';
import type { Chunk } from '../../../../src/core/model';
import { FakeLog, SPENT, FakeTranscriber, turn, untilAborted } from '../fakes';
import { SEED } from '../random';
import { plannedChunks, run, transcribedIn } from './runs';

/** A wait that somebody else ends. */
class Door {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

describe('transcribe', () => {
  let chunks: readonly Chunk[] = [];

  before(async () => {
    chunks = await plannedChunks();
  });

  describe('with several requests at once', () => {
    const orders = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });

    it('asks for as many as are worth it, and for no more', async () => {
      for (const parallel of [1, 2, 3, 8]) {
        const transcriber = new FakeTranscriber(async (n) => {
          await turn();
          return `Piece ${n}.`;
        }, parallel);
        await run({ transcriber });
        assert.strictEqual(transcriber.mostInFlight, Math.min(3, parallel));
      }
    });

    it('gives the same transcript, piece after piece, whoever is answered first', async () => {
      const expected = transcribedIn((await run({})).values);
      await fc.assert(
        fc.asyncProperty(orders, async (order) => {
          const doors = chunks.map(() => new Door());
          const transcriber = new FakeTranscriber(async (n) => {
            await doors[n - 1]?.opened;
            return `Piece ${n}.`;
          }, 3);
          const kept = new FakeLog();
          const reading = run({ transcriber, log: kept.log });
          for (const n of order) {
            await turn();
            doors[n]?.open();
          }
          const { values, error, texts } = await reading;
          assert.isUndefined(error);
          assert.deepStrictEqual(texts, ['Piece 1.', 'Piece 2.', 'Piece 3.']);
          assert.deepStrictEqual(transcribedIn(values), expected);
          assert.deepStrictEqual(
            kept.pieces.map(({ chunk }) => chunks.findIndex(({ startSample }) => startSample === chunk.startSample)),
            order,
          );
        }),
        { seed: SEED },
      );
    });

    it('keeps an answer that overtook a failure, though it tells of none behind a hole', async () => {
      const kept = new FakeLog();
      const transcriber = new FakeTranscriber(async (n) => {
        if (n !== 2) return `Piece ${n}.`;
        await turn();
        throw SPENT;
      }, 3);
      const { values, error, texts } = await run({ log: kept.log, transcriber });
      assert.strictEqual(error, SPENT);
      assert.deepStrictEqual(
        transcribedIn(values).map(({ chunk }) => chunk),
        chunks.slice(0, 1),
      );
      assert.deepStrictEqual(texts, ['Piece 1.', 'Piece 3.']);
      assert.deepStrictEqual(
        kept.log.folded.pending.map(({ startSample }) => startSample),
        [chunks[1]?.startSample],
      );
    });

    it('ends the others where the line fails', async () => {
      const lost = new MinutesError({ code: 'endpointUnreachable', host: 'example.org', reason: 'ECONNREFUSED' });
      const transcriber = new FakeTranscriber(
        (n, signal) => (n === 3 ? turn().then(() => Promise.reject(lost)) : untilAborted(signal)),
        3,
      );
      assert.strictEqual((await run({ transcriber })).error, lost);
      assert.strictEqual(transcriber.inFlight, 0);
    });

    it('lets the endpoint answer what it works on where it refuses another piece', async () => {
      const transcriber = new FakeTranscriber(
        (n) => (n === 3 ? Promise.reject(SPENT) : turn().then(() => `Piece ${n}.`)),
        3,
      );
      const kept = new FakeLog();
      const { error, texts } = await run({ transcriber, log: kept.log });
      assert.strictEqual(error, SPENT);
      assert.deepStrictEqual(texts, ['Piece 1.', 'Piece 2.']);
      assert.lengthOf(kept.pieces, 2);
    });
  });
});
