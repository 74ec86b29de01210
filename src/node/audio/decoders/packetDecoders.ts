import type { FlacInfo } from '../../../core/audio/compressed/flacFrames';
import type { OpusHead } from '../../../core/audio/compressed/opusHead';
import { faultOf } from '../../../core/audio/files/pcmFile';
import { SAMPLE_RATE_HZ } from '../../../core/model';
import { openFlacDecoder } from './flacSound';
import { quietly, UnknownSoundError } from './soundTrack';

/** What becomes of some packets. */
export interface DecodedPackets {
  /** All of one length; none where nothing came. */
  readonly channels: readonly Float32Array[];
  readonly isDamaged: boolean;
}

/** Decodes the packets of a stream, in order. */
export interface PacketDecoder {
  readonly rateHz: number;
  decode(packets: readonly Uint8Array[]): DecodedPackets | Promise<DecodedPackets>;
  /** Gives the memory back. */
  free(): void;
}

/** What Vorbis' decoder takes at once (0.1.20). */
const LONGEST_VORBIS_BYTES = 128 * 1024;
/** What Opus' decoder takes at once: 120 ms of 256 kbit/s for each channel (0.7.12). */
const LONGEST_OPUS_BYTES = 3840;

const NOTHING: DecodedPackets = { channels: [], isDamaged: false };

/** What an Opus decoder may give: what Minutes needs, or all that the stream has. */
export type OpusRateHz = typeof SAMPLE_RATE_HZ | 48_000;

/** Opus, usually straight at 16 kHz: libopus leaves out what lies above by itself. */
export async function openOpusDecoder(
  { channelCount, gain, mapping }: OpusHead,
  rateHz: OpusRateHz = SAMPLE_RATE_HZ,
): Promise<PacketDecoder> {
  const { OpusDecoder } = await import('opus-decoder');
  const streams = mapping && {
    streamCount: mapping.streamCount,
    coupledStreamCount: mapping.coupledStreamCount,
    channelMappingTable: [...mapping.channels],
  };
  const decoder = new OpusDecoder<OpusRateHz>({
    sampleRate: rateHz,
    channels: channelCount,
    preSkip: 0,
    ...streams,
  });
  await decoder.ready;
  const longestBytes = LONGEST_OPUS_BYTES * channelCount;
  return {
    rateHz,
    decode: (packets) => {
      const fitting = packets.filter(({ length }) => length > 0 && length <= longestBytes);
      const { channelData, samplesDecoded, errors } = quietly(() => decoder.decodeFrames(fitting));
      const isDamaged = errors.length > 0 || fitting.length < packets.length;
      if (samplesDecoded === 0) return { ...NOTHING, isDamaged };
      const channels = gain === 1 ? channelData : channelData.map((samples) => samples.map((value) => value * gain));
      return { channels, isDamaged };
    },
    free: () => {
      decoder.free();
    },
  };
}

/** The part of the Vorbis package that takes bare packets. It has no other door for them than this inner one (0.1.20). */
interface VorbisPackets {
  sendSetupHeader(header: Uint8Array): void;
  initDsp(): void;
  decodePackets(packets: readonly Uint8Array[]): {
    readonly channelData: readonly Float32Array[];
    readonly samplesDecoded: number;
    readonly errors: readonly unknown[];
  };
}

function isVorbisPackets(value: unknown): value is VorbisPackets {
  const names = ['sendSetupHeader', 'initDsp', 'decodePackets'];
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}

/** @param head the first of the stream's three heads @param setup the third */
export async function openVorbisDecoder(head: Uint8Array, setup: Uint8Array): Promise<PacketDecoder> {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  // Vorbis I 4.2.2: the kind and "vorbis", the version, channels, rate.
  if (head.length < 30) throw new UnknownSoundError('Vorbis without a head');
  const rateHz = view.getUint32(12, true);
  const fault = faultOf({ channelCount: view.getUint8(11), sampleRateHz: rateHz });
  if (fault !== undefined || setup.length > LONGEST_VORBIS_BYTES)
    throw new UnknownSoundError('Vorbis of an unknown form');
  const { OggVorbisDecoder } = await import('@wasm-audio-decoders/ogg-vorbis');
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  const inner: unknown = Reflect.get(decoder, '_decoder');
  if (!isVorbisPackets(inner)) throw new UnknownSoundError('the Vorbis package has changed');
  quietly(() => {
    inner.sendSetupHeader(head);
    inner.sendSetupHeader(setup);
    inner.initDsp();
  });
  return {
    rateHz,
    decode: (packets) => {
      const fitting = packets.filter(({ length }) => length > 0 && length <= LONGEST_VORBIS_BYTES);
      const { channelData, samplesDecoded, errors } = quietly(() => inner.decodePackets(fitting));
      const isDamaged = errors.length > 0 || fitting.length < packets.length;
      return { channels: samplesDecoded === 0 ? [] : channelData, isDamaged };
    },
    free: () => {
      decoder.free();
    },
  };
}

/** FLAC whose frames are packets. */
export async function openFlacPacketDecoder(info: FlacInfo): Promise<PacketDecoder> {
  const decoder = await openFlacDecoder();
  return {
    rateHz: info.rateHz,
    decode: async (packets) => {
      const parts: (readonly Float32Array[])[] = [];
      // Other packets are heads.
      const frames = packets.filter(([first]) => first === 0xff);
      for (const packet of frames) parts.push((await decoder.decode(packet, info, 0)).channels);
      const sound = parts.filter(([first]) => first !== undefined && first.length > 0);
      return { channels: joined(sound), isDamaged: sound.length < frames.length };
    },
    free: () => {
      decoder.free();
    },
  };
}

function joined(parts: readonly (readonly Float32Array[])[]): readonly Float32Array[] {
  const [only = []] = parts;
  if (parts.length <= 1) return only;
  const length = parts.reduce((sum, [first]) => sum + (first?.length ?? 0), 0);
  return only.map((_, channel) => {
    const all = new Float32Array(length);
    let at = 0;
    for (const part of parts) {
      all.set(part[channel] ?? [], at);
      at += part[0]?.length ?? 0;
    }
    return all;
  });
}
