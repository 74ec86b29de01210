import { bytesToInt16, BYTES_PER_SAMPLE } from '../core/audio/pcm';
import type { PreparedAudio } from '../core/model';
import type { SampleReader } from '../core/ports';
import { readRange } from './readRange';

export class FileSampleReader implements SampleReader {
  async *read(audio: PreparedAudio, signal: AbortSignal): AsyncGenerator<Int16Array> {
    const lengthBytes = audio.sampleCount * BYTES_PER_SAMPLE;
    // Blocks are even in length but for a file that shrinks meanwhile, whose last half sample does not matter.
    for await (const block of readRange(audio.path, audio.dataOffsetBytes, lengthBytes, signal)) {
      yield bytesToInt16(block);
    }
  }
}
