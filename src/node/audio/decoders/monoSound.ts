import { setImmediate } from 'node:timers/promises';
import { ChannelMixer } from '../../../core/audio/channelMixer';
import { int16ToBytes, toInt16 } from '../../../core/audio/pcm';
import { Resampler } from '../../../core/audio/resample';
import { SAMPLE_RATE_HZ } from '../../../core/model';
import type { SoundBlock } from './soundTrack';

/** Sound on its way to 16 kHz mono. */
export interface MonoSound {
  /** 16 kHz mono signed 16-bit little-endian samples. */
  readonly pcm: AsyncIterable<Uint8Array>;
  /** Whether the channels cancel each other out, so that one was taken. To be called after the last block. */
  readonly hasTakenChannel: () => boolean;
}

/** So long is computed before others have a turn: the editor's extensions share this thread. */
const TURN_MS = 10;
/** Blocks are gathered to so much sound: decoders give 20 ms at a time, and each write to the disk costs a turn. */
const GATHERED_S = 0.25;

/** Decoded sound as 16 kHz mono, a block at a time. Its rate and its channels may change. */
export function toMonoSound(blocks: AsyncIterable<SoundBlock>, signal: AbortSignal): MonoSound {
  let hasTakenChannel = false;
  async function* pcm(): AsyncGenerator<Uint8Array> {
    let turnMs = performance.now();
    let part: Part | undefined;
    for await (const { rateHz, channels } of blocks) {
      if (performance.now() - turnMs > TURN_MS) {
        await setImmediate();
        turnMs = performance.now();
      }
      signal.throwIfAborted();
      if (part?.rateHz !== rateHz || part.channelCount !== channels.length) {
        yield* endOf(part);
        part = new Part(rateHz, channels.length);
      }
      const bytes = part.push(channels);
      if (bytes.length > 0) yield bytes;
    }
    yield* endOf(part);
  }
  function* endOf(part: Part | undefined): Generator<Uint8Array> {
    if (!part) return;
    yield part.end();
    // The part itself is let go: there may be thousands of them.
    hasTakenChannel ||= part.hasTakenChannel;
  }
  return { pcm: pcm(), hasTakenChannel: () => hasTakenChannel };
}

/** Sound of one rate and with the same channels throughout. */
class Part {
  private readonly mixer: ChannelMixer;
  private readonly resampler: Resampler | undefined;
  private gathered: (readonly Float32Array[])[] = [];
  private gatheredCount = 0;

  constructor(
    readonly rateHz: number,
    readonly channelCount: number,
  ) {
    this.mixer = new ChannelMixer(channelCount, rateHz);
    this.resampler = rateHz === SAMPLE_RATE_HZ ? undefined : new Resampler(rateHz, SAMPLE_RATE_HZ);
  }

  get hasTakenChannel(): boolean {
    return this.mixer.hasTakenChannel;
  }

  push(channels: readonly Float32Array[]): Uint8Array {
    this.gathered.push(channels);
    this.gatheredCount += channels[0]?.length ?? 0;
    if (this.gatheredCount < GATHERED_S * this.rateHz) return new Uint8Array(0);
    return this.give(this.mixer.push(this.takeFrames()));
  }

  end(): Uint8Array {
    const mono = [this.mixer.push(this.takeFrames()), this.mixer.end()];
    const bytes = mono.map((samples) => this.give(samples));
    if (this.resampler) bytes.push(int16ToBytes(toInt16(this.resampler.end())));
    return Buffer.concat(bytes);
  }

  private give(mono: Float32Array): Uint8Array {
    return int16ToBytes(toInt16(this.resampler ? this.resampler.push(mono) : mono));
  }

  /** What was gathered, the channels of a frame one behind the other. */
  private takeFrames(): Float32Array {
    const { channelCount } = this;
    const frames = new Float32Array(this.gatheredCount * channelCount);
    let at = 0;
    for (const channels of this.gathered) {
      const length = channels[0]?.length ?? 0;
      for (const [c, samples] of channels.entries()) {
        for (let i = 0; i < length; i++) frames[at + i * channelCount + c] = samples[i] ?? 0;
      }
      at += length * channelCount;
    }
    this.gathered = [];
    this.gatheredCount = 0;
    return frames;
  }
}
