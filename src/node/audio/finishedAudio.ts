import type { GrowingAudio } from '../../core/audio/growingAudio';
import { bytesToInt16, BYTES_PER_SAMPLE } from '../../core/audio/pcm';
import type { PreparedAudio } from '../../core/model';
import { cutShort, readRange } from './readRange';

/** Prepared audio in its file: it grows no more. */
export class FinishedAudio implements GrowingAudio {
  constructor(private readonly audio: PreparedAudio) {}

  async *samples(fromSample: number, signal: AbortSignal): AsyncGenerator<Int16Array> {
    const { path: file, dataOffsetBytes, sampleCount } = this.audio;
    const lengthBytes = Math.max(0, sampleCount - fromSample) * BYTES_PER_SAMPLE;
    let readBytes = 0;
    for await (const block of readRange(file, dataOffsetBytes + fromSample * BYTES_PER_SAMPLE, lengthBytes, signal)) {
      readBytes += block.length;
      yield bytesToInt16(block);
    }
    // Without this check the note would miss the rest and still call itself complete.
    if (readBytes < lengthBytes) cutShort(file);
  }
}
