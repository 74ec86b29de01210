import type { GrowingAudio } from '../../core/audio/growingAudio';
import { bytesToInt16 } from '../../core/audio/pcm';
import type { PreparedAudio } from '../../core/model';
import { readSamples } from './readSamples';

/** Prepared audio in its file: it grows no more. */
export class FinishedAudio implements GrowingAudio {
  constructor(private readonly audio: PreparedAudio) {}

  async *samples(fromSample: number, signal: AbortSignal): AsyncGenerator<Int16Array> {
    const range = { startSample: fromSample, endSample: this.audio.sampleCount };
    for await (const block of readSamples(this.audio, range, signal)) yield bytesToInt16(block);
  }
}
