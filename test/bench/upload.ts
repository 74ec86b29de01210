import path from 'node:path';
import { flacParts } from '../../src/core/audio/flac';
import { BYTES_PER_SAMPLE, samplesToSeconds } from '../../src/core/audio/pcm';
import { MAXIMUM_CHUNK_S } from '../../src/core/audio/planChunks';
import { WAV_HEADER_BYTES } from '../../src/core/audio/wav';
import { findProgram } from '../host/systemPrograms';
import { speechFolder, type SpeechFile } from '../speech';
import { isSpeech } from './engine/testFiles';
import type { BenchOptions, BenchReport } from './report';
import { chunksIn, decodedWith, peerFlac } from './upload/flacPeer';

const SIZE_GOAL = 1.08;
const TIME_GOAL_MS = 60;
/** With `--quick`, one in so many recordings. */
const QUICK = 16;

/** Sums over chunks. */
interface Sums {
  chunks: number;
  seconds: number;
  wavBytes: number;
  flacBytes: number;
  peerBytes: number;
  /** Time of the processor, which a busy machine changes little. */
  encodedMs: number;
}

/**
 * How large the uploads of the speech folder are, cut as they are sent: as WAV, as FLAC of ours, as FLAC of ffmpeg's level 5. Needs
 * ffmpeg, and takes MINUTES_TEST_SPEECH.
 */
export async function benchUpload({ isQuick }: BenchOptions): Promise<BenchReport> {
  const ffmpeg = findProgram('ffmpeg');
  if (ffmpeg === undefined) throw new Error('The benchmark of uploads needs ffmpeg.');
  const { folder, manifest } = speechFolder();
  const kinds = new Map<string, Sums>();
  const speech = newSums();
  for (const file of manifest.filter((_, i) => !isQuick || i % QUICK === 0)) {
    const measured = await measure(ffmpeg, path.join(folder, file.file));
    add(sumsOf(kinds, file), measured);
    if (isSpeech(file)) add(speech, measured);
  }
  const rows = [...kinds].filter(([, { chunks }]) => chunks > 0).map(([kind, sums]) => row(kind, sums));
  return {
    table: [
      ['recordings', 'chunks', 'seconds', 'WAV KB', 'FLAC KB', 'ffmpeg KB', 'of WAV', 'of ffmpeg', 'CPU ms for 30 s'],
      ...rows,
      row('all speech', speech),
    ],
    goals: [
      {
        name: 'upload: bytes against ffmpeg level 5, speech',
        value: rounded(sizeRatio(speech)),
        unit: 'times',
        goal: SIZE_GOAL,
      },
      { name: 'upload: bytes against WAV, speech', value: rounded(speech.flacBytes / speech.wavBytes), unit: 'times' },
      {
        name: 'upload: time of the processor to encode 30 s',
        value: rounded(timeMs(speech)),
        unit: 'ms',
        goal: TIME_GOAL_MS,
      },
    ],
    remarks: [
      'Chunks as planChunks cuts them. Clips without speech are sent only where the detector takes them for speech.',
    ],
  };
}

function newSums(): Sums {
  return { chunks: 0, seconds: 0, wavBytes: 0, flacBytes: 0, peerBytes: 0, encodedMs: 0 };
}

function sumsOf(kinds: Map<string, Sums>, { kind }: SpeechFile): Sums {
  const sums = kinds.get(kind) ?? newSums();
  kinds.set(kind, sums);
  return sums;
}

function add(to: Sums, more: Sums): void {
  for (const key of Object.keys(to) as (keyof Sums)[]) to[key] += more[key];
}

async function measure(ffmpeg: string, file: string): Promise<Sums> {
  const sums = newSums();
  for (const samples of await chunksIn(await decodedWith(ffmpeg, file))) {
    const started = process.cpuUsage();
    for (const part of flacParts(samples)) sums.flacBytes += part.length;
    const used = process.cpuUsage(started);
    sums.encodedMs += (used.user + used.system) / 1000;
    sums.chunks++;
    sums.seconds += samplesToSeconds(samples.length);
    sums.wavBytes += WAV_HEADER_BYTES + samples.length * BYTES_PER_SAMPLE;
    sums.peerBytes += (await peerFlac(ffmpeg, samples)).length;
  }
  return sums;
}

function row(kind: string, sums: Sums): string[] {
  const kilobytes = [sums.wavBytes, sums.flacBytes, sums.peerBytes].map((bytes) => (bytes / 1000).toFixed(0));
  const shares = [sums.flacBytes / sums.wavBytes, sizeRatio(sums)].map((share) => share.toFixed(3));
  return [kind, String(sums.chunks), sums.seconds.toFixed(0), ...kilobytes, ...shares, timeMs(sums).toFixed(0)];
}

function sizeRatio({ flacBytes, peerBytes }: Sums): number {
  return flacBytes / peerBytes;
}

function timeMs({ encodedMs, seconds }: Sums): number {
  return (encodedMs / seconds) * MAXIMUM_CHUNK_S;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
