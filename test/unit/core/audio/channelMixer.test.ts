import { assert } from 'chai';
import fc from 'fast-check';
import { ChannelMixer } from '../../../../src/core/audio/channelMixer';

const RATE_HZ = 1000;

/** Interleaves channels of one length. */
function frames(...channels: readonly (readonly number[])[]): Float32Array {
  const length = channels[0]?.length ?? 0;
  return Float32Array.from({ length: length * channels.length }, (_, i) => {
    return channels[i % channels.length]?.[Math.floor(i / channels.length)] ?? 0;
  });
}

/** Some seconds of a tone. */
function tone(seconds: number, amplitude: number, hz = 100): number[] {
  return Array.from(
    { length: seconds * RATE_HZ },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / RATE_HZ + 0.1),
  );
}

function mixed(channelCount: number, ...blocks: readonly Float32Array[]): { out: number[]; mixer: ChannelMixer } {
  const mixer = new ChannelMixer(channelCount, RATE_HZ);
  const out = [...blocks.map((block) => mixer.push(block)), mixer.end()].flatMap((part) => [...part]);
  return { out, mixer };
}

function assertClose(actual: readonly number[], expected: readonly number[]): void {
  assert.strictEqual(actual.length, expected.length);
  actual.forEach((value, i) => {
    assert.closeTo(value, expected[i] ?? NaN, 1e-6);
  });
}

describe('ChannelMixer', () => {
  it('gives the mean of all channels, so that who sat at one side is heard at half level', () => {
    const left = tone(2.5, 0.5);
    const { out, mixer } = mixed(
      2,
      frames(
        left,
        left.map(() => 0),
      ),
    );
    assertClose(
      out,
      left.map((value) => value / 2),
    );
    assert.isFalse(mixer.hasTakenChannel);
  });

  it('keeps one speaker of six channels', () => {
    const centre = tone(2, 0.5);
    const quiet = centre.map(() => 0);
    const { out, mixer } = mixed(6, frames(quiet, quiet, centre, quiet, quiet, quiet));
    assertClose(
      out,
      centre.map((value) => value / 6),
    );
    assert.isFalse(mixer.hasTakenChannel);
  });

  it('takes the louder channel where they cancel out, and tells', () => {
    const one = tone(3.2, 0.5);
    const { out, mixer } = mixed(
      2,
      frames(
        one.map((value) => -0.8 * value),
        one,
      ),
    );
    assertClose(out, one);
    assert.isTrue(mixer.hasTakenChannel);
  });

  it('decides for each second, and tells only where it was so most of the time', () => {
    const one = tone(1, 0.5);
    const inverted = one.map((value) => -value);
    const { out, mixer } = mixed(2, frames([...one, ...one, ...one], [...inverted, ...one, ...one]));
    assertClose(out, [...one, ...one, ...one]);
    assert.isFalse(mixer.hasTakenChannel);
  });

  it('mixes silence, whatever its noise', () => {
    const hiss = tone(2, 1e-5);
    const { out, mixer } = mixed(
      2,
      frames(
        hiss,
        hiss.map((value) => -value),
      ),
    );
    assertClose(
      out,
      hiss.map(() => 0),
    );
    assert.isFalse(mixer.hasTakenChannel);
  });

  it('hands one channel on as it is', () => {
    const one = tone(1, 0.5);
    assertClose(mixed(1, frames(one)).out, one);
  });

  it('gives the same whatever the blocks are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 0, max: 3500 }),
        fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 8 }),
        fc.integer(),
        (channelCount, frameCount, sizes, seed) => {
          const all = Float32Array.from({ length: frameCount * channelCount }, (_, i) => Math.sin(i * i + seed));
          const blocks: Float32Array[] = [];
          let at = 0;
          for (const size of sizes) {
            blocks.push(all.subarray(at, Math.min(all.length, at + size * channelCount)));
            at = Math.min(all.length, at + size * channelCount);
          }
          assert.deepStrictEqual(mixed(channelCount, ...blocks, all.subarray(at)).out, mixed(channelCount, all).out);
          assert.lengthOf(mixed(channelCount, all).out, frameCount);
        },
      ),
      { seed: 14, numRuns: 60 },
    );
  });
});
