import { execFile } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { int16ToBytes, secondsToSamples } from '../../../src/core/audio/pcm';
import { wavHeader } from '../../../src/core/audio/wav';
import { findProgram } from '../../host/systemPrograms';
import { speechFolder } from '../../speech';
import { isMeeting } from '../engine/testFiles';
import { decodedWith } from '../upload/flacPeer';

const run = promisify(execFile);

/** Seconds between two recordings in the loop. */
const PAUSE_S = 1;

/** Readings and meetings of the speech folder behind each other, 16 kHz mono. */
export async function speechLoop(ffmpeg: string): Promise<Int16Array> {
  const { folder, manifest } = speechFolder();
  const parts: Int16Array[] = [];
  for (const file of manifest.filter((one) => isMeeting(one) || one.file.startsWith('lj/') || one.file === 'jfk.wav'))
    parts.push(await decodedWith(ffmpeg, path.join(folder, file.file)), new Int16Array(secondsToSamples(PAUSE_S)));
  const loop = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    loop.set(part, at);
    at += part.length;
  }
  return loop;
}

/** Writes a WAV of this length, the loop again and again. */
export async function writeLongWav(file: string, loop: Int16Array, lengthS: number): Promise<void> {
  const bytes = int16ToBytes(loop);
  const out = fs.createWriteStream(file);
  let leftBytes = secondsToSamples(lengthS) * Int16Array.BYTES_PER_ELEMENT;
  out.write(wavHeader(leftBytes));
  while (leftBytes > 0) {
    const some = bytes.subarray(0, leftBytes);
    leftBytes -= some.length;
    if (!out.write(some)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

/** The compressed formats: stereo at 48 kHz, as meetings are kept. */
export const COMPRESSED = {
  webm: ['-c:a', 'libopus', '-b:a', '32k'],
  flac: ['-c:a', 'flac'],
} as const satisfies Record<string, readonly string[]>;

/** The recording in another format beside it. @returns its file */
export async function compress(ffmpeg: string, wav: string, format: keyof typeof COMPRESSED): Promise<string> {
  const file = wav.replace(/wav$/, format);
  const stereo = ['-ac', '2', '-ar', '48000'];
  await run(ffmpeg, ['-nostdin', '-v', 'error', '-y', '-i', wav, ...stereo, ...COMPRESSED[format], file]);
  return file;
}

/** The system's ffmpeg. @throws Error where there is none */
export function needFfmpeg(): string {
  const ffmpeg = findProgram('ffmpeg');
  if (ffmpeg === undefined) throw new Error('The benchmark of long recordings needs ffmpeg.');
  return ffmpeg;
}
