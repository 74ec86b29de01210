import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { bytesToInt16 } from '../../../src/core/audio/pcm';
import { SAMPLE_RATE_HZ } from '../../../src/core/model';
import type { SpeechFolder } from '../../speech';
import type { SaidWord } from './liveFigures';

/** A recording as it will be spoken: silence, its samples, silence. */
export interface SpokenFile {
  readonly file: string;
  readonly samples: Int16Array;
  readonly reference: string;
  /** Absent where nobody timed the words. */
  readonly said?: readonly SaidWord[];
}

/** Before the first word a microphone hears the room. */
const BEFORE_S = 1;
const BEHIND_S = 2;
/** Meetings with manual times, and reading without. */
const EACH = 3;

/** Meetings and sentences of the folder, in turn; decoded with the system's ffmpeg. */
export async function spokenFiles({ folder, manifest }: SpeechFolder, isQuick: boolean): Promise<SpokenFile[]> {
  const meetings = manifest.filter(({ wordTimes }) => wordTimes.length > 50);
  const read = manifest.filter(({ file }) => file.startsWith('lj/'));
  const count = isQuick ? 1 : EACH;
  const chosen = [...meetings.slice(0, count), ...read.slice(0, 2 * count)];
  const files: SpokenFile[] = [];
  for (const { file, wordTimes, reference = '' } of chosen) {
    const args = ['-nostdin', '-v', 'error', '-i', path.join(folder, file), '-ac', '1', '-ar', '16000', '-f', 's16le'];
    const options = { encoding: 'buffer', maxBuffer: 2 ** 26 } as const;
    const { stdout } = await promisify(execFile)('ffmpeg', [...args, '-'], options);
    const speech = bytesToInt16(stdout);
    const samples = new Int16Array((BEFORE_S + BEHIND_S) * SAMPLE_RATE_HZ + speech.length);
    samples.set(speech, BEFORE_S * SAMPLE_RATE_HZ);
    const said = wordTimes.map(({ word, start, end }) => ({
      text: word,
      startS: BEFORE_S + start,
      endS: BEFORE_S + end,
    }));
    files.push(said.length > 0 ? { file, samples, reference, said } : { file, samples, reference });
  }
  return files;
}
