import { assert } from 'chai';
import fc from 'fast-check';
import {
  isPreparedLayout,
  readWavHeader,
  WAV_HEADER_BYTES,
  wavHeader,
  type SampleFormat,
  type WavHeader,
  type WavLayout,
} from '../../../../src/core/audio/wav';
import { SEED } from '../random';
import { ascii, concat, riffChunk, wavFile, type WavFileOptions } from './wavFiles';

/** What a caller must bring at least, where the file has as much: fewer bytes are no WAV. */
const RIFF_HEADER_BYTES = 12;

describe('readWavHeader', () => {
  it('reads what wavHeader wrote', () => {
    const header = wavHeader(320_000);
    assert.strictEqual(header.length, WAV_HEADER_BYTES);
    assert.deepStrictEqual(readWavHeader(header, WAV_HEADER_BYTES + 320_000), {
      kind: 'pcm',
      layout: {
        format: 'int16',
        sampleRateHz: 16_000,
        channelCount: 1,
        frameBytes: 2,
        dataOffsetBytes: 44,
        dataBytes: 320_000,
      },
    });
  });

  it('reads a header that lies at any address of a larger buffer', () => {
    const buffer = concat(Uint8Array.of(1, 2, 3), wavHeader(100), new Uint8Array(100));
    assert.strictEqual(layoutOf(buffer.subarray(3)).dataBytes, 100);
  });

  const formats: readonly (readonly [tag: number, bits: number, format: SampleFormat])[] = [
    [1, 8, 'uint8'],
    [1, 16, 'int16'],
    [1, 24, 'int24'],
    [1, 32, 'int32'],
    [3, 32, 'float32'],
    [3, 64, 'float64'],
  ];
  for (const [formatTag, bits, format] of formats) {
    it(`knows ${format}, in the plain form and in WAVEFORMATEXTENSIBLE`, () => {
      const data = new Uint8Array(480);
      for (const isExtensible of [false, true]) {
        const file = wavFile({ formatTag, bits, channelCount: 2, sampleRateHz: 44_100, isExtensible, data });
        assert.deepStrictEqual(layoutOf(file), {
          format,
          sampleRateHz: 44_100,
          channelCount: 2,
          frameBytes: bits / 4,
          dataOffsetBytes: isExtensible ? 68 : 44,
          dataBytes: 480,
        });
      }
    });
  }

  it('steps over a LIST chunk of odd length and its padding before the samples', () => {
    const file = wavFile({ beforeData: riffChunk('LIST', ascii('INFOabc')), data: new Uint8Array(10) });
    assert.strictEqual(layoutOf(file).dataOffsetBytes, 44 + 8 + 8);
  });

  it('takes a size that a writer to a pipe put there for unknown', () => {
    for (const saidDataBytes of [0, 0xffff_ffff, 0x7fff_ffff, 0x7fff_ffff - 36]) {
      assert.isUndefined(layoutOf(wavFile({ saidDataBytes, data: new Uint8Array(10) })).dataBytes);
    }
    assert.strictEqual(layoutOf(wavFile({ saidDataBytes: 0x7f00_0000 })).dataBytes, 0x7f00_0000);
  });

  it('calls compressed and unknown encodings a decoder’s work', () => {
    const compressed: readonly (readonly [WavFileOptions, number])[] = [
      [{ formatTag: 6, bits: 8 }, 6],
      [{ formatTag: 0x55, bits: 0, frameBytes: 1 }, 0x55],
      [{ formatTag: 2, bits: 4, frameBytes: 256, isExtensible: true }, 2],
      [{ formatTag: 1, bits: 12, frameBytes: 2 }, 1],
    ];
    for (const [options, formatTag] of compressed) {
      const file = wavFile(options);
      assert.deepStrictEqual(readWavHeader(file, file.length), { kind: 'compressed', formatTag });
    }
  });

  it('says what is wrong with a header that contradicts itself', () => {
    const broken: readonly (readonly [WavFileOptions, RegExp])[] = [
      [{ channelCount: 0 }, /no channels/],
      [{ sampleRateHz: 0 }, /rate is 0 Hz/],
      [{ sampleRateHz: 2_000_000 }, /rate is 2000000 Hz/],
      [{ channelCount: 2, frameBytes: 2 }, /block size/],
    ];
    for (const [options, reason] of broken) {
      const file = wavFile({ ...options, data: new Uint8Array(8) });
      assert.match(reasonOf(readWavHeader(file, file.length)), reason);
    }
    const noFormat = concat(ascii('RIFF\0\0\0\0WAVE'), riffChunk('data', new Uint8Array(4)));
    assert.match(reasonOf(readWavHeader(noFormat, noFormat.length)), /format is missing/);
    const shortFormat = concat(ascii('RIFF\0\0\0\0WAVE'), riffChunk('fmt ', new Uint8Array(14)), new Uint8Array(8));
    assert.match(reasonOf(readWavHeader(shortFormat, shortFormat.length)), /format is cut short/);
  });

  it('does not take other files for a WAV', () => {
    for (const head of ['', 'RIF', 'OggS\0\0\0\0\0\0\0\0\0', 'RIFF\0\0\0\0AVI LIST', 'RIFX\0\0\0\0WAVEfmt ']) {
      assert.deepStrictEqual(readWavHeader(ascii(head), head.length), { kind: 'notWav' });
    }
  });

  it('finds no audio in a file that ends anywhere in its header, and never throws', () => {
    for (const whole of [wavFile({}), wavFile({ isExtensible: true })]) {
      for (let length = 0; length < whole.length; length++) {
        const head = whole.subarray(0, length);
        // Where the sub-format's tag is what is missing, the encoding counts as unknown.
        assert.include(length < 12 ? ['notWav'] : ['broken', 'compressed'], readWavHeader(head, length).kind);
      }
    }
  });

  it('asks for more where the header goes on behind the bytes given: more than it has, no more than there is', () => {
    const file = wavFile({ isExtensible: true, data: new Uint8Array(100) });
    for (let length = RIFF_HEADER_BYTES; length < 68; length++) {
      const header = readWavHeader(file.subarray(0, length), file.length);
      if (header.kind !== 'needMore') assert.fail(`${header.kind} after ${length} bytes`);
      assert.isAbove(header.bytes, length);
      assert.isAtMost(header.bytes, file.length);
    }
  });

  it('comes to the same result from whatever number of bytes it is first given', () => {
    const chunk = fc
      .tuple(fc.constantFrom('LIST', 'bext', 'JUNK', 'fact'), fc.uint8Array({ maxLength: 60 }))
      .map(([id, body]) => riffChunk(id, body));
    const file = fc
      .record({
        format: fc.constantFrom(...formats),
        channelCount: fc.integer({ min: 0, max: 3 }),
        isExtensible: fc.boolean(),
        beforeFormat: chunk,
        beforeData: chunk,
        data: fc.uint8Array({ maxLength: 20 }),
      })
      .map(({ format: [formatTag, bits], ...rest }) => wavFile({ formatTag, bits, ...rest }));
    fc.assert(
      fc.property(file, fc.nat({ max: 99 }), fc.nat({ max: 260 }), (whole, percent, first) => {
        // Half of the files are cut: also what is broken must be found broken from every beginning.
        const present = percent < 50 ? whole : whole.subarray(0, Math.floor((percent / 100) * whole.length));
        assert.deepStrictEqual(
          readInSteps(present, Math.min(RIFF_HEADER_BYTES + first, present.length)),
          readWavHeader(present, present.length),
        );
      }),
      { seed: SEED, numRuns: 3000 },
    );
  }).timeout(20_000);

  it('never throws on garbage behind a WAV’s first bytes', () => {
    const garbage = fc.tuple(
      fc.constantFrom('RIFF\0\0\0\0WAVE', 'RIFF\0\0\0\0WAVEfmt ', 'RIFF\0\0\0\0WAVEfmt \x28\0\0\0', ''),
      fc.uint8Array({ maxLength: 80 }),
      fc.nat({ max: 200 }),
    );
    fc.assert(
      fc.property(garbage, ([start, rest, behind]) => {
        const head = concat(ascii(start), rest);
        const header = readWavHeader(head, head.length + behind);
        if (header.kind === 'needMore') assert.isAbove(header.bytes, head.length);
      }),
      { seed: SEED, numRuns: 5000 },
    );
  }).timeout(20_000);
});

