import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import { defined } from '../../../../src/core/async/defined';
import { taskOf, type Chunk, type Recording, type Segment, type Transcript } from '../../../../src/core/model';
import type { TranscriptLog } from '../../../../src/core/transcript/transcriptLog';
import type { TranscriptionEvent, TranscriptionWishes } from '../../../../src/core/transcription/fileTranscriber';
import type { Endpoint } from '../../../../src/core/endpoints/endpoint';
import { FileTranscription } from '../../../../src/node/speech/fileTranscription';
import type { SpeechClientOptions } from '../../../../src/node/speech/speechClient';
import { FileTranscriptStore } from '../../../../src/node/transcripts/transcriptFolder';
import { temporaryFolder } from '../temporaryFolder';
import { linesOf, newLog, openedAs, type AboutLog } from '../transcripts/logs';
import { clientOptions } from './client';

/** How prepared audio lies in a file. */
export const PREPARED = { format: 'int16', rateHz: 16_000, channelCount: 1 } as const;

/** What the tests of {@link FileTranscription} work with. */
export interface FileTranscriptions {
  readonly folder: () => string;
  /** The extension's own folder, which does not exist before something is kept. */
  readonly storage: () => string;
  readonly transcription: (changes?: Partial<SpeechClientOptions>) => FileTranscription;
  /** The log of the test's run, on the disk. It is closed before it is opened once more, as when a process ends and another begins. */
  readonly openLog: (about?: AboutLog) => Promise<TranscriptLog>;
  /** What lies below the storage folder. */
  readonly names: (...parts: readonly string[]) => Promise<string[]>;
}

/** A new storage folder for every test, and transcriptions that end with it. */
export function fileTranscriptions(): FileTranscriptions {
  const folder = temporaryFolder();
  const storage = (): string => path.join(folder(), 'storage');
  const made: FileTranscription[] = [];
  let opened: TranscriptLog | undefined;

  afterEach(async () => {
    await opened?.close();
    opened = undefined;
    for (const one of made.splice(0)) await one.dispose();
  });

  return {
    folder,
    storage,
    transcription: (changes) => {
      const one = new FileTranscription(clientOptions(storage(), changes));
      made.push(one);
      return one;
    },
    openLog: async (about) => {
      await opened?.close();
      const store = new FileTranscriptStore(path.join(storage(), 'transcripts'));
      return (opened = (await store.open('run')) ?? (await store.begin('run', linesOf(openedAs(about)))));
    },
    names: async (...parts) => (await fs.readdir(path.join(storage(), ...parts)).catch(() => [])).sort(),
  };
}

/** What a run told. */
export interface Run {
  readonly events: TranscriptionEvent[];
  readonly chunks: Chunk[];
  /** What is in the log behind the run. */
  readonly transcript: Transcript;
  readonly segments: Transcript['segments'];
}

/** What a run is to do, and its log where that matters. */
export interface RunWishes extends Partial<TranscriptionWishes> {
  readonly log?: TranscriptLog;
}

/** Transcribes a file to its end. */
export async function run(
  by: FileTranscription,
  recording: Recording,
  endpoint: Endpoint,
  { log: given, ...changes }: RunWishes = {},
  signal = NEVER,
): Promise<Run> {
  const wishes: TranscriptionWishes = { job: 'meeting', ...changes };
  const { job, language, chineseScript } = wishes;
  const log = given ?? newLog(defined({ task: taskOf(job), language, chineseScript }));
  const events: TranscriptionEvent[] = [];
  for await (const event of by.transcribeFile(recording, endpoint, wishes, log, signal)) events.push(event);
  assert.equal(events.at(-1)?.kind, 'finished');
  const chunks = events.flatMap((event) => (event.kind === 'transcribed' ? [event.chunk] : []));
  const transcript = await log.transcript();
  return { events, chunks, transcript, segments: transcript.segments };
}

/** No segment starts before the one before it, and none ends behind the recording. */
export function assertRising(segments: readonly Segment[], totalS: number): void {
  let lastS = 0;
  for (const { startS, endS } of segments) {
    assert.ok(startS >= lastS && endS >= startS && endS <= totalS, JSON.stringify(segments));
    lastS = startS;
  }
}
