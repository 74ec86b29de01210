import { silence, type SoundBlock } from './soundTrack';

/**
 * So much may a block's own time differ from where the sound before it ends: Matroska's times are whole milliseconds, and packets last
 * 20 ms mostly. A longer difference is a pause or a loss.
 */
const TOLERANCE_S = 0.03;

/** A clock that goes back so far has begun anew, as in files that were joined. Damaged packets give less too much sound. */
const RESTART_S = 5;

/** The file's own times are absurd. */
export class AbsurdClockError extends Error {
  override readonly name = 'AbsurdClockError';
}

/**
 * Puts sound where the file's own clock says: pauses and losses become silence, and what lies before zero, or where sound is already, is
 * left out. A clock that begins anew goes on where the sound is.
 *
 * @param limitS a clock that goes further is absurd
 * @throws AbsurdClockError
 */
export async function* onClock(blocks: AsyncIterable<SoundBlock>, limitS: number): AsyncGenerator<SoundBlock> {
  let atS: number | undefined;
  let shiftS = 0;
  for await (const block of blocks) {
    const { rateHz, channels } = block;
    const length = channels[0]?.length ?? 0;
    let startS = block.startS === undefined ? (atS ?? 0) : block.startS + shiftS;
    if (atS !== undefined && atS - startS > RESTART_S) {
      shiftS += atS - startS;
      startS = atS;
    }
    let skip = 0;
    if (startS > limitS) throw new AbsurdClockError();
    if (atS === undefined || startS - atS > TOLERANCE_S) {
      const fromS = Math.max(0, atS ?? 0);
      const missing = Math.round((startS - fromS) * rateHz);
      yield* silence(rateHz, channels.length, missing);
      atS = startS;
      if (startS < 0) skip = Math.min(length, Math.round(-startS * rateHz));
    } else if (atS < 0) {
      skip = Math.min(length, Math.round(-atS * rateHz));
    } else if (atS - startS > TOLERANCE_S) {
      skip = Math.min(length, Math.round((atS - startS) * rateHz));
      atS -= skip / rateHz;
    }
    atS += length / rateHz;
    if (skip < length) yield { rateHz, channels: skip === 0 ? channels : channels.map((one) => one.subarray(skip)) };
  }
}
