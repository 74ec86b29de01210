import { latin1 } from '../files/pcmFile';

/** The head of an Opus stream (RFC 7845 5.1), in Ogg and in Matroska. */
export interface OpusHead {
  readonly channelCount: number;
  /** Samples of 48 kHz before the sound. */
  readonly preSkip: number;
  /** What the decoded sound is to be multiplied with. */
  readonly gain: number;
  /** How the channels lie in the streams of a packet; absent where a packet is one stream of one or two channels. */
  readonly mapping?: {
    readonly streamCount: number;
    readonly coupledStreamCount: number;
    readonly channels: readonly number[];
  };
}

const HEAD_BYTES = 19;
const MAPPING_BYTES = 2;

/** Reads the head; undefined where it is none. */
export function readOpusHead(bytes: Uint8Array): OpusHead | undefined {
  if (bytes.length < HEAD_BYTES || latin1(bytes.subarray(0, 8)) !== 'OpusHead') return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const channelCount = view.getUint8(9);
  const family = view.getUint8(18);
  // Gains are in 1/256 dB.
  const head = { channelCount, preSkip: view.getUint16(10, true), gain: 10 ** (view.getInt16(16, true) / (20 * 256)) };
  if (channelCount === 0 || (family === 0 && channelCount > 2)) return undefined;
  if (family === 0) return head;
  const channels = [...bytes.subarray(HEAD_BYTES + MAPPING_BYTES, HEAD_BYTES + MAPPING_BYTES + channelCount)];
  if (channels.length < channelCount) return undefined;
  const [streamCount = 0, coupledStreamCount = 0] = bytes.subarray(HEAD_BYTES);
  const outputCount = streamCount + coupledStreamCount;
  const isSound = streamCount > 0 && coupledStreamCount <= streamCount && outputCount <= 255;
  if (!isSound || channels.some((channel) => channel !== 255 && channel >= outputCount)) return undefined;
  return { ...head, mapping: { streamCount, coupledStreamCount, channels } };
}
