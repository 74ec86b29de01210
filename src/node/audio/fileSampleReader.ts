import type { PreparedAudio } from '../../core/model';
import type { SampleReader } from '../../core/audio/preparation';
import { FinishedAudio } from './finishedAudio';

/** Reads prepared audio from its file. */
export class FileSampleReader implements SampleReader {
  read(audio: PreparedAudio, signal: AbortSignal): AsyncIterable<Int16Array> {
    return new FinishedAudio(audio).samples(0, signal);
  }
}
