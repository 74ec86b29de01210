import type { MPEGDecoder } from 'mpg123-decoder';
import { MpegFrameReader } from '../../../core/audio/compressed/mpegFrames';
import { MISSING_S, quietly, silence, type SoundBlock, type SoundTrack } from './soundTrack';

/** Bytes that are decoded at once: some seconds of speech, which take a few milliseconds. */
const STEP_BYTES = 16 * 1024;
/** mpg123 gives mono twice. */
const CHANNEL_COUNT = 2;

/**
 * Decodes MP3 (and MPEG's layers 1 and 2). A stretch that holds no frames becomes silence of the length that it had as sound, which
 * is estimated by its bytes.
 */
export function mpegSound(file: AsyncIterable<Uint8Array>): SoundTrack {
  const reader = new MpegFrameReader();
  async function* blocks(): AsyncGenerator<SoundBlock> {
    const { MPEGDecoder } = await import('mpg123-decoder');
    const decoder = new MPEGDecoder();
    await decoder.ready;
    try {
      for await (const block of file) {
        for (let at = 0; at < block.length; at += STEP_BYTES) {
          yield* decode(decoder, reader, block.subarray(at, at + STEP_BYTES), false);
        }
      }
      yield* decode(decoder, reader, new Uint8Array(0), true);
    } finally {
      decoder.free();
    }
  }
  const facts = (): ReturnType<SoundTrack['facts']> => {
    const isTruncated = (reader.declaredS ?? 0) - reader.heardS > MISSING_S;
    return { isDamaged: reader.isDamaged, isTruncated, recordedMs: reader.recordedMs };
  };
  return { blocks: blocks(), facts };
}

function* decode(
  decoder: MPEGDecoder,
  reader: MpegFrameReader,
  bytes: Uint8Array,
  isEnd: boolean,
): Generator<SoundBlock> {
  for (const part of reader.push(bytes, isEnd)) {
    if (part.kind === 'hole') {
      yield* silence(part.rateHz, CHANNEL_COUNT, part.sampleCount);
      continue;
    }
    const { channelData, samplesDecoded, sampleRate } = quietly(() => decoder.decode(part.bytes));
    if (samplesDecoded > 0) yield { rateHz: sampleRate, channels: channelData };
  }
}
