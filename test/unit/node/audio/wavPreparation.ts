import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { PreparedAudio, Recording } from '../../../../src/core/model';
import type { PreparationEvent } from '../../../../src/core/audio/preparation';
import { FileAudioPreparer } from '../../../../src/node/audio/audioPreparer';
import { FileSampleReader } from '../../../../src/node/audio/fileSampleReader';
import { openRecording } from '../../../../src/node/audio/openRecording';
import { temporaryFolder } from '../temporaryFolder';
import { tone, wavFile, type WavSpec } from '../wavFile';

const noFfmpeg = (): Promise<undefined> => Promise.resolve(undefined);

/** What the tests of {@link FileAudioPreparer} work with. */
export interface WavPreparation {
  /** Where it may write. */
  readonly work: () => string;
  /** A file of this name with these bytes. */
  readonly put: (name: string, bytes: Uint8Array) => Promise<Recording>;
  /** One that finds no ffmpeg. */
  readonly preparer: () => FileAudioPreparer;
  readonly events: (recording: Recording, signal?: AbortSignal) => Promise<PreparationEvent[]>;
  readonly prepare: (recording: Recording) => Promise<PreparedAudio>;
  /** Makes a file of this kind and gives what is prepared of it, as samples in [-1, 1). */
  readonly preparedSamples: (spec: WavSpec) => Promise<{ audio: PreparedAudio; samples: number[] }>;
}

/** A new folder for every test, and preparers that work there without ffmpeg. */
export function wavPreparation(): WavPreparation {
  const folder = temporaryFolder();
  const work = (): string => path.join(folder(), 'work');
  const preparer = (): FileAudioPreparer => new FileAudioPreparer(work(), noFfmpeg);

  async function put(name: string, bytes: Uint8Array): Promise<Recording> {
    await fs.writeFile(path.join(folder(), name), bytes);
    return openRecording(path.join(folder(), name));
  }

  async function events(recording: Recording, signal = NEVER): Promise<PreparationEvent[]> {
    const kept: PreparationEvent[] = [];
    for await (const event of preparer().prepare(recording, signal)) kept.push(event);
    return kept;
  }

  async function prepare(recording: Recording): Promise<PreparedAudio> {
    const last = (await events(recording)).at(-1);
    assert.equal(last?.kind, 'prepared');
    return last.audio;
  }

  async function preparedSamples(spec: WavSpec): Promise<{ audio: PreparedAudio; samples: number[] }> {
    const audio = await prepare(await put('in.wav', wavFile(spec)));
    const samples = await readSamples(audio);
    assert.equal(samples.length, audio.sampleCount);
    return { audio, samples };
  }

  return { work, put, preparer, events, prepare, preparedSamples };
}

/** Compares with a 440 Hz tone of this amplitude, but for the resampler's slope at both ends. */
export function assertTone(samples: readonly number[], amplitude: number, tolerance: number): void {
  const expected = tone(440, 16_000, amplitude);
  const edge = 400;
  let worst = 0;
  for (let at = edge; at < samples.length - edge; at++) {
    worst = Math.max(worst, Math.abs((samples[at] ?? NaN) - expected(at)));
  }
  assert.ok(worst < tolerance, `the worst sample is ${worst} off`);
}

async function readSamples(audio: PreparedAudio): Promise<number[]> {
  const samples: number[] = [];
  for await (const block of new FileSampleReader().read(audio, NEVER)) for (const s of block) samples.push(s / 32_768);
  return samples;
}
