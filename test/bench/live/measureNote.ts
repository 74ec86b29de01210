import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NEVER } from '../../../src/core/async/never';
import { defined } from '../../../src/core/async/defined';
import type { GrowingFile } from '../../../src/core/audio/growingAudio';
import { int16ToBytes } from '../../../src/core/audio/pcm';
import { WAV_HEADER_BYTES, wavHeader } from '../../../src/core/audio/wav';
import { EMBEDDED, SAMPLE_RATE_HZ } from '../../../src/core/model';
import { editedText } from '../../../src/core/notes/editedText';
import { liveBlocks } from '../../../src/core/notes/live/liveBlocks';
import { LiveNoteModel } from '../../../src/core/notes/live/liveNoteModel';
import { placedEntry } from '../../../src/core/notes/placedEntry';
import type { PlacedBlock } from '../../../src/core/transcript/logEntries';
import { openedEntry, TranscriptLog } from '../../../src/core/transcript/transcriptLog';
import type { FileTranscription } from '../../../src/node/speech/fileTranscription';
import { committedSpeech } from '../../speech';
import { MEETING_LABELS } from '../../unit/core/notes/noteParts';
import { median, type Goal } from '../report';
import { comparableWords, wordErrors } from '../wordErrorRate';
import { quantile } from './liveFigures';

interface Report {
  readonly table: string[][];
  readonly goals: Goal[];
  readonly remarks: string[];
}

/** A recording and what is said in it. */
export interface SpokenText {
  readonly file: string;
  readonly samples: Int16Array;
  readonly reference: string;
}

const HEADING: PlacedBlock = { id: 'meeting:transcript', order: -0.9, text: '## Transcript' };
/** How much silence an utterance keeps behind its last word. */
const EDGE_S = 0.3;
/** How far back the editor's part looks at the transcript for each new paragraph. */
const PART_S = 600;
const BLOCK_SAMPLES = SAMPLE_RATE_HZ / 10;

/** A log and a note that the log fills, with a string in the editor's place. */
class Note {
  readonly log = new TranscriptLog([]);
  text = `${HEADING.text}\n`;
  private readonly model = new LiveNoteModel(this.text, [HEADING]);

  async begin(): Promise<void> {
    const recording = { name: 'meeting.wav', sizeBytes: 0, modifiedMs: 0 };
    const placed = { kind: 'placed', note: 'meeting.md', blocks: [HEADING], removed: [] } as const;
    await this.log.append(openedEntry({ recording, task: 'transcribe' }), placed);
  }

  /** Writes what is new, as the editor's part does. @param fromS what is before this time stands in the note already */
  async update(fromS?: number): Promise<void> {
    const { log, model } = this;
    const { placed } = log;
    const shown = {
      written: placed,
      isUntouched: (id: string): boolean => placed.some((block) => block.id === id && model.isUntouched(block)),
    };
    const transcript = await log.transcript(fromS === undefined ? undefined : fromS * SAMPLE_RATE_HZ);
    const wanted = liveBlocks(defined({ ...shown, fromS }), transcript, log.happenings, MEETING_LABELS);
    const plan = model.plan(placed, wanted, '\n');
    this.text = editedText(this.text, plan.edits);
    model.planned(plan, this.text);
    const entry = placedEntry(placed, 'meeting.md', wanted);
    if (entry) await log.append(entry);
  }
}

/** How long a new paragraph takes in the note of a meeting of four hours, without the editor. */
export async function measureParagraphs({ table, goals }: Report): Promise<void> {
  const text = committedSpeech()
    .manifest.map(({ reference = '' }) => reference)
    .join(' ');
  const words = text.split(/\s+/).filter((word) => word !== '');
  const note = new Note();
  await note.begin();
  const tookMs: number[] = [];
  const count = 2700;
  for (let n = 0; n < count; n++) {
    const said = Array.from({ length: 15 }, (_, i) => words[(n * 15 + i) % words.length] ?? 'word').join(' ');
    const startSample = n * 5 * SAMPLE_RATE_HZ;
    const segments = [{ startS: 0, endS: 4.6, text: `${said}.` }];
    const chunk = { startSample, endSample: startSample + 5 * SAMPLE_RATE_HZ };
    await note.log.append({ kind: 'answered', track: 0, ...chunk, model: 'base', text: said, segments, words: [] });
    // Most of the meeting comes at once, as after a reload.
    if (n < count - 100) continue;
    const before = performance.now();
    await note.update(n === count - 100 ? undefined : n * 5 - PART_S);
    if (n > count - 100) tookMs.push(performance.now() - before);
  }
  table.push(['note of 4 h: one new paragraph, ms', median(tookMs).toFixed(1), quantile(tookMs, 0.95).toFixed(1)]);
  goals.push({
    name: 'note of 4 h: one new paragraph, without the editor, median',
    value: Math.round(10 * median(tookMs)) / 10,
    unit: 'ms',
    goal: 5,
  });
}

