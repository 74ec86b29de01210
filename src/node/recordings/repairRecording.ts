import fs from 'node:fs/promises';
import { BYTES_PER_SAMPLE } from '../../core/audio/pcm';
import { isPreparedLayout, readWavHeader, wavHeader, WAV_HEADER_BYTES } from '../../core/audio/wav';

/** What a power cut leaves where the header was still on its way to the disk. */
const isBlank = (head: Uint8Array): boolean => head.every((byte) => byte === 0);

/**
 * Brings the header of a recording that a crash cut short to the file's true length, and gives that in samples; 0 where it is not,
 * or no longer, a recording of ours. Never shortens one.
 */
export async function repairRecording(file: string): Promise<number> {
  const handle = await fs.open(file, 'r+').catch(() => fs.open(file, 'r'));
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(WAV_HEADER_BYTES);
    const { bytesRead } = await handle.read(head, 0, WAV_HEADER_BYTES, 0);
    const header = readWavHeader(isBlank(head) ? wavHeader(0) : head.subarray(0, bytesRead), size);
    // One whose chunks lie otherwise is not from our writer, whoever put it there.
    const isOurs =
      header.kind === 'pcm' && isPreparedLayout(header.layout) && header.layout.dataOffsetBytes === WAV_HEADER_BYTES;
    if (!isOurs) return 0;
    const sampleCount = Math.max(0, Math.floor((size - WAV_HEADER_BYTES) / BYTES_PER_SAMPLE));
    if (sampleCount * BYTES_PER_SAMPLE > (header.layout.dataBytes ?? 0)) {
      // A disk that takes no writes any more still gives the audio.
      await handle.write(wavHeader(sampleCount * BYTES_PER_SAMPLE), 0, WAV_HEADER_BYTES, 0).catch(() => undefined);
    }
    return sampleCount;
  } finally {
    await handle.close();
  }
}
