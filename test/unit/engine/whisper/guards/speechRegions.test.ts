import assert from 'node:assert/strict';
import { bytesToInt16 } from '../../../../../src/core/audio/pcm';
import { speechRegions } from '../../../../../src/engine/whisper/guards/speechRegions';
import { seededRandom } from '../../../../../src/engine/whisper/network/random';
import { silentSamples, speechSamples } from '../../../node/speechSamples';

const FRAME_SAMPLES = 160;
const HZ = 16_000;

describe('speechRegions', () => {
  let speech: Buffer;
  before(async () => {
    speech = await speechSamples();
  });
  const regions = (...parts: readonly Buffer[]): ReturnType<typeof speechRegions> =>
    speechRegions(bytesToInt16(Buffer.concat(parts)));

  it('hears nothing in silence and in steady noise', () => {
    for (const seconds of [0, 0.01, 0.2, 5, 31]) assert.deepEqual(regions(silentSamples(seconds)), []);
    const random = seededRandom(6);
    assert.deepEqual(speechRegions(Int16Array.from({ length: 10 * HZ }, () => 600 * (random() - 0.5))), []);
  });

  it('hears no click', () => {
    const samples = new Int16Array(5 * HZ);
    samples.fill(12_000, 2 * HZ, 2 * HZ + 200);
    assert.deepEqual(speechRegions(samples), []);
  });

  it('hears speech whole', () => {
    const [region, ...others] = regions(silentSamples(3), speech, silentSamples(3));
    assert.deepEqual(others, []);
    assert.ok(region);
    // The recording itself begins with 0.3 s before the first word.
    assert.ok(region.startSample >= 2.5 * HZ && region.startSample <= 3.5 * HZ, `from ${region.startSample / HZ} s`);
    assert.ok(region.endSample >= 13.5 * HZ && region.endSample <= 14.6 * HZ, `to ${region.endSample / HZ} s`);
    assert.equal(region.frames.length, (region.endSample - region.startSample) / FRAME_SAMPLES);
  });

  it('hears a tone, with some time around it', () => {
    const samples = Int16Array.from({ length: 6 * HZ }, (_, i) =>
      i >= 2 * HZ && i < 3 * HZ ? 8000 * Math.sin((2 * Math.PI * 440 * i) / HZ) : 0,
    );
    const [region, ...others] = speechRegions(samples);
    assert.deepEqual(others, []);
    assert.ok(region && region.startSample < 1.8 * HZ && region.endSample > 3.3 * HZ);
    assert.ok(region.endSample - region.startSample < 2.2 * HZ);
  });

  it('parts regions at a long pause, not at a short one', () => {
    assert.equal(regions(speech, silentSamples(1), speech).length, 1);
    const two = regions(speech, silentSamples(4), speech);
    assert.equal(two.length, 2);
    assert.ok((two[0]?.endSample ?? 0) < (two[1]?.startSample ?? 0));
  });

  it('stays within the recording', () => {
    for (const samples of [20_000, 20_001, 33_333]) {
      const cut = bytesToInt16(speech).subarray(8000, 8000 + samples);
      for (const { startSample, endSample } of speechRegions(cut)) {
        assert.ok(startSample >= 0 && endSample <= samples && startSample < endSample);
      }
    }
  });
});
