import { assert } from 'chai';
import fc from 'fast-check';
import { splitChunk } from '../../../../src/core/audio/splitChunk';
import type { Chunk } from '../../../../src/core/model';
import { SEED } from '../random';
import { silence, speech, synthesize } from './syntheticSpeech';

const S = 16_000;
/** No part is shorter. */
const SHORTEST = 2 * S;

/** Reads ranges of samples in blocks of a length, and notes which. */
class Reader {
  readonly read: Chunk[] = [];

  constructor(
    private readonly samples: Int16Array,
    private readonly blockLength = 4096,
  ) {}

  readonly range = async function* (this: Reader, range: Chunk): AsyncGenerator<Int16Array> {
    this.read.push(range);
    const end = Math.min(range.endSample, this.samples.length);
    for (let at = range.startSample; at < end; at += this.blockLength) {
      await Promise.resolve();
      yield this.samples.subarray(at, Math.min(end, at + this.blockLength));
    }
  }.bind(this);
}

describe('splitChunk', () => {
  it('cuts in the pause', async () => {
    const { samples } = synthesize(speech(8), silence(1), speech(7));
    const parts = await splitChunk({ startSample: 0, endSample: 16 * S }, new Reader(samples).range);
    const cut = parts?.[0].endSample ?? assert.fail('not cut');
    assert.isTrue(cut > 8 * S && cut < 9 * S, String(cut / S));
  });

  it('cuts at the quietest place of the middle half, not at a quieter one outside', async () => {
    const { samples } = synthesize(speech(1), silence(1), speech(14));
    // As loud as a whisper, between 9.0 and 9.2 s.
    for (let i = 9 * S; i < 9.2 * S; i++) samples[i] = Math.round((samples[i] ?? 0) / 50);
    const parts = await splitChunk({ startSample: 0, endSample: 16 * S }, new Reader(samples).range);
    const cut = parts?.[0].endSample ?? assert.fail('not cut');
    assert.isTrue(cut >= 9 * S && cut <= 9.2 * S, String(cut / S));
  });

  it('counts from the recording’s start', async () => {
    const { samples } = synthesize(speech(30), silence(1), speech(9));
    const parts = await splitChunk({ startSample: 24 * S, endSample: 38 * S }, new Reader(samples).range);
    const cut = parts?.[0].endSample ?? assert.fail('not cut');
    assert.isTrue(cut > 30 * S && cut < 31 * S, String(cut / S));
    assert.deepStrictEqual(parts, [
      { startSample: 24 * S, endSample: cut },
      { startSample: cut, endSample: 38 * S },
    ]);
  });

  it('cuts at the same place whatever the blocks are', async () => {
    const { samples } = synthesize(speech(8), silence(0.5), speech(8));
    const cuts = [1, 333, 16_000, 1_000_000].map(async (blockLength) => {
      const parts = await splitChunk({ startSample: S, endSample: 15 * S }, new Reader(samples, blockLength).range);
      return parts?.[1].startSample;
    });
    assert.lengthOf(new Set(await Promise.all(cuts)), 1);
  });

  it('reads the middle alone, once', async () => {
    const reader = new Reader(new Int16Array(40 * S));
    await splitChunk({ startSample: 8 * S, endSample: 40 * S }, reader.range);
    assert.deepStrictEqual(reader.read, [{ startSample: 16 * S, endSample: 32 * S }]);
  });

  it('leaves a chunk whole whose parts would be too short, and reads nothing', async () => {
    for (const length of [0, 1, S, 2 * SHORTEST - 1]) {
      const reader = new Reader(new Int16Array(40 * S));
      assert.isUndefined(await splitChunk({ startSample: S, endSample: S + length }, reader.range));
      assert.isEmpty(reader.read);
    }
    const reader = new Reader(new Int16Array(40 * S));
    assert.isDefined(await splitChunk({ startSample: S, endSample: S + 2 * SHORTEST }, reader.range));
  });

  it('passes on why the audio cannot be read', async () => {
    const reason = new Error('the disk is gone');
    // eslint-disable-next-line require-yield -- a reader with a fault
    const read = async function* (): AsyncGenerator<never> {
      await Promise.resolve();
      throw reason;
    };
    const error: unknown = await splitChunk({ startSample: 0, endSample: 16 * S }, read).catch(
      (thrown: unknown) => thrown,
    );
    assert.strictEqual(error, reason);
  });

  it('gives parts that cover the chunk, cut in its middle half, neither too short, whatever is heard', async () => {
    const level = fc.constantFrom(0, 1, 100, 32_767, -32_768);
    const audio = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 * S }), level), { maxLength: 12 });
    const chunk = fc.tuple(fc.nat({ max: 2 * S }), fc.integer({ min: 0, max: 30 * S }));
    await fc.assert(
      fc.asyncProperty(
        audio,
        chunk,
        fc.integer({ min: 500, max: 50_000 }),
        async (stretches, [start, length], block) => {
          // It may also end before the chunk does.
          const samples = new Int16Array(stretches.reduce((sum, [count]) => sum + count, 0));
          stretches.reduce((at, [count, value]) => (samples.fill(value, at, at + count), at + count), 0);
          const whole = { startSample: start, endSample: start + length };
          const parts = await splitChunk(whole, new Reader(samples, block).range);
          assert.strictEqual(parts === undefined, length < 2 * SHORTEST);
          if (!parts) return;
          const [first, second] = parts;
          assert.strictEqual(first.startSample, whole.startSample);
          assert.strictEqual(first.endSample, second.startSample);
          assert.strictEqual(second.endSample, whole.endSample);
          const cut = first.endSample;
          assert.isTrue(Number.isInteger(cut));
          assert.isTrue(cut >= start + Math.floor(length / 4) && cut <= start + Math.ceil((3 * length) / 4));
          assert.isTrue(cut - start >= SHORTEST && start + length - cut >= SHORTEST, `${cut - start} of ${length}`);
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });
});
