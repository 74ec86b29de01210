import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { Chunk, Recording, Segment } from '../../../../src/core/model';
import type { TranscriptionEvent, TranscriptionWishes } from '../../../../src/core/transcription/fileTranscriber';
import type { Endpoint } from '../../../../src/core/endpoints/endpoint';
import { FileTranscription } from '../../../../src/node/speech/fileTranscription';
import type { SpeechClientOptions } from '../../../../src/node/speech/speechClient';
import { temporaryFolder } from '../temporaryFolder';
import { clientOptions } from './client';

/** How prepared audio lies in a file. */
export const PREPARED = { format: 'int16', rateHz: 16_000, channelCount: 1 } as const;

/** What the tests of {@link FileTranscription} work with. */
export interface FileTranscriptions {
  readonly folder: () => string;
  /** The extension's own folder, which does not exist before something is kept. */
  readonly storage: () => string;
  readonly transcription: (changes?: Partial<SpeechClientOptions>) => FileTranscription;
  /** What lies below the storage folder. */
  readonly names: (...parts: readonly string[]) => Promise<string[]>;
}

/** A new storage folder for every test, and transcriptions that end with it. */
export function fileTranscriptions(): FileTranscriptions {
  const folder = temporaryFolder();
  const storage = (): string => path.join(folder(), 'storage');
  const made: FileTranscription[] = [];

  afterEach(async () => {
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
    names: async (...parts) => (await fs.readdir(path.join(storage(), ...parts)).catch(() => [])).sort(),
  };
}

/** What a run told. */
export interface Run {
  readonly events: TranscriptionEvent[];
  readonly chunks: Chunk[];
  readonly segments: readonly Segment[];
}

/** Transcribes a file to its end. */
export async function run(
  by: FileTranscription,
  recording: Recording,
  endpoint: Endpoint,
  wishes: Partial<TranscriptionWishes> = {},
  signal = NEVER,
): Promise<Run> {
  const events: TranscriptionEvent[] = [];
  for await (const event of by.transcribeFile(recording, endpoint, { job: 'meeting', ...wishes }, signal))
    events.push(event);
  const last = events.at(-1);
  assert.equal(last?.kind, 'finished');
  const chunks = events.flatMap((event) => (event.kind === 'transcribed' ? [event.chunk] : []));
  return { events, chunks, segments: last.transcript.segments };
}

/** No segment starts before the one before it, and none ends behind the recording. */
export function assertRising(segments: readonly Segment[], totalS: number): void {
  let lastS = 0;
  for (const { startS, endS } of segments) {
    assert.ok(startS >= lastS && endS >= startS && endS <= totalS, JSON.stringify(segments));
    lastS = startS;
  }
}