describe('isPreparedLayout', () => {
  it('accepts 16 kHz mono 16 bit and nothing else', () => {
    assert.isTrue(isPreparedLayout(layoutOf(wavFile({}))));
    for (const other of [{ sampleRateHz: 16_001 }, { channelCount: 2 }, { bits: 24 }, { formatTag: 3, bits: 32 }]) {
      assert.isFalse(isPreparedLayout(layoutOf(wavFile(other))));
    }
  });
});

function layoutOf(file: Uint8Array): WavLayout {
  const header = readWavHeader(file, file.length);
  if (header.kind !== 'pcm') assert.fail(JSON.stringify(header));
  return header.layout;
}

function reasonOf(header: WavHeader): string {
  if (header.kind !== 'broken') assert.fail(header.kind);
  return header.reason;
}

/** Reads as a caller does who begins with few bytes and gives exactly as many as asked for. */
function readInSteps(file: Uint8Array, firstBytes: number): WavHeader {
  let given = firstBytes;
  for (;;) {
    const header = readWavHeader(file.subarray(0, given), file.length);
    if (header.kind !== 'needMore') return header;
    assert.isAbove(header.bytes, given, 'the same was asked for again');
    assert.isAtMost(header.bytes, file.length, 'more was asked for than there is');
    given = header.bytes;
  }
}
