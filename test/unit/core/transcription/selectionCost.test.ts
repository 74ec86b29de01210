import { assert } from 'chai';
import fc from 'fast-check';
import { SelectionCost, sentSince } from '../../../../src/core/transcription/selectionCost';
import type { AnsweredEntry } from '../../../../src/core/transcript/logEntries';

function answered(startS: number, endS: number, more: Partial<AnsweredEntry> = {}): AnsweredEntry {
  const [startSample, endSample] = [startS * 16_000, endS * 16_000];
  const base = { kind: 'answered', track: 0, startSample, endSample, model: 'm', text: '', segments: [], words: [] };
  return { ...base, ...more } as AnsweredEntry;
}

describe('SelectionCost', () => {
  it('asks about one recording by its own cost', () => {
    const costs = new SelectionCost(() => 1);
    assert.isUndefined(costs.question(1));
    assert.deepStrictEqual(costs.question(1.01), { usd: 1.01, sentUsd: 0, following: 0 });
  });

  it('asks once where cheap recordings pass the threshold together, and says how much was sent', () => {
    const costs = new SelectionCost(() => 1, 5);
    const asked: unknown[] = [];
    for (let file = 0; file < 5; file++) {
      costs.next();
      const question = costs.question(0.4);
      if (question) {
        asked.push({ file, ...question });
        costs.answer(true);
      }
      costs.sent(0.4);
    }
    assert.deepStrictEqual(asked, [{ file: 2, usd: 0.4, sentUsd: 0.8, following: 2 }]);
    assert.isFalse(costs.isRefused);
  });

  it('takes a no for all that follow', () => {
    const costs = new SelectionCost(() => 0.5, 3);
    costs.next();
    assert.deepStrictEqual(costs.question(0.6), { usd: 0.6, sentUsd: 0, following: 2 });
    costs.answer(false);
    assert.isTrue(costs.isRefused);
    // Who tries that recording again by its button is asked again.
    assert.isDefined(costs.question(0.6));
  });

  it('counts what was sent before it lets the next one go unasked', () => {
    const costs = new SelectionCost(() => 1, 2);
    assert.isTrue(costs.isLittle(0.9));
    costs.sent(0.3);
    assert.isFalse(costs.isLittle(0.9));
    assert.isTrue(costs.isLittle(0.7));
    costs.answer(true);
    assert.isTrue(costs.isLittle(50), 'the user has agreed');
  });

  it('takes an unknown price for no cost', () => {
    const costs = new SelectionCost(() => 0, 2);
    costs.sent(undefined);
    assert.isUndefined(costs.question(undefined));
    assert.isTrue(costs.isLittle(undefined));
    costs.sent(2);
    assert.isUndefined(costs.question(undefined), 'this one goes where no price is known');
  });

  it('sends no more than the threshold before it has asked, in any order of files and whatever part of each was sent', () => {
    const file = fc.record({
      usd: fc.double({ min: 0, max: 2, noNaN: true }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(file, { maxLength: 20 }), fc.double({ min: 0, max: 3, noNaN: true }), (files, above) => {
        const costs = new SelectionCost(() => above, files.length);
        let sent = 0;
        let questions = 0;
        for (const { usd, part } of files) {
          costs.next();
          assert.strictEqual(costs.isLittle(usd), costs.question(usd) === undefined);
          if (costs.question(usd)) {
            questions++;
            costs.answer(true);
          }
          costs.sent(usd * part);
          sent += usd * part;
          if (questions === 0) assert.isAtMost(sent, above + 1e-9);
        }
        assert.isAtMost(questions, 1);
      }),
      { seed: 14 },
    );
  });
});

describe('sentSince', () => {
  it('counts the answers that are new, parts of a piece one by one, and not what an earlier run had', () => {
    const old = answered(0, 30);
    assert.deepStrictEqual(sentSince([old], [old, answered(30, 45), answered(45, 46.5)]), [15, 1.5]);
    assert.deepStrictEqual(sentSince([], []), []);
  });

  it('knows an uncut recording by the length that its answer tells', () => {
    assert.deepStrictEqual(sentSince([], [answered(0, 0, { durationS: 62.5 })]), [62.5]);
  });
});
