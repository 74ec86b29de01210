import fs from 'node:fs/promises';
import path from 'node:path';
import type { Recording } from '../../../../src/core/model';
import { openRecording } from '../../../../src/node/audio/openRecording';
import type { RecordedRequest } from '../../../fakes/scriptedServer';
import { uploadedSamples } from '../../../fakes/uploads';
import { silentSamples, speechSamples } from '../speechSamples';
import { wavOf } from '../wavFile';
import { PREPARED } from './fileTranscriptions';

const MARK_AT_SAMPLE = 80_000;
const markOf = (number: number): Buffer => Buffer.from(Int16Array.of(12_345, -12_345, 1000 + number, 12_345).buffer);

/** The same speech so many times, each with its number in the samples, and silence between: no request reaches across that. */
export async function sentences(folder: string, count: number): Promise<Recording> {
  const [speech, pause] = [await speechSamples(), silentSamples(5)];
  const parts = Array.from({ length: count }, (_, number) => {
    const marked = Buffer.from(speech);
    markOf(number).copy(marked, MARK_AT_SAMPLE * 2);
    return number === 0 ? [marked] : [pause, marked];
  });
  const file = path.join(folder, `${count} sentences.wav`);
  await fs.writeFile(file, wavOf(Buffer.concat(parts.flat()), PREPARED));
  return openRecording(file);
}

/** Which of them a request held. */
export function sentencesIn({ files }: RecordedRequest): number[] {
  const bytes = uploadedSamples(files[0]);
  return [0, 1, 2, 3, 4, 5, 6].filter((number) => bytes.includes(markOf(number)));
}
