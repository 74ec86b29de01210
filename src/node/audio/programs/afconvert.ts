import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import readline from 'node:readline';
import { MinutesError } from '../../../core/errors';
import type { Recording } from '../../../core/model';
import { endWith } from './endWith';

/** How many of its lines are kept. It says one. */
const KEPT_LINES = 20;
/** macOS' name for a full disk (`dskFulErr` in MacErrors.h), and the system's words for it. */
const DISK_FULL = /\(-34\)|no space left/i;

/**
 * Converts the first audio track of a recording into a CAF file of 16 kHz 16-bit samples in all its channels. Where that fails, nothing of
 * the file is left.
 *
 * @param output the file to be made
 * @throws MinutesError `ffmpegMissing` where afconvert cannot read the recording, `diskFull`
 */
export async function convertWithAfconvert(
  afconvert: string,
  recording: Recording,
  output: string,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  await fs.mkdir(path.dirname(output), { recursive: true });
  let isDone = false;
  try {
    const args = ['-f', 'caff', '-d', 'LEI16@16000', recording.path, output];
    const child = spawn(afconvert, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const ending = endWith(child, signal);
    const said: string[] = [];
    try {
      for await (const line of readline.createInterface({ input: child.stderr })) {
        if (said.push(line) > KEPT_LINES) said.shift();
      }
      const end = await ending.ended;
      signal.throwIfAborted();
      isDone = end === 0;
      if (!isDone) throw failure(recording, output, end, said.join('\n'));
    } finally {
      await ending.end();
    }
  } finally {
    if (!isDone) await fs.rm(output, { force: true });
  }
}

/** It tells most failures by four letters, as "failed ('typ?')" for a file of a type that macOS does not know. */
function failure(recording: Recording, output: string, end: number | Error, said: string): MinutesError {
  if (DISK_FULL.test(said)) return new MinutesError({ code: 'diskFull', path: path.dirname(output) });
  const cause = end instanceof Error ? end : new Error(`afconvert ended with ${end}: ${said}`);
  return new MinutesError({ code: 'ffmpegMissing', file: recording.name }, { cause });
}
