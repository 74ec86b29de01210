import { readFlacInfo } from '../../../core/audio/compressed/flacFrames';
import { MatroskaReader, type TimedPackets } from '../../../core/audio/compressed/matroskaReader';
import type { MatroskaTrack } from '../../../core/audio/compressed/matroskaTracks';
import { readOpusHead } from '../../../core/audio/compressed/opusHead';
import { latin1 } from '../../../core/audio/files/pcmFile';
import {
  openFlacPacketDecoder,
  openOpusDecoder,
  openVorbisDecoder,
  type OpusRateHz,
  type PacketDecoder,
} from './packetDecoders';
import { MISSING_S, UnknownSoundError, type SoundBlock, type SoundTrack } from './soundTrack';

/** More tracks than any recorder writes. Each is decoded by a pass through the whole file. */
const MOST_TRACKS = 64;
/** "fLaC" and a block's head stand before what is told of the stream. */
const FLAC_INFO_AT = 8;

/**
 * The tracks of sound in a Matroska or WebM file.
 *
 * @throws UnknownSoundError where there are none to be found, or one cannot be decoded here
 */
export async function matroskaTracks(file: AsyncIterable<Uint8Array>): Promise<readonly MatroskaTrack[]> {
  const reader = new MatroskaReader();
  for await (const block of file) {
    // Packets are not wanted yet.
    for (const packets of reader.push(block, false)) if (packets.track < 0) break;
    if (reader.tracks) break;
  }
  const tracks = reader.tracks?.filter(({ isAudio }) => isAudio);
  if (!tracks) throw new UnknownSoundError('Matroska without a list of tracks');
  if (tracks.length > MOST_TRACKS) throw new UnknownSoundError(`Matroska with ${tracks.length} tracks`);
  for (const track of tracks) decoderOf(track);
  return tracks;
}

/**
 * Decodes a track of a Matroska or WebM file: Opus, Vorbis or FLAC.
 *
 * @param opusHz the rate of what comes of Opus; absent: 16 kHz
 */
export function matroskaSound(file: AsyncIterable<Uint8Array>, track: MatroskaTrack, opusHz?: OpusRateHz): SoundTrack {
  const reader = new MatroskaReader();
  let isDamaged = false;
  async function* decode(found: Iterable<TimedPackets>, decoder: PacketDecoder): AsyncGenerator<SoundBlock> {
    const { rateHz } = decoder;
    for (const { track: number, startS, packets, discardS } of found) {
      if (number !== track.number) continue;
      const decoded = await decoder.decode(packets);
      if (decoded.isDamaged) isDamaged = true;
      const length = decoded.channels[0]?.length ?? 0;
      const kept = Math.max(0, length - Math.round(Math.max(0, discardS) * rateHz));
      if (kept === 0) continue;
      const channels = kept < length ? decoded.channels.map((one) => one.subarray(0, kept)) : decoded.channels;
      yield { startS, rateHz, channels };
    }
  }
  async function* blocks(): AsyncGenerator<SoundBlock> {
    const decoder = await decoderOf(track, opusHz)();
    try {
      for await (const block of file) yield* decode(reader.push(block, false), decoder);
      yield* decode(reader.push(new Uint8Array(0), true), decoder);
    } finally {
      decoder.free();
    }
  }
  const facts = (): ReturnType<SoundTrack['facts']> => {
    const { durationS = 0, recordedMs } = reader.info;
    const isBroken = isDamaged || reader.isDamaged;
    return { isDamaged: isBroken, isTruncated: isBroken && durationS - reader.endS > MISSING_S, recordedMs };
  };
  return { blocks: blocks(), facts };
}

function decoderOf(
  { codec, codecPrivate, isEncoded }: MatroskaTrack,
  opusHz?: OpusRateHz,
): () => Promise<PacketDecoder> {
  if (codec === 'A_OPUS' && !isEncoded) {
    const head = readOpusHead(codecPrivate);
    if (head) return () => openOpusDecoder(head, opusHz);
  }
  if (codec === 'A_VORBIS' && !isEncoded) {
    const [head, , setup] = vorbisHeads(codecPrivate);
    if (head && setup) return () => openVorbisDecoder(head, setup);
  }
  if (codec === 'A_FLAC' && !isEncoded) {
    const info = readFlacInfo(codecPrivate.subarray(FLAC_INFO_AT));
    if (info && latin1(codecPrivate.subarray(0, 4)) === 'fLaC') return () => openFlacPacketDecoder(info);
  }
  throw new UnknownSoundError(`Matroska with ${codec}`);
}

/** The three heads of a Vorbis stream, behind the lengths of the first two (RFC 9559 27.3.4). */
function vorbisHeads(bytes: Uint8Array): Uint8Array[] {
  if (bytes[0] !== 2) return [];
  let at = 1;
  const sizes = [0, 0].map(() => {
    let size = 0;
    let byte = 255;
    while (byte === 255) size += byte = bytes[at++] ?? 0;
    return size;
  });
  const heads = sizes.map((size) => bytes.subarray(at, (at += size)));
  return [...heads, bytes.subarray(at)];
}
