import assert from 'node:assert/strict';
import { Pace } from '../../../../src/engine/session/pace';

describe('Pace', () => {
  it('waits for new audio, and then begins at once', () => {
    const pace = new Pace();
    assert.equal(pace.waitMs(0, 0.2), Infinity);
    assert.equal(pace.waitMs(0, 0.25), 0);
  });

  it('leaves the machine a third of the time', () => {
    const pace = new Pace();
    pace.drafted(1000, 1600);
    assert.equal(pace.waitMs(1600, 1), 300);
    assert.equal(pace.waitMs(1900, 1), 0);
  });

  it('gives up drafts on a slow machine, tries one an utterance, and takes them up again', () => {
    const pace = new Pace();
    pace.begin();
    const slow = (): boolean => pace.drafted(0, 2500);
    assert.deepEqual([slow(), slow(), slow()], [false, false, true]);
    assert.deepEqual([pace.isLive, pace.waitMs(9000, 5)], [false, Infinity]);
    pace.begin();
    assert.equal(pace.waitMs(9000, 5), 0);
    assert.equal(slow(), false);
    pace.begin();
    assert.equal(pace.drafted(0, 900), true);
    assert.equal(pace.isLive, true);
  });

  it('forgives a single slow draft', () => {
    const pace = new Pace();
    for (let i = 0; i < 10; i++) {
      pace.drafted(0, i % 3 === 0 ? 500 : 2500);
      assert.equal(pace.isLive, true);
    }
  });
});
