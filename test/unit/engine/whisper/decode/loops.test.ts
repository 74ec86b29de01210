import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lengthWithoutLoop, loopPeriod } from '../../../../../src/engine/whisper/decode/loops';

const repeated = (part: readonly number[], times: number): number[] => Array.from({ length: times }, () => part).flat();

describe('loopPeriod', () => {
  it('hears no loop where somebody repeats a word', () => {
    // "no, no, no, no"
    assert.equal(loopPeriod(repeated([572, 11], 4)), 0);
    assert.equal(loopPeriod([1, 2, 3, ...repeated([572], 19)]), 0);
    assert.equal(loopPeriod([]), 0);
  });

  it('hears one where a word comes on and on', () => {
    assert.equal(loopPeriod([1, 2, 3, ...repeated([572], 20)]), 1);
    assert.equal(loopPeriod([1, 2, 3, ...repeated([572, 11], 10)]), 2);
  });

  it('hears one where a sentence comes four times', () => {
    const sentence = [1, 2, 3, 4, 5, 6, 7];
    assert.equal(loopPeriod(repeated(sentence, 3)), 0);
    assert.equal(loopPeriod([9, ...repeated(sentence, 4)]), 7);
    assert.equal(loopPeriod([...repeated(sentence, 4), 8]), 0, 'it went on');
  });

  it('tells the shortest period, and that of whole paragraphs not', () => {
    assert.equal(loopPeriod(repeated([1, 2, 3, 1, 2, 3], 8)), 3);
    const paragraph = Array.from({ length: 41 }, (_, i) => i);
    assert.equal(loopPeriod(repeated(paragraph, 4)), 0);
    assert.equal(loopPeriod(repeated(paragraph.slice(1), 4)), 40);
  });
});

describe('lengthWithoutLoop', () => {
  it('keeps everything where there is no loop', () => {
    assert.equal(lengthWithoutLoop([1, 2, 3]), 3);
  });

  it('keeps what came before, and the repeated part once', () => {
    assert.equal(lengthWithoutLoop([7, 8, ...repeated([1, 2, 3, 4, 5], 4)]), 7);
    assert.equal(lengthWithoutLoop([7, 8, ...repeated([1], 30)]), 3);
    // Broken off within the part.
    assert.equal(lengthWithoutLoop([7, 8, ...repeated([1, 2, 3, 4, 5], 5), 1, 2]), 7);
  });

  it('keeps a text that its own loop makes whole again', () => {
    const part = fc.array(fc.nat(5), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(fc.nat(5), { maxLength: 60 }),
        part,
        fc.integer({ min: 4, max: 8 }),
        (before, loop, more) => {
          const tokens = [...before, ...repeated(loop, Math.max(more, Math.ceil(20 / loop.length)))];
          const period = loopPeriod(tokens);
          assert.ok(period > 0 && period <= loop.length);
          const kept = tokens.slice(0, lengthWithoutLoop(tokens));
          assert.ok(kept.length <= before.length + period);
          while (kept.length < tokens.length) kept.push(kept[kept.length - period] ?? NaN);
          assert.deepEqual(kept, tokens);
        },
      ),
      { seed: 6 },
    );
  });
});
