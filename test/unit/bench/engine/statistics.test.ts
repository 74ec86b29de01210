import { expect } from 'chai';
import { pairedBootstrap, percentile, printDifference } from '../../../bench/engine/statistics';
import { seededRandom } from '../../core/random';

describe('percentile', () => {
  it('lies between neighbours in proportion', () => {
    expect(percentile([4, 1, 3, 2], 0.5)).to.equal(2.5);
    expect(percentile([1, 2, 3, 4, 5], 0.9)).to.be.closeTo(4.6, 1e-12);
    expect(percentile([7], 0.9)).to.equal(7);
    expect(Number.isNaN(percentile([], 0.5))).to.equal(true);
  });
});

describe('pairedBootstrap', () => {
  const random = seededRandom();
  const files = Array.from({ length: 200 }, () => {
    const units = 5 + Math.floor(20 * random());
    const hard = Math.floor(units * random());
    return { ours: hard, theirs: hard, units };
  });

  it('sees no difference where both fail alike, however hard the files are', () => {
    expect(pairedBootstrap(files)).to.deep.equal({ points: 0, low: 0, high: 0 });
  });

  it('holds a constant difference exactly', () => {
    const worse = files.map((file) => ({ ...file, ours: file.theirs + 0.1 * file.units }));
    const { points, low, high } = pairedBootstrap(worse);
    for (const value of [points, low, high]) expect(value).to.be.closeTo(10, 1e-9);
  });

  it('has the interval that the normal distribution expects', () => {
    // Every file has ten words and one error more or less at random: the mean's standard deviation is 10 points / sqrt(files).
    const noisy = Array.from({ length: 400 }, () => ({ ours: random() < 0.5 ? 2 : 0, theirs: 1, units: 10 }));
    const { points, low, high } = pairedBootstrap(noisy);
    expect(high - low).to.be.closeTo((2 * 1.96 * 10) / Math.sqrt(400), 0.15);
    expect((high + low) / 2).to.be.closeTo(points, 0.15);
  });

  it('repeats', () => {
    const noisy = files.map((file) => ({ ...file, ours: Math.floor(file.units * random()) }));
    expect(pairedBootstrap(noisy, 2000)).to.deep.equal(pairedBootstrap(noisy, 2000));
  });
});

describe('printDifference', () => {
  it('has signs and the interval, where there is one', () => {
    expect(printDifference(pairedBootstrap([], 10))).to.equal('');
    expect(printDifference({ points: 0.123, low: -0.2, high: 1 })).to.equal('+0.12 [−0.20, +1.00]');
  });
});
