import fs from 'node:fs/promises';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SAMPLE_RATE_HZ, type Segment, type Transcript, type Word } from '../../src/core/model';
import type { AnsweredEntry, TranscriptEntry, WrittenEntry } from '../../src/core/transcript/logEntries';
import { logLine, parseLog } from '../../src/core/transcript/parseLog';
import { fold, openedEntry, TranscriptLog } from '../../src/core/transcript/transcriptLog';
import { TranscriptFile } from '../../src/node/transcripts/transcriptFile';
import { projectRoot } from '../host/hostPaths';
import { seededRandom } from '../unit/core/random';
import { describeMachine, thisMachine } from './engine/machine';
import { median, type BenchReport, type Goal } from './report';

const HOURS = 8;
const CHUNK_S = 28;
const CHUNKS = Math.floor((HOURS * 3600) / CHUNK_S);
const WORDS = 72_000;
const WORDS_OF_SEGMENT = 10;
const VOCABULARY = 'we should look at the numbers again before somebody decides about Tuesday’s release'.split(' ');

/** Odd, so that the median is one of them. */
const READS = 15;
const APPENDS = 301;
const READ_GOAL_MS = 300;
const APPEND_GOAL_MS = 1;

/** The log of a long meeting on the disk: how long reading takes, and adding an answer, and how much memory its transcript takes. */
export async function benchTranscript(): Promise<BenchReport> {
  // Not the folder for temporary files: that may lie in memory, where a write to the disk costs nothing.
  const folder = await fs.mkdtemp(path.join(projectRoot, 'build', 'bench-'));
  try {
    const file = path.join(folder, 'meeting.jsonl');
    await fs.writeFile(file, longMeeting().map(logLine).join(''));
    const { size } = await fs.stat(file);
    const heldMb = await heldMemory(file);
    const reads = await timesOfReading(file);
    const appends = await timesOfAppending(file);
    const figures: readonly (readonly [name: string, value: number, unit: string, goal?: number])[] = [
      ['log', size / 2 ** 20, 'MiB'],
      ['parse and fold: median', median(reads.parseAndFold), 'ms', READ_GOAL_MS],
      ['parse and fold: the quickest', Math.min(...reads.parseAndFold), 'ms'],
      ['parse alone: median', median(reads.parse), 'ms'],
      ['fold alone: median', median(reads.fold), 'ms'],
      ['an answer added, on the disk: median', median(appends), 'ms', APPEND_GOAL_MS],
      ['an answer added, on the disk: 95 %', percentile(appends, 0.95), 'ms'],
      ['heap that the transcript holds', heldMb.transcript, 'MiB'],
      ['heap that log and transcript hold', heldMb.all, 'MiB'],
    ];
    return {
      table: [['', 'value', 'unit'], ...figures.map(([name, value, unit]) => [name, String(rounded(value)), unit])],
      goals: figures.map(([name, value, unit, goal]): Goal => {
        const facts = { name: `transcript: ${name}`, value: rounded(value), unit };
        return goal === undefined ? facts : { ...facts, goal };
      }),
      remarks: [
        `${HOURS} hours, ${WORDS} words in ${CHUNKS} chunks, ${READS} reads, ${APPENDS} answers added.`,
        `${describeMachine(thisMachine())}.`,
      ],
    };
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** What one who opens a note waits for, once the file's text is read. */
async function timesOfReading(file: string): Promise<{ parseAndFold: number[]; parse: number[]; fold: number[] }> {
  const times = { parseAndFold: [] as number[], parse: [] as number[], fold: [] as number[] };
  for (let i = 0; i < READS; i++) {
    const text = await fs.readFile(file, 'utf8');
    const begun = performance.now();
    const entries = parseLog(text);
    const parsed = performance.now();
    const transcript = fold(entries);
    const folded = performance.now();
    mustBeWhole(transcript);
    times.parseAndFold.push(folded - begun);
    times.parse.push(parsed - begun);
    times.fold.push(folded - parsed);
  }
  return times;
}

/** Adds answers to the log that is there, each when the one before it is on the disk. */
async function timesOfAppending(file: string): Promise<number[]> {
  const opened = await TranscriptFile.open(file, 'meeting.wav');
  const log = new TranscriptLog(parseLog(opened.text), opened);
  const random = seededRandom();
  const times: number[] = [];
  for (let i = 0; i < APPENDS; i++) {
    const entry = answerFor(CHUNKS + i, random);
    const begun = performance.now();
    await log.append(entry);
    times.push(performance.now() - begun);
  }
  await log.close();
  return times;
}

/** What is left on the heap when everything else is collected. */
async function heldMemory(file: string): Promise<{ transcript: number; all: number }> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const usedMb = (): number => {
    collect();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  const text = await fs.readFile(file, 'utf8');
  const before = usedMb();
  const transcript = transcriptOf(text);
  const alone = usedMb() - before;
  const log = logOf(text);
  const all = usedMb() - before;
  mustBeWhole(transcript);
  mustBeWhole(log.fold());
  return { transcript: alone, all };
}

/** A function of its own, so that nothing in between stays in a caller's registers. */
function transcriptOf(text: string): Transcript {
  return fold(parseLog(text));
}

function logOf(text: string): TranscriptLog {
  return new TranscriptLog(parseLog(text));
}

function mustBeWhole({ segments, gaps }: Transcript): void {
  const count = segments.reduce((sum, { words }) => sum + words.length, 0);
  if (count !== WORDS || gaps.length > 0) throw new Error(`The transcript has ${count} words.`);
}

/** Always the same. */
function longMeeting(): WrittenEntry[] {
  const random = seededRandom();
  const recording = { name: 'meeting.wav', sizeBytes: HOURS * 3600 * 32_000, modifiedMs: 1_795_000_000_000 };
  const entries: TranscriptEntry[] = [
    openedEntry({ recording, task: 'transcribe' }),
    { kind: 'prepared', sampleCount: HOURS * 3600 * SAMPLE_RATE_HZ, remarks: [] },
  ];
  for (let number = 0; number < CHUNKS; number++) {
    const answer = answerFor(number, random);
    const { track, startSample, endSample } = answer;
    entries.push({ kind: 'planned', track, startSample, endSample }, answer);
  }
  return entries.map((entry, i) => ({ ...entry, writtenMs: 1_795_000_000_000 + 500 * i }));
}

function answerFor(number: number, random: () => number): AnsweredEntry {
  // The words do not divide evenly among the chunks.
  const count = Math.floor(((number + 1) * WORDS) / CHUNKS) - Math.floor((number * WORDS) / CHUNKS);
  const words = Array.from({ length: count }, (_, i): Word => {
    const text = VOCABULARY[Math.floor(random() * VOCABULARY.length)] ?? '';
    return { startS: at(i, count), endS: at(i + 0.8, count), text, probability: Math.round(random() * 1e4) / 1e4 };
  });
  const segments: Segment[] = [];
  for (let first = 0; first < count; first += WORDS_OF_SEGMENT) {
    const own = words.slice(first, first + WORDS_OF_SEGMENT);
    segments.push({
      startS: own[0]?.startS ?? 0,
      endS: own.at(-1)?.endS ?? 0,
      text: `${own.map(({ text }) => text).join(' ')}.`,
      averageLogProbability: -Math.round(random() * 1e4) / 1e4,
      compressionRatio: 1.2,
      noSpeechProbability: 0,
    });
  }
  const startSample = number * CHUNK_S * SAMPLE_RATE_HZ;
  const range = { startSample, endSample: startSample + CHUNK_S * SAMPLE_RATE_HZ };
  const text = segments.map((segment) => segment.text).join(' ');
  return { kind: 'answered', track: 0, ...range, model: 'base', text, language: 'en', segments, words };
}

/** The time of a word in its chunk, in hundredths. */
function at(word: number, count: number): number {
  return Math.round((100 * CHUNK_S * word) / count) / 100;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