/** How late the text of recordings that are spoken in real time is in a note, and how good it is beside that of the finished file. */
export async function measureMeetings(
  by: FileTranscription,
  spoken: readonly SpokenText[],
  { table, goals, remarks }: Report,
): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'minutes-live-note-'));
  const pauseS: number[] = [];
  const stopS: number[] = [];
  const errors = { live: 0, finished: 0, words: 0 };
  let hostMs = 0;
  let audioS = 0;
  try {
    for (const [index, { samples, reference }] of spoken.entries()) {
      const file = path.join(folder, `${index}.wav`);
      await writeFile(file, Buffer.concat([wavHeader(samples.length * 2), int16ToBytes(samples)]));
      const before = process.cpuUsage();
      const live = await liveText(by, file, samples, pauseS, stopS);
      const { user, system } = process.cpuUsage(before);
      hostMs += (user + system) / 1000;
      audioS += samples.length / SAMPLE_RATE_HZ;
      const finished = await finishedText(by, file);
      const said = comparableWords(reference);
      errors.live += wordErrors(said, comparableWords(live));
      errors.finished += wordErrors(said, comparableWords(finished));
      errors.words += said.length;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const seconds = (values: readonly number[]): string[] =>
    [0.5, 0.95].map((share) => quantile(values, share).toFixed(2));
  table.push(['note in real time: last word → paragraph, s', ...seconds(pauseS)]);
  table.push(['note in real time: end of the recording → complete, s', ...seconds(stopS)]);
  const rate = (wrong: number): number => Math.round((10_000 * wrong) / errors.words) / 100;
  for (const share of [0.5, 0.95])
    goals.push({
      name: `note in real time: last word → paragraph, ${share === 0.5 ? 'median' : '95 %'}`,
      value: Math.round(100 * quantile(pauseS, share)) / 100,
      unit: 's',
      goal: 3,
    });
  goals.push(
    {
      name: 'end of the recording → complete, 95 %',
      value: Math.round(100 * quantile(stopS, 0.95)) / 100,
      unit: 's',
      goal: 3,
    },
    {
      name: 'word errors of the live note, above the finished file’s',
      value: Math.round(100 * (rate(errors.live) - rate(errors.finished))) / 100,
      unit: 'points',
      goal: 1,
    },
    {
      name: 'processor time of the extension’s part while it hears',
      value: Math.round(hostMs / audioS) / 10,
      unit: '% of a core',
      goal: 3,
    },
  );
  remarks.push(
    `Live ${rate(errors.live).toFixed(1)} % word errors, the finished files ${rate(errors.finished).toFixed(1)} %, of ${errors.words} words.`,
  );
}

async function liveText(
  by: FileTranscription,
  file: string,
  samples: Int16Array,
  pauseS: number[],
  stopS: number[],
): Promise<string> {
  const note = new Note();
  await note.begin();
  const startedMs = performance.now();
  const growing: GrowingFile = {
    path: file,
    dataOffsetBytes: WAV_HEADER_BYTES,
    async *samples(fromSample, signal): AsyncGenerator<Int16Array> {
      for (let at = fromSample; at < samples.length; at += BLOCK_SAMPLES) {
        const dueMs = startedMs + ((at + BLOCK_SAMPLES) / SAMPLE_RATE_HZ) * 1000;
        await sleep(Math.max(0, dueMs - performance.now()), undefined, { signal });
        yield samples.slice(at, at + BLOCK_SAMPLES);
      }
    },
  };
  for await (const event of by.transcribeGrowing(
    [growing],
    'meeting.wav',
    EMBEDDED,
    { job: 'meeting' },
    note.log,
    NEVER,
  )) {
    if (event.kind !== 'transcribed') continue;
    await note.update();
    pauseS.push((performance.now() - startedMs) / 1000 - (event.doneS - EDGE_S));
  }
  stopS.push((performance.now() - startedMs) / 1000 - samples.length / SAMPLE_RATE_HZ);
  return textOf(note.log);
}

async function finishedText(by: FileTranscription, file: string): Promise<string> {
  const recording = await by.open(file, 'meeting.wav');
  const { name, sizeBytes, modifiedMs } = recording;
  const log = new TranscriptLog([]);
  await log.append(openedEntry({ recording: { name, sizeBytes, modifiedMs }, task: 'transcribe' }));
  for await (const event of by.transcribeFile(recording, EMBEDDED, { job: 'meeting' }, log, NEVER)) {
    if (event.kind === 'finished') break;
  }
  return textOf(log);
}

function textOf(log: TranscriptLog): string {
  return log
    .fold()
    .segments.map(({ text }) => text)
    .join(' ');
}
