import { readAiff } from './aiffFile';
import { readCaf } from './cafFile';
import { latin1, type PcmFileFound } from './pcmFile';
import type { RandomBytes } from './randomBytes';
import { readRiff } from './riffFile';

const HEAD_BYTES = 32;

/** Looks for plain samples in a file: WAV in all its forms (RIFF, RIFX, RF64, BW64), AIFF, AIFC, CAF. */
export async function readPcmFile(file: RandomBytes): Promise<PcmFileFound> {
  const start = await startOf(file);
  const head = latin1(await file.read(start, 12));
  if (/^(RIFF|RIFX|RF64|BW64)/.test(head)) return readRiff(file, start);
  if (/^FORM....AIF[FC]$/s.test(head)) return readAiff(file, start);
  if (head.startsWith('caff')) return readCaf(file, start);
  return { kind: 'other' };
}

/** Where the format begins: behind an ID3 tag (ID3v2.4, section 3.1), or behind a line break that a transfer left there. */
async function startOf(file: RandomBytes): Promise<number> {
  const head = await file.read(0, HEAD_BYTES);
  if (latin1(head).startsWith('ID3')) {
    const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + ((head[at] ?? 0) & 0x7f), 0);
    return 10 + size;
  }
  const blanks = /^[\r\n\0 ]*(?=RIFF|RF64|FORM|caff)/.exec(latin1(head));
  return blanks ? blanks[0].length : 0;
}
