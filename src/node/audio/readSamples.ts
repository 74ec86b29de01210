import { BYTES_PER_SAMPLE, bytesToInt16, channelOf, int16ToBytes } from '../../core/audio/pcm';
import type { Chunk, PreparedAudio } from '../../core/model';
import { cutShort, readRange } from './readRange';

/**
 * Reads a range of prepared audio, a block at a time, as 16-bit mono, also where it is one channel of its file.
 *
 * @throws MinutesError `fileUnreadable`, also where the file is shorter than it was
 */
export async function* readSamples(
  { path, dataOffsetBytes, channel }: PreparedAudio,
  { startSample, endSample }: Chunk,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { index, count } = channel ?? { index: 0, count: 1 };
  const frameBytes = count * BYTES_PER_SAMPLE;
  const lengthBytes = Math.max(0, endSample - startSample) * frameBytes;
  let readBytes = 0;
  for await (const block of readRange(path, dataOffsetBytes + startSample * frameBytes, lengthBytes, signal)) {
    readBytes += block.length;
    // A block holds whole frames: its size is a multiple of theirs.
    yield count === 1 ? block : int16ToBytes(channelOf(bytesToInt16(block), index, count));
  }
  // Without this check the note would miss the rest and still call itself complete.
  if (readBytes < lengthBytes) cutShort(path);
}
