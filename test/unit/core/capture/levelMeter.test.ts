import { assert } from 'chai';
import fc from 'fast-check';
import { LevelMeter, SILENT_DBFS, type Level } from '../../../../src/core/capture/levelMeter';
import { joinSamples, noise, tones } from '../audio/syntheticSpeech';
import { anyShares, splitAt } from '../audio/splitAt';
import { SEED } from '../random';

const NOTHING: Level = { rmsDbfs: SILENT_DBFS, peakDbfs: SILENT_DBFS };

function levelOf(...blocks: readonly Int16Array[]): Level {
  const meter = new LevelMeter();
  for (const block of blocks) meter.push(block);
  return meter.level;
}

describe('LevelMeter', () => {
  it('tells nothing before the first sample, and of zeros', () => {
    assert.deepEqual(levelOf(), NOTHING);
    assert.deepEqual(levelOf(new Int16Array(0)), NOTHING);
    assert.deepEqual(levelOf(new Int16Array(5000)), NOTHING);
  });

  it('tells a full sine as -3 dB with its peak at 0, and one of a tenth 20 dB lower', () => {
    const full = levelOf(tones(1, 32_767, 440));
    assert.closeTo(full.rmsDbfs, -3.01, 0.02);
    assert.closeTo(full.peakDbfs, 0, 0.01);
    const tenth = levelOf(tones(1, 3276.7, 440));
    assert.closeTo(tenth.rmsDbfs, -23.01, 0.02);
    assert.closeTo(tenth.peakDbfs, -20, 0.01);
  });

  it('tells the lowest sample as full scale', () => {
    assert.strictEqual(levelOf(Int16Array.of(-32_768, 0)).peakDbfs, 0);
  });

  it('hears nothing in a constant, whose peak it tells', () => {
    const { rmsDbfs, peakDbfs } = levelOf(new Int16Array(1600).fill(3277));
    assert.strictEqual(rmsDbfs, SILENT_DBFS);
    assert.closeTo(peakDbfs, -20, 0.01);
  });

  it('forgets what is more than 100 ms ago', () => {
    const loud = noise(1, 20_000);
    const soft = noise(0.1, 20);
    assert.deepEqual(levelOf(loud, soft), levelOf(soft));
    assert.isAbove(levelOf(loud, soft.subarray(1)).peakDbfs, levelOf(soft).peakDbfs);
  });

  it('tells the same however the samples are cut into blocks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4000 }), anyShares(20), (length, shares) => {
        const samples = joinSamples(noise(0.15, 9000), noise(0.15, 300)).subarray(0, length);
        assert.deepEqual(levelOf(...splitAt(samples, shares)), levelOf(samples));
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it('tells nothing when it was reset, then what comes', () => {
    const meter = new LevelMeter();
    meter.push(noise(0.25, 9000));
    meter.reset();
    assert.deepEqual(meter.level, NOTHING);
    const soft = noise(0.05, 20);
    meter.push(soft);
    assert.deepEqual(meter.level, levelOf(soft));
  });
});
