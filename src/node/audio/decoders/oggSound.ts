import { readFlacInfo } from '../../../core/audio/compressed/flacFrames';
import { OggPacketReader, type OggPage } from '../../../core/audio/compressed/oggPackets';
import { readOpusHead } from '../../../core/audio/compressed/opusHead';
import { latin1 } from '../../../core/audio/files/pcmFile';
import { creationTimeIn } from '../../../core/audio/compressed/vorbisComment';
import {
  openFlacPacketDecoder,
  openOpusDecoder,
  openVorbisDecoder,
  type OpusRateHz,
  type PacketDecoder,
} from './packetDecoders';
import { UnknownSoundError, type SoundBlock, type SoundTrack } from './soundTrack';

/** Opus counts in samples of 48 kHz, whatever comes out of the decoder (RFC 7845 4). */
const OPUS_HZ = 48_000;
/** A page's own position may differ so much from the sound before it; more is a pause or a loss. */
const TOLERANCE_S = 0.03;
/** FLAC in Ogg: 0x7F, "FLAC", two bytes of version, two that count the heads, "fLaC", a block's head. */
const [OGG_FLAC_COUNT_AT, OGG_FLAC_INFO_AT] = [7, 17];

/** What the first packets of a stream tell. */
interface Codec {
  readonly headCount: number;
  /** The clock's units in a second. */
  readonly clockHz: number;
  /** Sound before the clock's zero. */
  readonly preSkipS: number;
  /** Where in the second packet its list of comments begins. */
  readonly commentAt: number;
  readonly open: (heads: readonly Uint8Array[]) => Promise<PacketDecoder>;
}

/**
 * Decodes Opus, Vorbis and FLAC in Ogg, also several streams one behind the other. Pages that are lost leave a pause.
 *
 * @param opusHz the rate of what comes of Opus; absent: 16 kHz
 */
export function oggSound(file: AsyncIterable<Uint8Array>, opusHz?: OpusRateHz): SoundTrack {
  const reader = new OggPacketReader();
  const sound = new OggSound(opusHz);
  async function* blocks(): AsyncGenerator<SoundBlock> {
    try {
      for await (const block of file) for (const page of reader.push(block, false)) yield* sound.take(page);
      for (const page of reader.push(new Uint8Array(0), true)) yield* sound.take(page);
    } finally {
      sound.free();
    }
  }
  const facts = (): ReturnType<SoundTrack['facts']> => ({
    isDamaged: reader.isDamaged || sound.isDamaged,
    isTruncated: reader.isTruncated,
    recordedMs: sound.recordedMs,
  });
  return { blocks: blocks(), facts };
}

/** The stream of sound that is being decoded: one of those in the file at a time. */
class OggSound {
  isDamaged = false;
  recordedMs: number | undefined;
  private codec: Codec | undefined;
  private serial = -1;
  private heads: Uint8Array[] = [];
  private decoder: PacketDecoder | undefined;
  private hasSound = false;
  /** Where the stream begins in the recording, and by its own clock. */
  private baseS = 0;
  private originS: number | undefined;
  /** Samples that are still to be left out, since they lie before the stream's zero. */
  private skipCount = 0;
  /** Where the last page ended by the clock, counted from `baseS`. */
  private endS = 0;

  constructor(private readonly opusHz: OpusRateHz | undefined) {}

  free(): void {
    this.decoder?.free();
    this.decoder = undefined;
  }

  async *take(page: OggPage): AsyncGenerator<SoundBlock> {
    if (page.isFirst) this.begin(page);
    const { codec } = this;
    if (!codec) {
      if (page.isFirst) return;
      throw new UnknownSoundError('Ogg without a known stream of sound');
    }
    if (page.serial !== this.serial) return;
    const packets = [...page.packets];
    while (this.heads.length < codec.headCount) {
      const head = packets.shift();
      if (!head) return;
      // The page may be forgotten before all heads are there.
      this.heads.push(head.slice());
      if (this.heads.length === 2) this.recordedMs ??= creationTimeIn(head.subarray(codec.commentAt));
    }
    this.decoder ??= await codec.open(this.heads);
    if (packets.length > 0) yield* this.decode(page, packets, codec, this.decoder);
  }

