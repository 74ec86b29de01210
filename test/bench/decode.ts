import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { NEVER } from '../../src/core/async/never';
import { samplesToSeconds } from '../../src/core/audio/pcm';
import { FileAudioPreparer } from '../../src/node/audio/audioPreparer';
import { openRecording } from '../../src/node/audio/openRecording';
import { findProgram } from '../host/systemPrograms';
import { jfkWav } from '../speech';
import { median, type BenchOptions, type BenchReport, type Goal } from './report';

const run = promisify(execFile);

const LENGTH_S = 600;
const QUICK_LENGTH_S = 60;
const ROUNDS = 3;
/** Times real time, for each format. */
const SPEED_GOAL = 100;

/** Stereo at 48 kHz, as meetings are kept. */
const FORMATS: readonly (readonly [name: string, ...codec: readonly string[]])[] = [
  ['talk.wav', '-c:a', 'pcm_s16le'],
  ['talk.mp3', '-b:a', '128k'],
  ['talk.flac', '-c:a', 'flac'],
  ['talk.opus', '-c:a', 'libopus', '-b:a', '48k'],
  ['talk.ogg', '-c:a', 'libvorbis'],
  ['talk.webm', '-c:a', 'libopus', '-b:a', '48k'],
];

/** How fast one way is: seconds of audio in a second. */
interface Speed {
  readonly byProcessor: number;
  readonly byClock: number;
}

/**
 * How fast recordings become 16 kHz mono, with our own decoders and with ffmpeg, one after the other in each round. Needs ffmpeg, which
 * makes the recordings as well.
 */
export async function benchDecode({ isQuick }: BenchOptions): Promise<BenchReport> {
  const ffmpeg = findProgram('ffmpeg');
  if (ffmpeg === undefined) throw new Error('The benchmark of decoding needs ffmpeg.');
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'minutes-decode-'));
  const lengthS = isQuick ? QUICK_LENGTH_S : LENGTH_S;
  const table: string[][] = [['format', 'ours, CPU', 'ours, clock', 'ffmpeg, CPU', 'ffmpeg, clock']];
  const goals: Goal[] = [];
  try {
    for (const [name, ...codec] of FORMATS) {
      const file = path.join(folder, name);
      const talk = ['-stream_loop', '-1', '-i', jfkWav(), '-t', String(lengthS), '-ac', '2', '-ar', '48000'];
      await run(ffmpeg, ['-nostdin', '-v', 'error', '-y', ...talk, ...codec, file]);
      const [ours, peer]: [Speed[], Speed[]] = [[], []];
      for (let round = 0; round < ROUNDS; round++) {
        ours.push(await decodeHere(file, path.join(folder, 'work'), lengthS));
        peer.push(await decodeWithPeer(ffmpeg, file, path.join(folder, 'peer.pcm'), lengthS));
      }
      const speeds = [ours, peer].flatMap((speed) => [
        median(speed.map(({ byProcessor }) => byProcessor)),
        median(speed.map(({ byClock }) => byClock)),
      ]);
      table.push([name, ...speeds.map((speed) => speed.toFixed(0))]);
      const value = Math.round(speeds[0] ?? NaN);
      goals.push({ name: `decoding ${name}`, value, unit: 'times real time', goal: SPEED_GOAL, isAtLeast: true });
    }
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
  const remarks = [`${lengthS} s of stereo at 48 kHz to 16 kHz mono in a file; medians of ${ROUNDS} rounds.`];
  return { table, goals, remarks };
}

async function decodeHere(file: string, work: string, lengthS: number): Promise<Speed> {
  const recording = await openRecording(file);
  const preparer = new FileAudioPreparer(work, () => Promise.resolve(undefined));
  const started = { cpu: process.cpuUsage(), ms: performance.now() };
  let heardS = 0;
  for await (const event of preparer.prepare(recording, NEVER))
    if (event.kind === 'prepared') heardS = samplesToSeconds(event.audio.sampleCount);
  const { user, system } = process.cpuUsage(started.cpu);
  const ms = performance.now() - started.ms;
  if (Math.abs(heardS - lengthS) > 1) throw new Error(`${file} gave ${heardS} s.`);
  return { byProcessor: lengthS / ((user + system) / 1e6), byClock: lengthS / (ms / 1000) };
}

async function decodeWithPeer(ffmpeg: string, file: string, output: string, lengthS: number): Promise<Speed> {
  const args = ['-nostdin', '-benchmark', '-y', '-i', file, '-ac', '1', '-ar', '16000', '-f', 's16le', output];
  const { stderr } = await run(ffmpeg, args);
  const [, user = NaN, system = NaN, real = NaN] = (
    /utime=([\d.]+)s stime=([\d.]+)s rtime=([\d.]+)s/.exec(stderr) ?? []
  ).map(Number);
  return { byProcessor: lengthS / (user + system), byClock: lengthS / real };
}
