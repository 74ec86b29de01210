import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../src/core/async/never';
import { defined } from '../../../src/core/async/defined';
import { isAbort } from '../../../src/core/errors';
import { EMBEDDED, type SpeechJob } from '../../../src/core/model';
import { openRecording } from '../../../src/node/audio/openRecording';
import type { FileTranscription } from '../../../src/node/speech/fileTranscription';
import { jfkWav } from '../../speech';
import { newLog } from '../../unit/node/transcripts/logs';
import { preparedWav } from '../../unit/node/wavFile';
import { speechSamples } from '../../unit/node/speechSamples';
import type { Goal } from '../report';
import { quantile } from './liveFigures';

const ROUNDS = 8;
/** How long the file is worked on before the dictation comes: other parts of it each time. */
const STEP_MS = 700;
/** Minutes of speech. */
const REPEATS = 30;

/** How long a dictation of 11 s takes alone, and beside a file that the engine works on. */
export async function measureWaits(
  by: FileTranscription,
  folder: string,
  { table, goals }: { readonly table: string[][]; readonly goals: Goal[] },
): Promise<void> {
  const samples = await speechSamples();
  const speech = new Int16Array(new Uint8Array(samples).buffer);
  const file = path.join(folder, 'long.wav');
  await writeFile(
    file,
    preparedWav(speech.length * REPEATS, (at) => (speech[at % speech.length] ?? 0) / 32_768),
  );
  const alone: number[] = [];
  const beside: number[] = [];
  await hear(by, jfkWav(), 'dictation', NEVER);
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(await hear(by, jfkWav(), 'dictation', NEVER));
    const stop = new AbortController();
    const working = hear(by, file, 'meeting', stop.signal).catch((error: unknown) => {
      if (!isAbort(error)) throw error;
    });
    await new Promise((resolve) => setTimeout(resolve, STEP_MS * (round + 1)));
    beside.push(await hear(by, jfkWav(), 'dictation', NEVER));
    stop.abort();
    await working;
  }
  for (const [what, values] of [
    ['dictation of 11 s alone, s', alone],
    ['dictation of 11 s beside a file, s', beside],
  ] as const) {
    table.push([what, ...[0.5, 0.95].map((share) => quantile(values, share).toFixed(2))]);
  }
  const waitS = Math.round(100 * (quantile(beside, 0.5) - quantile(alone, 0.5))) / 100;
  goals.push({ name: 'wait of a dictation for a file, median', value: waitS, unit: 's' });
}

async function hear(by: FileTranscription, file: string, job: SpeechJob, signal: AbortSignal): Promise<number> {
  const began = performance.now();
  const recording = await openRecording(file);
  const log = newLog(defined({}));
  for await (const event of by.transcribeFile(recording, EMBEDDED, { job, language: 'en' }, log, signal)) {
    if (event.kind === 'finished') break;
  }
  return (performance.now() - began) / 1000;
}
