import path from 'node:path';
import { bytesToInt16, BYTES_PER_SAMPLE } from '../../core/audio/pcm';
import { MinutesError } from '../../core/errors';
import type { PreparedAudio } from '../../core/model';
import type { SampleReader } from '../../core/audio/preparation';
import { readRange } from './readRange';

/** Reads prepared audio from its file. */
export class FileSampleReader implements SampleReader {
  async *read(audio: PreparedAudio, signal: AbortSignal): AsyncGenerator<Int16Array> {
    const lengthBytes = audio.sampleCount * BYTES_PER_SAMPLE;
    let readBytes = 0;
    for await (const block of readRange(audio.path, audio.dataOffsetBytes, lengthBytes, signal)) {
      readBytes += block.length;
      yield bytesToInt16(block);
    }
    // Without this check the note would miss the rest and still call itself complete.
    if (readBytes < lengthBytes) {
      const reason = 'it became shorter while it was read';
      throw new MinutesError({ code: 'fileUnreadable', file: path.basename(audio.path), reason });
    }
  }
}
