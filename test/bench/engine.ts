import { writeFileSync } from 'node:fs';
import { largeSpeechFolder, type SpeechFile } from '../speech';
import { reportEngine } from './engine/engineReport';
import { measureEngine } from './engine/measureEngine';
import { isProgramId, PROGRAM_TITLES, readResults, type EngineResults } from './engine/results';
import { quickFiles } from './engine/testFiles';
import type { BenchOptions, BenchReport } from './report';

/** Whisper in our engine beside the same in float32 and beside faster-whisper, in turn, over the whole speech folder. */
export async function benchEngine(options: BenchOptions): Promise<BenchReport> {
  const unknown = options.only.find((name) => !isProgramId(name));
  if (unknown !== undefined)
    throw new Error(`--only ${unknown}: the programs are ${Object.keys(PROGRAM_TITLES).join(', ')}.`);
  const speech = largeSpeechFolder();
  if ('absent' in speech) throw new Error(speech.absent);
  if (options.from.length > 0) {
    const results = readResults(options.from);
    return reportEngine(results, filesIn(results, speech.manifest));
  }
  const files = options.isQuick ? quickFiles(speech.manifest) : speech.manifest;
  const results = await measureEngine(speech.folder, files, speech.manifest, options, (some) => {
    if (options.rawFile !== undefined) writeFileSync(options.rawFile, JSON.stringify(some));
  });
  return reportEngine(results, files);
}

/** Those of the recordings that the results tell of: a quick run has few. */
function filesIn({ measurements }: EngineResults, files: readonly SpeechFile[]): readonly SpeechFile[] {
  const measured = new Set(measurements.map(({ file }) => file));
  return files.filter(({ file }) => measured.has(file));
}
