import { assert } from 'chai';
import fc from 'fast-check';
import { FLAC_BLOCK_SAMPLES, flacParts } from '../../../../src/core/audio/flac';
import { decodeFlac, type DecodedFlac } from '../../../fakes/decodeFlac';
import { SEED, seededRandom } from '../random';
import { noise, tones } from './syntheticSpeech';

/** Lengths at which blocks, partitions and warm-up samples end. */
const EDGES = [0, 1, 2, 3, 4, 5, 6, 15, 16, 17, 31, 32, 33, 191, 192, 193, 255, 256, 257, 1023, 1024, 1025, 1028];
const LENGTHS = [...EDGES, 2047, 2048, 2049, 4095, 4096, 4097, 2 * FLAC_BLOCK_SAMPLES + 1];

describe('flacParts', () => {
  it('gives any samples back, bit by bit', () => {
    const length = fc.oneof(fc.constantFrom(...LENGTHS), fc.nat(5000));
    const loudness = fc.constantFrom(1, 2, 3, 40, 1000, 20_000, 32_768);
    fc.assert(
      fc.property(length, loudness, fc.integer(), fc.constantFrom(...KINDS), (count, loud, seed, make) => {
        assertSame(make(count, loud, seededRandom(seed)));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('gives the shortest and the unluckiest samples back', () => {
    const sample = fc.constantFrom(-32_768, 32_767, -1, 0, 1, -16_384, 255);
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 70 }), (samples) => {
        assertSame(Int16Array.from(samples));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('codes every length of silence, noise and a square wave', () => {
    for (const length of LENGTHS) {
      assertSame(new Int16Array(length));
      assertSame(noise(1, 32_768).subarray(0, length));
      assertSame(Int16Array.from({ length }, (_, i) => (i % 2 === 0 ? 32_767 : -32_768)));
      assertSame(Int16Array.from({ length }, () => -32_768));
    }
  });

  it('numbers frames as UTF-8 does, beyond one byte and beyond two', () => {
    const decoded = assertSame(new Int16Array(2050 * FLAC_BLOCK_SAMPLES + 7));
    assert.strictEqual(decoded.kinds.length, 2051);
  });

  it('takes a constant for silence, the samples themselves for noise, a predictor for a tone', () => {
    const kindsOf = (samples: Int16Array): string[] => [...new Set(assertSame(samples).kinds)];
    assert.deepStrictEqual(kindsOf(new Int16Array(5000)), ['constant']);
    assert.deepStrictEqual(kindsOf(Int16Array.from({ length: 5000 }, () => -7)), ['constant']);
    assert.deepStrictEqual(kindsOf(noise(0.5, 32_768)), ['verbatim']);
    assert.deepStrictEqual(kindsOf(tones(0.5, 9000, 220)), ['fixed']);
  });

  it('makes nothing larger than its samples by more than a few bytes a frame', () => {
    for (const samples of [noise(1, 32_768), noise(0.1, 32_768), new Int16Array(1), Int16Array.of(5, -5, 30_000)]) {
      const frames = Math.ceil(samples.length / FLAC_BLOCK_SAMPLES);
      assert.isAtMost(encode(samples).length, 42 + samples.length * 2 + frames * 12);
    }
  });

  it('gives a head and one part for each block, and leaves the samples alone', () => {
    const samples = noise(0.2, 500);
    const before = samples.slice();
    const parts = [...flacParts(samples)];
    assert.strictEqual(parts.length, 1 + Math.ceil(3200 / FLAC_BLOCK_SAMPLES));
    assert.deepStrictEqual(samples, before);
    // The marker, STREAMINFO as the last block of metadata, and blocks of one size.
    assert.deepStrictEqual([...(parts[0] ?? [])].slice(0, 12), [0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, 34, 4, 0, 4, 0]);
  });
});

describe('decodeFlac, the judge of these tests', () => {
  it('notices every changed bit of a frame', () => {
    const bytes = encode(noise(0.005, 3000));
    for (let bit = 42 * 8; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
      assert.throws(() => decodeFlac(changed));
    }
  });
});

/** Samples of a kind, so many, up to this loudness. */
type Make = (count: number, loud: number, random: () => number) => Int16Array;

const KINDS: readonly Make[] = [
  (count, loud, random) => Int16Array.from({ length: count }, () => (2 * random() - 1) * loud),
  (count, loud) => Int16Array.from({ length: count }, () => loud - 1),
  // A square wave between the bounds.
  (count, loud, random) => {
    const period = 1 + Math.floor(random() * 200);
    return Int16Array.from({ length: count }, (_, i) => (Math.floor(i / period) % 2 === 0 ? loud - 1 : -loud));
  },
  // A tone with noise that comes and goes.
  (count, loud, random) => {
    const [pitch, rate] = [random(), random() / 1000];
    return Int16Array.from({ length: count }, (_, i) => {
      const swell = Math.sin(i * rate) ** 2;
      return (loud - 1) * (0.7 * Math.sin(i * pitch) + 0.3 * swell * (2 * random() - 1));
    });
  },
  // Silence with single clicks.
  (count, loud, random) => Int16Array.from({ length: count }, () => (random() < 0.01 ? -loud : 0)),
  // A walk that turns back at the bounds.
  (count, loud, random) => {
    let at = 0;
    return Int16Array.from({ length: count }, () => {
      at += (random() - 0.5) * loud * 0.1;
      at = Math.max(-loud, Math.min(loud - 1, at));
      return at;
    });
  },
];

function encode(samples: Int16Array): Uint8Array {
  return Uint8Array.from([...flacParts(samples)].flatMap((part) => [...part]));
}

function assertSame(samples: Int16Array): DecodedFlac {
  const decoded = decodeFlac(encode(samples));
  assert.strictEqual(decoded.sampleRateHz, 16_000);
  assert.isTrue(decoded.samples.join() === samples.join(), `${samples.length} samples come back as they were`);
  return decoded;
}