  /** A stream begins. Others may begin with it: pictures, which are passed over. */
  private begin(page: OggPage): void {
    const codec = codecOf(page.packets[0] ?? new Uint8Array(0), this.opusHz);
    if (!codec) return;
    if (this.codec && !this.hasSound) throw new UnknownSoundError('Ogg with several streams of sound');
    this.free();
    this.baseS += this.endS;
    this.endS = 0;
    this.originS = undefined;
    this.hasSound = false;
    this.heads = [];
    this.codec = codec;
    this.serial = page.serial;
  }

  private async *decode(
    { granule, isLast, isBehindLoss }: OggPage,
    packets: readonly Uint8Array[],
    { clockHz, preSkipS }: Codec,
    decoder: PacketDecoder,
  ): AsyncGenerator<SoundBlock> {
    this.hasSound = true;
    const { rateHz } = decoder;
    const { channels, isDamaged } = await decoder.decode(packets);
    if (isDamaged) this.isDamaged = true;
    const length = channels[0]?.length ?? 0;
    const isOpening = this.originS === undefined;
    // The last page's position tells where the sound ends within it.
    const clockS = granule === undefined ? this.endS + length / rateHz : granule / clockHz - preSkipS;
    this.originS ??= isLast ? 0 : Math.max(0, clockS + preSkipS - length / rateHz);
    const endS = clockS - (granule === undefined ? 0 : this.originS);
    const beganS = isOpening ? (isLast ? -preSkipS : endS - length / rateHz) : this.endS;
    const differenceS = endS - length / rateHz - beganS;
    const keptCount = Math.round((endS - beganS) * rateHz);
    const startS =
      isLast && differenceS < 0 && !isBehindLoss && !isDamaged
        ? beganS
        : isOpening || Math.abs(differenceS) > TOLERANCE_S
          ? endS - length / rateHz
          : undefined;
    this.endS = endS;
    if (isOpening) this.skipCount = Math.max(0, Math.round(-(startS ?? 0) * rateHz));
    const isCut = isLast && startS === beganS && keptCount < length;
    const from = Math.min(this.skipCount, length);
    const to = Math.max(from, isCut ? keptCount : length);
    this.skipCount -= from;
    if (from === to) return;
    const kept = channels.map((samples) => samples.subarray(from, to));
    if (startS === undefined) yield { rateHz, channels: kept };
    else yield { startS: this.baseS + startS + from / rateHz, rateHz, channels: kept };
  }
}

function codecOf(head: Uint8Array, opusHz: OpusRateHz | undefined): Codec | undefined {
  const opus = readOpusHead(head);
  if (opus) {
    const preSkipS = opus.preSkip / OPUS_HZ;
    return { headCount: 2, clockHz: OPUS_HZ, preSkipS, commentAt: 8, open: () => openOpusDecoder(opus, opusHz) };
  }
  const name = latin1(head.subarray(0, 7));
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  if (name === '\x01vorbis' && head.length >= 30 && view.getUint32(12, true) > 0) {
    const open = ([first = head, , setup = head]: readonly Uint8Array[]): Promise<PacketDecoder> =>
      openVorbisDecoder(first, setup);
    return { headCount: 3, clockHz: view.getUint32(12, true), preSkipS: 0, commentAt: 7, open };
  }
  const info = name.startsWith('\x7fFLAC') ? readFlacInfo(head.subarray(OGG_FLAC_INFO_AT)) : undefined;
  if (!info) return undefined;
  const headCount = 1 + view.getUint16(OGG_FLAC_COUNT_AT);
  return { headCount, clockHz: info.rateHz, preSkipS: 0, commentAt: 4, open: () => openFlacPacketDecoder(info) };
}
