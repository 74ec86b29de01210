import { assert } from 'chai';
import fc from 'fast-check';
import { nextWork, withShares, NO_WORK, type Work, type WorkEvent } from '../../../../src/core/capture/work';
import { SEED } from '../random';

function after(...events: readonly WorkEvent[]): Work {
  return events.reduce(nextWork, NO_WORK);
}

describe('nextWork', () => {
  it('counts what is under way', () => {
    assert.deepEqual(after('begin'), { underWay: 1, hasFailed: false });
    assert.deepEqual(after('begin', 'begin'), { underWay: 2, hasFailed: false });
    assert.deepEqual(after('begin', 'begin', 'done'), { underWay: 1, hasFailed: false });
    assert.deepEqual(after('begin', 'done'), NO_WORK);
  });

  it('remembers a failure until the next one begins', () => {
    assert.deepEqual(after('begin', 'fail'), { underWay: 0, hasFailed: true });
    assert.deepEqual(after('begin', 'fail', 'begin'), { underWay: 1, hasFailed: false });
    assert.deepEqual(after('begin', 'fail', 'begin', 'done'), NO_WORK);
  });

  it('does not let the success of another hide a failure', () => {
    assert.deepEqual(after('begin', 'begin', 'fail', 'done'), { underWay: 0, hasFailed: true });
  });

  it('never counts below none', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<WorkEvent>('begin', 'done', 'fail')), (events) => {
        assert.isAtLeast(after(...events).underWay, 0);
      }),
      { seed: SEED },
    );
  });
});

describe('withShares', () => {
  it('knows the share of the one that is furthest behind, and none where nobody tells', () => {
    const work = { underWay: 3, hasFailed: false };
    assert.deepEqual(withShares(work, [0.5, 0.14]), { ...work, share: 0.14 });
    assert.deepEqual(withShares({ ...work, share: 0.5 }, []), work);
  });
});
