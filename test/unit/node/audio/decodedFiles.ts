import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { NEVER } from '../../../../src/core/async/never';
import type { PreparationEvent } from '../../../../src/core/audio/preparation';
import type { PreparedAudio, Recording } from '../../../../src/core/model';
import { FileAudioPreparer } from '../../../../src/node/audio/audioPreparer';
import type { SoundBlock, SoundTrack } from '../../../../src/node/audio/decoders/soundTrack';
import { openRecording } from '../../../../src/node/audio/openRecording';
import { prepareWithFfmpeg } from '../../../../src/node/audio/prepareWithFfmpeg';
import { findProgram } from '../../../../src/node/system/findProgram';
import { seededRandom } from '../../core/random';
import { skipWithReason } from '../../../speech';
import { temporaryFolder } from '../temporaryFolder';

const run = promisify(execFile);

/** Who decodes: Minutes alone, or ffmpeg. */
export type Way = 'alone' | 'ffmpeg';

/** What tests of decoders work with: a folder, and an ffmpeg that makes files and decodes them for comparison. */
export interface DecodedFiles {
  readonly file: (name: string) => string;
  readonly ffmpeg: () => string;
  /** Makes a file with these arguments of ffmpeg's; skips the test where this ffmpeg has no such encoder. */
  readonly make: (context: Mocha.Context, name: string, ...args: readonly string[]) => Promise<Recording>;
  /** Prepares a file; where Minutes is alone, there is no ffmpeg for it. */
  readonly prepare: (name: string, way: Way, signal?: AbortSignal) => Promise<PreparedAudio>;
  /** What ffmpeg makes of a file: 32-bit samples at its own rate, all channels' means. */
  readonly ffmpegMono: (name: string, ...input: readonly string[]) => Promise<Float32Array>;
}

/** To be called in a suite. Its tests are skipped where there is no ffmpeg. */
export function decodedFiles(): DecodedFiles {
  const folder = temporaryFolder();
  let ffmpeg = '';
  before(async function () {
    const found = await findProgram('ffmpeg');
    if (found === undefined) skipWithReason(this, 'there is no ffmpeg');
    ffmpeg = found;
  });
  const file = (name: string): string => path.join(folder(), name);

  async function make(context: Mocha.Context, name: string, ...args: readonly string[]): Promise<Recording> {
    await makeWithFfmpeg(context, file(name), ...args);
    return openRecording(file(name));
  }

  async function prepare(name: string, way: Way, signal = NEVER): Promise<PreparedAudio> {
    const recording = await openRecording(file(name));
    const alone = new FileAudioPreparer(file('work'), () => Promise.resolve(undefined));
    const events =
      way === 'alone' ? alone.prepare(recording, signal) : prepareWithFfmpeg(ffmpeg, recording, file('work'), signal);
    let last: PreparationEvent | undefined;
    for await (const event of events) last = event;
    assert.equal(last?.kind, 'prepared');
    return last.audio;
  }

  async function ffmpegMono(name: string, ...input: readonly string[]): Promise<Float32Array> {
    const args = ['-nostdin', '-v', 'quiet', ...input, '-i', file(name), '-map', '0:a:0'];
    const { stderr } = await run(ffmpeg, ['-hide_banner', '-nostdin', '-i', file(name), '-t', '0', '-f', 'null', '-']);
    const channels = /Audio:.*?, (mono|stereo)/.exec(stderr)?.[1] === 'stereo' ? 2 : 1;
    await run(ffmpeg, [...args, '-c:a', 'pcm_f32le', '-f', 'f32le', '-y', file('native.f32')]);
    const bytes = await fs.readFile(file('native.f32'));
    const samples = new Float32Array(bytes.length / 4).map((_, i) => bytes.readFloatLE(4 * i));
    if (channels === 1) return samples;
    return new Float32Array(samples.length / 2).map((_, i) => ((samples[2 * i] ?? 0) + (samples[2 * i + 1] ?? 0)) / 2);
  }

  return { file, ffmpeg: () => ffmpeg, make, prepare, ffmpegMono };
}

/** Makes a file with these arguments of ffmpeg's; skips the test where there is no ffmpeg, or this one has no such encoder. */
export async function makeWithFfmpeg(context: Mocha.Context, file: string, ...args: readonly string[]): Promise<void> {
  const ffmpeg = await findProgram('ffmpeg');
  if (ffmpeg === undefined) skipWithReason(context, 'there is no ffmpeg');
  try {
    await run(ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args, file]);
  } catch (error) {
    const isUnknown = /unknown encoder|encoder not found/i.test(String(error));
    if (isUnknown) skipWithReason(context, `this ffmpeg makes no ${path.basename(file)}`);
    throw error;
  }
}

/** All sound of a track, its channels' means. */
export async function monoOf(blocks: AsyncIterable<SoundBlock>): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for await (const { channels } of blocks) {
    const [first = new Float32Array(0)] = channels;
    parts.push(first.map((_, i) => channels.reduce((sum, samples) => sum + (samples[i] ?? 0), 0) / channels.length));
  }
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Bytes as a reader gives them, in blocks of any size, one of them empty. */
export async function* inBlocks(bytes: Uint8Array, seed: number): AsyncGenerator<Uint8Array> {
  const random = seededRandom(seed);
  const most = [1, 50, 3000, 70_000, bytes.length][seed % 5] ?? 1;
  yield new Uint8Array(0);
  for (let at = 0; at < bytes.length;) {
    const length = 1 + Math.floor(random() * most);
    yield await Promise.resolve(bytes.subarray(at, at + length));
    at += length;
  }
}

/** Decodes the same bytes in several splits and finds the same samples, the same clock and the same facts. */
export async function assertSplitsAgree(
  bytes: Uint8Array,
  open: (blocks: AsyncIterable<Uint8Array>) => SoundTrack,
  seeds: readonly number[] = [4, 1, 2, 3],
): Promise<void> {
  const seen = new Set<string>();
  for (const seed of seeds) {
    const track = open(inBlocks(bytes, seed));
    const samples = await monoOf(track.blocks);
    assert.ok(samples.length > 0);
    seen.add(JSON.stringify([samples.length, hash(samples), track.facts()]));
  }
  assert.equal(seen.size, 1, [...seen].join('\n'));
}

function hash(samples: Float32Array): number {
  return new Uint32Array(samples.buffer).reduce((sum, bits) => Math.imul(sum ^ bits, 16_777_619) >>> 0, 1);
}

/** How far the difference of two sounds lies below the second, in dB. */
export function decibelsBelow(ours: Float32Array, theirs: Float32Array): number {
  let [signal, difference] = [0, 1e-20];
  for (const [i, value] of theirs.entries()) {
    signal += value ** 2;
    difference += (value - (ours[i] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / difference);
}

/** Flips bits here and there, behind the first bytes. */
export function withFlips(bytes: Uint8Array, count: number, seed: number, from = 200): Uint8Array {
  const random = seededRandom(seed);
  const out = Uint8Array.from(bytes);
  for (let i = 0; i < count; i++) {
    const at = from + Math.floor(random() * (out.length - from));
    out[at] = (out[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  }
  return out;
}
