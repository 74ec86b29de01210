import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Transcript } from '../../src/core/model';
import { problemOf } from '../../src/core/errors';
import { EMPTY_TRANSCRIPT } from '../../src/core/transcript/appendChunk';
import { findEngineFiles } from '../../src/node/engineFiles';
import { FileTranscription } from '../../src/node/fileTranscription';
import { LocalEngine } from '../../src/node/localEngine';
import { openRecording } from '../../src/node/openRecording';
import { projectRoot } from '../host/hostPaths';
import { speechFolder, type SpeechFile } from '../speech';
import { median, type BenchReport, type Goal } from './report';
import { comparableWords, wordErrors } from './wordErrorRate';

const STARTS = 5;
/** What the engine reached while it was planned: nine times real time, 300 MB, and these shares of wrong words. */
const GOALS = {
  realTimeFactor: 1 / 9,
  memoryMb: 300,
  wordErrorPercent: { 'read, technical documentation': 6.5, meeting: 54 } as Readonly<Record<string, number>>,
};

interface Heard {
  readonly file: SpeechFile;
  readonly wallS: number;
  readonly text: string;
}

/** The embedded engine over all English recordings of the speech folder, through the same pipeline as in the editor. */
export async function benchEngine(): Promise<BenchReport> {
  const speech = speechFolder();
  if ('absent' in speech) throw new Error(speech.absent);
  const storageFolder = mkdtempSync(path.join(os.tmpdir(), 'minutes-bench-'));
  try {
    const loadS = median(await loadTimesS(storageFolder));
    const files = speech.manifest.filter(({ language, reference }) => language === 'en' && reference !== undefined);
    const { heard, memoryMb } = await transcribeAll(speech.folder, files, storageFolder);
    return report(loadS, memoryMb, heard);
  } finally {
    rmSync(storageFolder, { recursive: true, force: true });
  }
}

/** From nothing to an engine that takes requests; the first start, which makes the copy of the model, is left out. */
async function loadTimesS(storageFolder: string): Promise<number[]> {
  const files = findEngineFiles(projectRoot, { kind: 'vosk' });
  const timesS: number[] = [];
  for (let start = 0; start <= STARTS; start++) {
    const engine = new LocalEngine({ cacheFolder: path.join(storageFolder, 'engine-models') });
    const began = performance.now();
    (await engine.lease(files, new AbortController().signal)).release();
    if (start > 0) timesS.push((performance.now() - began) / 1000);
    engine.dispose();
  }
  return timesS;
}

async function transcribeAll(
  folder: string,
  files: readonly SpeechFile[],
  storageFolder: string,
): Promise<{ heard: Heard[]; memoryMb: number }> {
  const transcription = new FileTranscription({
    extensionFolder: projectRoot,
    storageFolder,
    version: 'bench',
    readKey: () => Promise.resolve(undefined),
    embeddedModel: () => Promise.resolve({ kind: 'vosk' }),
    editorProxy: () => ({ address: '', isOff: true }),
    log: { write: () => undefined },
  });
  try {
    const heard: Heard[] = [];
    for (const file of files) {
      const recording = await openRecording(path.join(folder, file.file));
      const began = performance.now();
      let transcript: Transcript = EMPTY_TRANSCRIPT;
      try {
        for await (const event of transcription.transcribeFile(
          recording,
          { kind: 'embedded' },
          {},
          new AbortController().signal,
        )) {
          if ('transcript' in event) transcript = event.transcript;
        }
      } catch (error) {
        // A recording in which nothing was heard counts with all its words as errors.
        if (problemOf(error)?.code !== 'noSpeech') throw error;
      }
      heard.push({
        file,
        wallS: (performance.now() - began) / 1000,
        text: transcript.segments.map(({ text }) => text).join(' '),
      });
      if (heard.length % 20 === 0) process.stderr.write(`${heard.length} of ${files.length} recordings\n`);
    }
    return { heard, memoryMb: peakMemoryMb(transcription.engineProcessId) };
  } finally {
    await transcription.dispose();
  }
}

/** The kernel's own high-water mark; Linux only. */
function peakMemoryMb(processId: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${String(processId)}/status`, 'utf8');
    return Math.round(Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1]) / 1000);
  } catch {
    return NaN;
  }
}

function report(loadS: number, memoryMb: number, heard: readonly Heard[]): BenchReport {
  const rows = [...new Set(heard.map(({ file }) => file.kind))].map((kind) => {
    const of = heard.filter(({ file }) => file.kind === kind);
    const sum = (value: (one: Heard) => number): number => of.reduce((total, one) => total + value(one), 0);
    const words = sum(({ file }) => comparableWords(file.reference ?? '').length);
    const errors = sum(({ file, text }) => wordErrors(comparableWords(file.reference ?? ''), comparableWords(text)));
    return {
      kind,
      count: of.length,
      seconds: sum(({ file }) => file.seconds),
      wallS: sum(({ wallS }) => wallS),
      words,
      percent: (100 * errors) / words,
    };
  });
  const all = rows.reduce(
    (total, { seconds, wallS }) => ({ seconds: total.seconds + seconds, wallS: total.wallS + wallS }),
    { seconds: 0, wallS: 0 },
  );
  const realTimeFactor = rounded(all.wallS / all.seconds, 3);
  const goals: Goal[] = [
    { name: 'engine load', value: rounded(loadS, 2), unit: 's', goal: 1 },
    { name: 'engine real-time factor', value: realTimeFactor, unit: 's/s', goal: rounded(GOALS.realTimeFactor, 3) },
    { name: 'engine peak memory', value: memoryMb, unit: 'MB', goal: GOALS.memoryMb },
    ...rows.map(({ kind, percent }) => {
      const goal = GOALS.wordErrorPercent[kind];
      return {
        name: `word errors, ${kind}`,
        value: rounded(percent, 1),
        unit: '%',
        ...(goal === undefined ? {} : { goal }),
      };
    }),
  ];
  return {
    table: [
      ['kind of speech', 'files', 'seconds', 'words', 'wrong %', 'real-time factor'],
      ...rows.map(({ kind, count, seconds, words, percent, wallS }) => [
        kind,
        String(count),
        seconds.toFixed(0),
        String(words),
        percent.toFixed(1),
        (wallS / seconds).toFixed(3),
      ]),
      ['all', String(heard.length), all.seconds.toFixed(0), '', '', String(realTimeFactor)],
    ],
    goals,
    remarks: [`load ${loadS.toFixed(2)} s (median of ${STARTS}), peak memory ${memoryMb} MB`],
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
