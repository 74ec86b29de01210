import { setImmediate as nextTurn } from 'node:timers/promises';
import { flacParts } from '../../core/audio/flac';
import { bytesToInt16 } from '../../core/audio/pcm';
import type { Chunk, PreparedAudio } from '../../core/model';
import { readSamples } from './readSamples';

/** How many frames are encoded before others have a turn: 16 frames hold a second of audio, and take 1 to 2 ms. */
const FRAMES_A_TURN = 16;

/**
 * A chunk of prepared audio as a FLAC file with the same samples. It is made in memory, which holds a chunk of 30 s twice for a moment:
 * 2 MB.
 *
 * @throws MinutesError `fileUnreadable`, also where the file is shorter than it was
 */
export async function flacOf(audio: PreparedAudio, chunk: Chunk, signal: AbortSignal): Promise<Uint8Array> {
  const blocks: Uint8Array[] = [];
  for await (const block of readSamples(audio, chunk, signal)) blocks.push(block);
  const bytes = Buffer.concat(blocks);
  const parts: Uint8Array[] = [];
  for (const part of flacParts(bytesToInt16(bytes))) {
    parts.push(part);
    if (parts.length % FRAMES_A_TURN !== 0) continue;
    await nextTurn();
    signal.throwIfAborted();
  }
  return Buffer.concat(parts);
}
