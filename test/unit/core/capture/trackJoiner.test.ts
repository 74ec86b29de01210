import { assert } from 'chai';
import fc from 'fast-check';
import { secondsToSamples } from '../../../../src/core/audio/pcm';
import { HOLE_SILENCE_S, TrackJoiner } from '../../../../src/core/capture/trackJoiner';

const RATE = 16_000;

function filled(length: number, value: number): Int16Array {
  return new Int16Array(length).fill(value);
}

function channel(frames: Int16Array, index: number, count = 2): Int16Array {
  return frames.filter((_, i) => i % count === index);
}

function join(parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

describe('TrackJoiner', () => {
  it('gives a single source as it comes', () => {
    const joiner = new TrackJoiner(1, 500);
    joiner.open(0, 20);
    assert.equal(joiner.positionOf(0), 500);
    assert.deepEqual(joiner.push(0, Int16Array.of(1, 2, 3)), Int16Array.of(1, 2, 3));
    const hole = secondsToSamples(HOLE_SILENCE_S);
    assert.deepEqual(joiner.close(0), new Int16Array(hole));
    assert.equal(joiner.positionOf(0), 503 + hole);
  });

  it('gives each sample of two open sources once, in order, in whatever blocks they come', () => {
    const blocks = fc.array(fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 900 })), { maxLength: 30 });
    fc.assert(
      fc.property(blocks, (pushes) => {
        const joiner = new TrackJoiner(2);
        joiner.open(0, 0);
        joiner.open(1, 0);
        const next = [1, 1];
        const given: Int16Array[] = [];
        for (const [track, length] of pushes) {
          const from = next[track] ?? 0;
          next[track] = from + length;
          given.push(
            joiner.push(
              track,
              Int16Array.from({ length }, (_, i) => from + i),
            ),
          );
        }
        given.push(joiner.close(0), joiner.close(1));
        const frames = join(given);
        for (const track of [0, 1]) {
          const heard = channel(frames, track).filter((sample) => sample !== 0);
          assert.deepEqual(
            heard,
            Int16Array.from({ length: (next[track] ?? 1) - 1 }, (_, i) => i + 1),
          );
        }
      }),
      { seed: 15, numRuns: 300 },
    );
  });

  it('waits for a source that is open, and not for one that is away', () => {
    const joiner = new TrackJoiner(2);
    joiner.open(0, 0);
    assert.equal(joiner.push(0, filled(100, 1)).length, 200, 'the other is away');
    joiner.open(1, 0);
    assert.equal(joiner.push(0, filled(100, 2)).length, 0, 'the other is waited for');
    const frames = joiner.push(1, filled(60, 3));
    assert.deepEqual([channel(frames, 0), channel(frames, 1)], [filled(60, 2), filled(60, 3)]);
    const rest = joiner.close(1);
    assert.deepEqual([channel(rest, 0), channel(rest, 1)], [filled(40, 2), filled(40, 0)]);
  });

  it('places a source that comes later by the time at which it was captured', () => {
    const joiner = new TrackJoiner(2);
    joiner.open(0, 0);
    joiner.open(1, 0);
    joiner.push(0, filled(RATE, 1));
    joiner.close(1);
    joiner.push(0, filled(RATE, 1));
    // A second of the first source waits for nobody; what waits when the second one opens tells where it belongs.
    joiner.open(1, 100);
    assert.equal(joiner.positionOf(1), 2 * RATE);
  });

  it('keeps two clocks together to about a tenth of a second, and drops no sound', () => {
    const joiner = new TrackJoiner(2);
    joiner.open(0, 0);
    joiner.open(1, 0);
    let given = 0;
    let slow = 0;
    const seconds = 3600;
    for (let second = 1; second <= seconds; second++) {
      given += joiner.push(0, filled(RATE, 1)).length / 2;
      // 100 ppm slower.
      const due = Math.floor(second * RATE * 0.9999);
      given += joiner.push(1, filled(due - slow, 2)).length / 2;
      slow = due;
    }
    const behindS = (seconds * RATE - given) / RATE;
    assert.isAtLeast(behindS, 0);
    assert.isBelow(behindS, 0.15);
  });
});
