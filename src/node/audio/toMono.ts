import { ChannelMixer } from '../../core/audio/channelMixer';
import { int16ToBytes, toInt16 } from '../../core/audio/pcm';
import { toFrames, type FrameLayout } from '../../core/audio/pcmFrames';
import { Resampler } from '../../core/audio/resample';
import { readWavHeader, type WavLayout } from '../../core/audio/wav';
import { SAMPLE_RATE_HZ } from '../../core/model';

/** Audio on its way to 16 kHz mono. */
export interface MonoAudio {
  /** 16 kHz mono signed 16-bit little-endian samples. */
  readonly pcm: AsyncIterable<Uint8Array>;
  /** Whether the channels cancel each other out, so that one was taken. To be called after the last block. */
  readonly hasTakenChannel: () => boolean;
}

/** PCM of any layout as 16 kHz mono, a block at a time. */
export function toMono(
  blocks: AsyncIterable<Uint8Array>,
  layout: FrameLayout & Pick<WavLayout, 'sampleRateHz'>,
): MonoAudio {
  const mixer = new ChannelMixer(layout.channelCount, layout.sampleRateHz);
  return { pcm: convert(blocks, layout, mixer), hasTakenChannel: () => mixer.hasTakenChannel };
}

async function* convert(
  blocks: AsyncIterable<Uint8Array>,
  layout: FrameLayout & Pick<WavLayout, 'sampleRateHz'>,
  mixer: ChannelMixer,
): AsyncGenerator<Uint8Array> {
  const resampler =
    layout.sampleRateHz === SAMPLE_RATE_HZ ? undefined : new Resampler(layout.sampleRateHz, SAMPLE_RATE_HZ);
  const give = (mono: Float32Array): Uint8Array => int16ToBytes(toInt16(resampler ? resampler.push(mono) : mono));
  let rest: Uint8Array = new Uint8Array(0);
  for await (const block of blocks) {
    const bytes = rest.length === 0 ? block : Buffer.concat([rest, block]);
    const whole = bytes.length - (bytes.length % layout.frameBytes);
    rest = bytes.subarray(whole);
    yield give(mixer.push(toFrames(bytes.subarray(0, whole), layout)));
  }
  yield give(mixer.end());
  if (resampler) yield int16ToBytes(toInt16(resampler.end()));
}

/** A WAV that comes through a pipe, as 16 kHz mono. Nothing comes of one without a whole header. */
export function wavToMono(wav: AsyncIterable<Uint8Array>): MonoAudio {
  let mono: MonoAudio | undefined;
  async function* pcm(): AsyncGenerator<Uint8Array> {
    const blocks = wav[Symbol.asyncIterator]();
    try {
      let head: Uint8Array = new Uint8Array(0);
      for (let next = await blocks.next(); next.done !== true; next = await blocks.next()) {
        head = Buffer.concat([head, next.value]);
        const header = readWavHeader(head, Number.POSITIVE_INFINITY);
        if (header.kind !== 'pcm' || header.layout.dataOffsetBytes > head.length) continue;
        mono = toMono(withFirst(head.subarray(header.layout.dataOffsetBytes), blocks), header.layout);
        yield* mono.pcm;
        return;
      }
    } finally {
      await blocks.return?.();
    }
  }
  return { pcm: pcm(), hasTakenChannel: () => mono?.hasTakenChannel() ?? false };
}

async function* withFirst(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
