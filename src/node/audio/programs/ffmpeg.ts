import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { MinutesError } from '../../../core/errors';
import type { Recording } from '../../../core/model';
import { errnoOf } from '../../system/fileProblems';
import { endWith } from './endWith';
import { parseFfmpegFacts, type FfmpegFacts } from './ffmpegFacts';

/** How many of ffmpeg's last error lines are kept; it names the cause last. */
const KEPT_LINES = 20;
/**
 * Lines that show damage: errors, and the warning about an MP3 that is shorter than its own header says. A cut between two frames gives
 * no error.
 */
const COMPLAINT = /\[(error|fatal|panic)\]|filesize and duration do not match/;

/** A decoding under way. */
export interface Decoding {
  /** A WAV of 16 kHz 16-bit samples in all channels of the track, its sizes left open. */
  readonly wav: AsyncIterable<Uint8Array>;
  /** Whether ffmpeg met damage. To be called after the last block. */
  readonly isDamaged: () => boolean;
}

/** Which track of a recording is decoded, and how. */
export interface DecodingWishes {
  /** Counts the audio tracks from 0. */
  readonly track: number;
  /**
   * Whether samples lie where the file's own times say: audio that begins later than the video, pauses and damage become silence. The
   * times behind them would be too early otherwise.
   */
  readonly keepsClock: boolean;
}

/** ffmpeg reads local files only, so that a playlist that is named like a recording fetches nothing from the network. */
const input = (recording: Recording): string[] => [
  '-nostdin',
  '-protocol_whitelist',
  'file,pipe',
  '-i',
  `file:${recording.path}`,
];

/** Asks a system ffmpeg what is in a recording. A file that it cannot read has no track. */
export async function probeWithFfmpeg(ffmpeg: string, recording: Recording, signal: AbortSignal): Promise<FfmpegFacts> {
  signal.throwIfAborted();
  // Without an output ffmpeg tells of its input and ends with a complaint.
  const child = spawn(ffmpeg, ['-hide_banner', ...input(recording)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
  });
  const ending = endWith(child, signal);
  const said: string[] = [];
  try {
    for await (const line of readline.createInterface({ input: child.stderr })) said.push(line);
    await ending.ended;
    signal.throwIfAborted();
  } finally {
    await ending.end();
  }
  return parseFfmpegFacts(said.join('\n'));
}

/**
 * Decodes an audio track of a recording with a system ffmpeg. ffmpeg reads the file itself, since an m4a keeps its index at its end.
 *
 * @throws MinutesError while reading: `notAudio` or `noAudioTrack` where ffmpeg gave no samples
 */
export function decodeWithFfmpeg(
  ffmpeg: string,
  recording: Recording,
  { track, keepsClock }: DecodingWishes,
  signal: AbortSignal,
): Decoding {
  let isDamaged = false;
  async function* wav(): AsyncGenerator<Uint8Array> {
    signal.throwIfAborted();
    const clock = keepsClock ? ':async=1:first_pts=0' : '';
    const output = [
      '-map',
      `0:a:${track}`,
      '-af',
      `aresample=16000${clock}`,
      '-c:a',
      'pcm_s16le',
      '-f',
      'wav',
      'pipe:1',
    ];
    const child = spawn(ffmpeg, ['-v', 'level+warning', ...input(recording), ...output], {
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const said: string[] = [];
    readline.createInterface({ input: child.stderr }).on('line', (line) => {
      if (COMPLAINT.test(line) && said.push(line) > KEPT_LINES) said.shift();
    });
    const ending = endWith(child, signal);
    let byteCount = 0;
    try {
      for await (const block of child.stdout as AsyncIterable<Uint8Array>) {
        byteCount += block.length;
        yield block;
      }
      const end = await ending.ended;
      signal.throwIfAborted();
      isDamaged = end !== 0 || said.length > 0;
      if (byteCount <= EMPTY_WAV_BYTES) throw nothingCame(recording, end, said);
    } finally {
      await ending.end();
    }
  }
  return { wav: wav(), isDamaged: () => isDamaged };
}

/** No more than a header: ffmpeg writes one also where it decodes nothing. */
const EMPTY_WAV_BYTES = 200;

function nothingCame(recording: Recording, end: number | Error, said: readonly string[]): MinutesError {
  const file = recording.name;
  if (end instanceof Error) {
    return errnoOf(end) === 'ENOENT'
      ? new MinutesError({ code: 'ffmpegMissing', file }, { cause: end })
      : new MinutesError({ code: 'notAudio', file, reason: end.message }, { cause: end });
  }
  if (/matches no streams|does not contain any stream/i.test(said.join('\n')))
    return new MinutesError({ code: 'noAudioTrack', file });
  const reason = (said.at(-1) ?? '').replace(/^(\[[^\]]*\] *)+/, '').replace(`file:${recording.path}`, file);
  return new MinutesError({ code: 'notAudio', file, reason });
}
