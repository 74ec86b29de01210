/** How long a stretch is for which it is decided anew whether the channels are mixed. */
const BLOCK_S = 1;
/** Below this mean square a channel is silent: 80 dB below full scale. Then there is nothing to lose by mixing. */
const SILENCE = 1e-8;
/** The mix is far quieter than a channel where it is so much quieter than one speaker on one channel only would be: 6 dB. */
const FAR_QUIETER = 2;

/**
 * Mixes channels to one, a block at a time. A sample is the mean of all channels, so that a speaker who is on one channel only is kept.
 * Where the channels cancel each other out, as with a plug that was wired the wrong way round, the loudest channel is taken instead. The
 * blocks' sizes do not change the result.
 */
export class ChannelMixer {
  private readonly blockValues: number;
  private rest = new Float32Array(0);
  private audibleCount = 0;
  private takenCount = 0;

  constructor(
    private readonly channelCount: number,
    rateHz: number,
  ) {
    this.blockValues = Math.max(1, Math.round(BLOCK_S * rateHz)) * channelCount;
  }

  /** Whether one channel was taken in at least half of what can be heard. */
  get hasTakenChannel(): boolean {
    return this.takenCount > 0 && 2 * this.takenCount >= this.audibleCount;
  }

  /** @param frames whole frames, the channels of a frame one behind the other. @returns the mono samples that can be given now */
  push(frames: Float32Array): Float32Array {
    if (this.channelCount === 1) return frames;
    const joined = new Float32Array(this.rest.length + frames.length);
    joined.set(this.rest);
    joined.set(frames, this.rest.length);
    const whole = joined.length - (joined.length % this.blockValues);
    const out = new Float32Array(whole / this.channelCount);
    for (let at = 0; at < whole; at += this.blockValues) {
      out.set(this.mix(joined.subarray(at, at + this.blockValues)), at / this.channelCount);
    }
    this.rest = joined.slice(whole);
    return out;
  }

  /** Gives the rest. */
  end(): Float32Array {
    const last = this.mix(this.rest);
    this.rest = new Float32Array(0);
    return last;
  }

  private mix(frames: Float32Array): Float32Array {
    const { channelCount } = this;
    const mean = new Float32Array(frames.length / channelCount);
    const powers = new Float64Array(channelCount);
    let mixPower = 0;
    for (let frame = 0; frame < mean.length; frame++) {
      let sum = 0;
      for (let channel = 0; channel < channelCount; channel++) {
        const value = frames[frame * channelCount + channel] ?? 0;
        sum += value;
        powers[channel] = (powers[channel] ?? 0) + value * value;
      }
      const value = sum / channelCount;
      mean[frame] = value;
      mixPower += value * value;
    }
    const loudest = powers.reduce((best, power, channel) => (power > (powers[best] ?? 0) ? channel : best), 0);
    const loudestPower = powers[loudest] ?? 0;
    if (loudestPower <= SILENCE * mean.length) return mean;
    this.audibleCount++;
    if (mixPower * (FAR_QUIETER * channelCount) ** 2 >= loudestPower) return mean;
    this.takenCount++;
    return mean.map((_, frame) => frames[frame * channelCount + loudest] ?? 0);
  }
}
