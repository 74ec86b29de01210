import { assert } from 'chai';
import { levelBar, levelBlock, SILENT_LEVEL } from '../../../../src/core/capture/levelBars';

const at = (rmsDbfs: number): { rmsDbfs: number; peakDbfs: number } => ({ rmsDbfs, peakDbfs: rmsDbfs });

describe('bars for a level', () => {
  it('are empty in silence, full for a loud voice, and higher the louder it is', () => {
    assert.equal(levelBlock(SILENT_LEVEL), '▁');
    assert.equal(levelBlock(at(0)), '█');
    assert.equal(levelBar(SILENT_LEVEL), '░'.repeat(12));
    assert.equal(levelBar(at(-6)), '█'.repeat(12));
    const blocks = [-60, -50, -40, -30, -20, -13].map((dbfs) => levelBlock(at(dbfs)));
    assert.deepEqual(blocks.toSorted(), blocks);
    assert.equal(new Set(blocks).size, blocks.length);
  });

  it('are always of one length', () => {
    for (let dbfs = -96; dbfs <= 0; dbfs += 0.5) {
      assert.equal(levelBar(at(dbfs)).length, 12);
      assert.equal(levelBlock(at(dbfs)).length, 1);
    }
  });
});
