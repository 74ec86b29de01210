import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { MinutesError } from '../../core/errors';
import type { Recording } from '../../core/model';
import { errnoOf } from '../system/fileProblems';

/** How many of ffmpeg's last error lines are kept; it names the cause last. */
const KEPT_LINES = 20;
/**
 * Lines that show damage: errors, and the warning about an MP3 that is shorter than its own header says. A cut between two frames gives
 * no error.
 */
const COMPLAINT = /\[(error|fatal|panic)\]|filesize and duration do not match/;

/** A decoding under way. */
export interface Decoding {
  /** 16 kHz mono signed 16-bit little-endian samples. Blocks may end inside a sample. */
  readonly pcm: AsyncIterable<Uint8Array>;
  /** Whether ffmpeg met damage. To be called after the last block. */
  readonly isDamaged: () => boolean;
}

/**
 * Decodes a recording's first audio track with a system ffmpeg. ffmpeg reads the file itself, since an m4a keeps its index at its end. It
 * may open local files only, so that a playlist that is named like a recording fetches nothing from the network.
 *
 * @throws MinutesError while reading: `notAudio` or `noAudioTrack` where ffmpeg gave no samples
 */
export function decodeWithFfmpeg(ffmpeg: string, recording: Recording, signal: AbortSignal): Decoding {
  let isDamaged = false;
  async function* pcm(): AsyncGenerator<Uint8Array> {
    signal.throwIfAborted();
    const child = spawn(
      ffmpeg,
      [
        '-nostdin',
        '-v',
        'level+warning',
        '-protocol_whitelist',
        'file,pipe',
        '-i',
        `file:${recording.path}`,
        '-map',
        '0:a:0',
        '-ac',
        '1',
        '-ar',
        '16000',
        '-f',
        's16le',
        'pipe:1',
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true },
    );
    const said: string[] = [];
    readline.createInterface({ input: child.stderr }).on('line', (line) => {
      if (COMPLAINT.test(line) && said.push(line) > KEPT_LINES) said.shift();
    });
    const ended = new Promise<number | Error>((resolve) => {
      child.once('error', resolve);
      child.once('close', (code) => {
        resolve(code ?? -1);
      });
    });
    const stop = (): void => {
      child.kill('SIGKILL');
    };
    signal.addEventListener('abort', stop, { once: true });
    let hasOutput = false;
    try {
      for await (const block of child.stdout) {
        hasOutput = true;
        yield block as Uint8Array;
      }
      const end = await ended;
      signal.throwIfAborted();
      isDamaged = end !== 0 || said.length > 0;
      if (!hasOutput) throw nothingCame(recording, end, said);
    } finally {
      signal.removeEventListener('abort', stop);
      if (child.exitCode === null) stop();
      await ended;
    }
  }
  return { pcm: pcm(), isDamaged: () => isDamaged };
}

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
