import { expect } from 'chai';
import { SilenceWatch } from '../../../../src/core/capture/silenceWatch';

const block = (value: number, count = 320): Int16Array => new Int16Array(count).fill(value);

describe('SilenceWatch', () => {
  it('cannot tell before a second and a half', () => {
    const watch = new SilenceWatch();
    for (let samples = 320; samples < 24_000; samples += 320) expect(watch.push(block(0))).to.equal('nothing');
    expect(watch.push(block(0))).to.equal('silence');
  });

  it('takes a converter that wanders by one step for silent, and two steps for signal', () => {
    expect(new SilenceWatch().push(block(-1, 24_000))).to.equal('silence');
    expect(new SilenceWatch().push(block(1, 24_000))).to.equal('silence');
    expect(new SilenceWatch().push(block(-2, 320))).to.equal('signal');
    expect(new SilenceWatch().push(block(-32_768, 1))).to.equal('signal');
  });

  it('never blames a microphone that gave signal once', () => {
    const watch = new SilenceWatch();
    watch.push(Int16Array.of(0, 5, 0));
    expect(watch.push(block(0, 160_000))).to.equal('signal');
  });

  it('takes signal that comes late', () => {
    const watch = new SilenceWatch();
    expect(watch.push(block(0, 48_000))).to.equal('silence');
    expect(watch.push(block(100, 1))).to.equal('signal');
  });
});
