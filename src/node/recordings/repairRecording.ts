import fs from 'node:fs/promises';
import { BYTES_PER_SAMPLE } from '../../core/audio/pcm';
import { isPreparedLayout, readWavHeader, wavHeader, WAV_HEADER_BYTES } from '../../core/audio/wav';

/** Whether the header is empty: a power cut leaves it so where it had not reached the disk. */
const isBlank = (head: Uint8Array): boolean => head.every((byte) => byte === 0);

/**
 * Corrects the header of a recording that a crash cut short: it gets the file's true length, which is returned in samples of each channel.
 * The result is 0 where the file is not, or no longer, one of our recordings. Never shortens a recording.
 */
export async function repairRecording(file: string, channelCount = 1): Promise<number> {
  const handle = await fs.open(file, 'r+').catch(() => fs.open(file, 'r'));
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(WAV_HEADER_BYTES);
    const { bytesRead } = await handle.read(head, 0, WAV_HEADER_BYTES, 0);
    const header = readWavHeader(isBlank(head) ? wavHeader(0, channelCount) : head.subarray(0, bytesRead), size);
    // A file with another layout of chunks is not from our writer.
    const isOurs =
      header.kind === 'pcm' &&
      isPreparedLayout(header.layout, channelCount) &&
      header.layout.dataOffsetBytes === WAV_HEADER_BYTES;
    if (!isOurs) return 0;
    const frameBytes = channelCount * BYTES_PER_SAMPLE;
    const sampleCount = Math.max(0, Math.floor((size - WAV_HEADER_BYTES) / frameBytes));
    const dataBytes = sampleCount * frameBytes;
    if (dataBytes > (header.layout.dataBytes ?? 0)) {
      // The audio can be read even from a disk that cannot be written to.
      await handle.write(wavHeader(dataBytes, channelCount), 0, WAV_HEADER_BYTES, 0).catch(() => undefined);
    }
    return sampleCount;
  } finally {
    await handle.close();
  }
}
