import type { FLACDecoder } from '@wasm-audio-decoders/flac';
import type { FlacFrame, FlacInfo } from '../../../core/audio/compressed/flacFrames';
import { FlacStreamReader } from '../../../core/audio/compressed/flacStream';
import { MISSING_S, quietly, UnknownSoundError, type SoundBlock, type SoundTrack } from './soundTrack';

/** What the package scales right. It leaves other depths as whole numbers, or does not set their scale at all (0.2.11, read in its source). */
const KNOWN_BITS: ReadonlySet<number> = new Set([8, 16, 24]);

/** Decodes FLAC. A frame that is lost leaves a pause, for its successor tells where it begins. */
export function flacSound(file: AsyncIterable<Uint8Array>): SoundTrack {
  const reader = new FlacStreamReader();
  let heardTo = 0;
  let shift = 0;
  async function* decodeAll(frames: Iterable<FlacFrame>, decoder: FlacFrameDecoder): AsyncGenerator<SoundBlock> {
    for (const frame of frames) {
      if (!reader.info) return;
      // Files that were joined count anew.
      shift = Math.max(shift, heardTo - frame.startSample);
      const startSample = frame.startSample + shift;
      heardTo = startSample + frame.sampleCount;
      yield await decoder.decode(frame.bytes, reader.info, startSample / reader.info.rateHz);
    }
  }
  async function* blocks(): AsyncGenerator<SoundBlock> {
    const decoder = await openFlacDecoder();
    try {
      for await (const block of file) yield* decodeAll(reader.push(block, false), decoder);
      yield* decodeAll(reader.push(new Uint8Array(0), true), decoder);
    } finally {
      decoder.free();
    }
  }
  const facts = (): ReturnType<SoundTrack['facts']> => {
    const missing = (reader.info?.totalSamples ?? 0) - heardTo;
    const isTruncated = missing > MISSING_S * (reader.info?.rateHz ?? 1);
    return { isDamaged: reader.isDamaged, isTruncated, recordedMs: reader.recordedMs };
  };
  return { blocks: blocks(), facts };
}

/** Decodes single frames of FLAC. */
export class FlacFrameDecoder {
  constructor(private readonly decoder: FLACDecoder) {}

  /** @throws UnknownSoundError for depths that the package does not know */
  async decode(frame: Uint8Array, { bits, rateHz }: FlacInfo, startS: number): Promise<SoundBlock> {
    if (!KNOWN_BITS.has(bits)) throw new UnknownSoundError(`FLAC of ${bits} bit`);
    const { channelData } = await quietly(() => this.decoder.decodeFrames([frame]));
    // The package divides by the greatest sample; what is meant is the power of two above it.
    const scale = 1 - 2 ** (1 - bits);
    return { startS, rateHz, channels: channelData.map((samples) => samples.map((value) => value * scale)) };
  }

  /** Gives the memory back. */
  free(): void {
    this.decoder.free();
  }
}

/** Loads the package. */
export async function openFlacDecoder(): Promise<FlacFrameDecoder> {
  const { FLACDecoder } = await import('@wasm-audio-decoders/flac');
  const decoder = new FLACDecoder();
  await decoder.ready;
  return new FlacFrameDecoder(decoder);
}
