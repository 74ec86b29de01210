import fs from 'node:fs/promises';
import path from 'node:path';
import { int16ToBytes } from '../../../../src/core/audio/pcm';
import { SAMPLE_RATE_HZ } from '../../../../src/core/model';
import type { RecordingTarget, RecordingWriter } from '../../../../src/core/capture/recordings';
import { FileRecordingStore } from '../../../../src/node/recordings/recordingStore';
import { sidecarFile } from '../../../../src/node/recordings/sidecar';
import { distinctNoise } from '../distinctNoise';
import { startRecordingProcess, type RecordingProcess } from './recordingProcess';
import { temporaryFolder } from '../temporaryFolder';

/** How long a recording's header is. */
export const HEADER_BYTES = 44;
/** Two kinds of recordings. */
export const MEETING: RecordingTarget = { kind: 'meeting', note: 'file:///notes/Weekly%20sync.md' };
export const DICTATION: RecordingTarget = { kind: 'dictation' };
/** A second of sound in which every sample is another. */
export const samples = distinctNoise(SAMPLE_RATE_HZ);
export const pcm = int16ToBytes(samples);
/** How recordings are written. */
export const FORMAT = { format: 'int16', rateHz: SAMPLE_RATE_HZ, channelCount: 1 } as const;

/** What the tests of {@link FileRecordingStore} work with. */
export interface RecordingStores {
  readonly folder: () => string;
  /** Where the store keeps its sidecars. */
  readonly sidecars: () => string;
  /** Where the recordings lie. */
  readonly notes: () => string;
  /** The store, as another window has it. */
  readonly store: () => FileRecordingStore;
  /** What is finished when the test ends. */
  readonly writers: RecordingWriter[];
  /** Begins to record. */
  readonly create: (name?: string, where?: string) => Promise<RecordingWriter>;
  /** Another process that records. */
  readonly another: () => Promise<RecordingProcess>;
  /** A recording of a process that is no more. */
  readonly abandoned: (audio: Uint8Array, state?: 'recording' | 'finished') => Promise<string>;
  /** Writes a sidecar of such a process, with these facts in place of the usual. */
  readonly sidecarOf: (file: string, facts?: Readonly<Record<string, unknown>>) => Promise<string>;
}

/** A new folder for every test; what records there ends with the test. */
export function recordingStores(): RecordingStores {
  const folder = temporaryFolder();
  const sidecars = (): string => path.join(folder(), 'storage', 'recordings');
  const notes = (): string => path.join(folder(), 'notes');
  const store = (): FileRecordingStore => new FileRecordingStore(sidecars());
  const others: RecordingProcess[] = [];
  const writers: RecordingWriter[] = [];

  afterEach(async () => {
    await Promise.all(others.splice(0).map((other) => other.kill()));
    await Promise.all(writers.splice(0).map((writer) => writer.finish().catch(() => undefined)));
  });

  async function create(name = 'Weekly sync', where = notes()): Promise<RecordingWriter> {
    const writer = await store().create(where, name, MEETING);
    writers.push(writer);
    return writer;
  }

  async function another(): Promise<RecordingProcess> {
    const other = await startRecordingProcess({ store: sidecars(), folder: notes() });
    others.push(other);
    return other;
  }

  async function abandoned(audio: Uint8Array, state: 'recording' | 'finished' = 'recording'): Promise<string> {
    await fs.mkdir(notes(), { recursive: true });
    await fs.mkdir(sidecars(), { recursive: true });
    const file = path.join(notes(), 'Abandoned.wav');
    await fs.writeFile(file, audio);
    await sidecarOf(file, { state });
    return file;
  }

  async function sidecarOf(file: string, facts: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const sidecar = { version: 1, path: file, startedMs: 1_700_000_000_000, processId: 2 ** 30, target: DICTATION };
    const place = sidecarFile(sidecars(), file);
    await fs.writeFile(place, JSON.stringify({ ...sidecar, state: 'recording', ...facts }));
    return place;
  }

  return { folder, sidecars, notes, store, writers, create, another, abandoned, sidecarOf };
}
