import type { Chunk } from '../model';
import { secondsToSamples } from './pcm';
import { FRAME_SAMPLES, SpeechDetector, type Frame } from './speechDetector';

/**
 * A chunk is cut after at most 28 s. Whisper's window is 30 s, and a prompt acts on a request's first window only; the other 2 s are
 * room for a short last chunk that is joined to this one. The embedded engine would cut longer requests by itself and give the prompt
 * to every window. It gets short requests all the same: they show progress, a crash loses little, and a dictation need not wait for a
 * whole meeting.
 * Exported so that tests name the limit and not the number.
 */
export const MAXIMUM_CUT_S = 28;
/** No request is longer than Whisper's window. Exported so that tests name the limit and not the number. */
export const MAXIMUM_CHUNK_S = 30;
/** Shorter requests make recognisers invent text: a last chunk of 0.17 s gave 113 words. Exported so that tests name the limit and not the number. */
export const MINIMUM_CHUNK_S = 1;
/** A silence at least this long is left out of every request, except for its edges. Exported so that tests name the limit and not the number. */
export const LONG_SILENCE_S = 3;
/** How much of a silence stays before and behind speech: soft beginnings and ends of words lie below the detector's margin. */
const EDGE_S = 0.3;
/** A pause is at least this long; shorter gaps lie inside words. */
const PAUSE_S = 0.2;

const frames = (seconds: number): number => Math.round(secondsToSamples(seconds) / FRAME_SAMPLES);
const MAXIMUM_CUT = frames(MAXIMUM_CUT_S);
const MAXIMUM_CHUNK = frames(MAXIMUM_CHUNK_S);
const MINIMUM_CHUNK = frames(MINIMUM_CHUNK_S);
const LONG_SILENCE = frames(LONG_SILENCE_S);
const EDGE = frames(EDGE_S);
const PAUSE = frames(PAUSE_S);

/** A stretch of frames, `[start, end)`. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts audio into chunks while it is being read, one chunk for each request. A chunk has at most 28 s and ends in the longest pause
 * of their second half. Where that half has no pause, it ends in the longest pause of the first half; where there is none either, at
 * the quietest place. Long silence belongs to no chunk; audio without speech gives none. Chunks come in order and do not overlap.
 *
 * @param sampleCount the audio's length; no chunk reaches behind it
 */
export async function* planChunks(blocks: AsyncIterable<Int16Array>, sampleCount: number): AsyncGenerator<Chunk> {
  const detector = new SpeechDetector();
  const cutter = new Cutter();
  const joiner = new ShortPieceJoiner(Math.ceil(sampleCount / FRAME_SAMPLES));
  const toChunk = ({ start, end }: Stretch): Chunk => ({
    startSample: start * FRAME_SAMPLES,
    endSample: Math.min(sampleCount, end * FRAME_SAMPLES),
  });
  for await (const block of blocks) {
    for (const frame of detector.push(block)) {
      for (const piece of cutter.push(frame)) for (const stretch of joiner.push(piece)) yield toChunk(stretch);
    }
  }
  for (const frame of detector.end()) {
    for (const piece of cutter.push(frame)) for (const stretch of joiner.push(piece)) yield toChunk(stretch);
  }
  for (const piece of cutter.end()) for (const stretch of joiner.push(piece)) yield toChunk(stretch);
  for (const stretch of joiner.end()) yield toChunk(stretch);
}

/** Finds where pieces begin and end. Remembers one piece's frames. */
class Cutter {
  /** The open piece's frames, from frame `start` on; empty where no piece is open. */
  private open: Frame[] = [];
  private start = 0;
  private next = 0;
  private lastEnd = 0;
  private silence = 0;

  push(frame: Frame): Stretch[] {
    const at = this.next++;
    this.silence = frame.isSpeech ? 0 : this.silence + 1;
    if (this.open.length === 0) {
      if (!frame.isSpeech) return [];
      this.start = Math.max(this.lastEnd, at - EDGE);
      // The edge's frames count as silence. Their level does not matter, since no cut is made there.
      this.open = Array.from({ length: at - this.start }, () => ({ levelDb: Infinity, isSpeech: false }));
    }
    this.open.push(frame);
    if (this.silence >= LONG_SILENCE) return [this.close(this.open.length - this.silence + EDGE, this.open.length)];
    return this.open.length >= MAXIMUM_CUT ? [this.cut()] : [];
  }

  end(): Stretch[] {
    if (this.open.length === 0) return [];
    return [this.close(Math.min(this.open.length, this.open.length - this.silence + EDGE), this.open.length)];
  }

  private cut(): Stretch {
    const pauses = pausesIn(this.open);
    const late = pauses.filter(({ end }) => end > MAXIMUM_CUT / 2);
    const best = longest(late) ?? longest(pauses);
    if (!best) {
      const quietest = quietestFrame(this.open);
      return this.close(quietest, quietest);
    }
    // A pause at the piece's end may go on. The next piece then opens where speech begins again.
    const isOpenEnd = best.end === this.open.length;
    const edge = Math.min(EDGE, Math.floor((best.end - best.start) / 2));
    return this.close(best.start + edge, isOpenEnd ? this.open.length : best.end - edge);
  }

  /** Ends the piece at `end` and begins the next at `resume`, both counted from the piece's start. */
  private close(end: number, resume: number): Stretch {
    const piece = { start: this.start, end: this.start + end };
    this.lastEnd = piece.end;
    this.open = this.open.slice(resume);
    this.start += resume;
    if (!this.open.some(({ isSpeech }) => isSpeech)) this.open = [];
    return piece;
  }
}

/** The pauses of a piece: runs without speech behind its first speech, including a run at its end. */
function pausesIn(piece: readonly Frame[]): Stretch[] {
  const pauses: Stretch[] = [];
  const first = piece.findIndex(({ isSpeech }) => isSpeech);
  let start = -1;
  for (let i = first; i <= piece.length; i++) {
    const isPause = i < piece.length && !piece[i]?.isSpeech;
    if (isPause && start < 0) start = i;
    if (!isPause && start >= 0) {
      if (i - start >= PAUSE) pauses.push({ start, end: i });
      start = -1;
    }
  }
  return pauses;
}

function longest(pauses: readonly Stretch[]): Stretch | undefined {
  return pauses.reduce<Stretch | undefined>(
    // Of two equal pauses the later one wins: that makes fewer requests.
    (best, pause) => (best && best.end - best.start > pause.end - pause.start ? best : pause),
    undefined,
  );
}

/** The middle of the quietest 100 ms in the second half. */
function quietestFrame(piece: readonly Frame[]): number {
  const width = frames(0.1);
  let best = piece.length - width;
  let bestSum = Infinity;
  for (let start = Math.floor(piece.length / 2); start + width <= piece.length; start++) {
    const sum = piece.slice(start, start + width).reduce((total, { levelDb }) => total + levelDb, 0);
    if (sum < bestSum) {
      bestSum = sum;
      best = start;
    }
  }
  return best + Math.floor(width / 2);
}

/** Joins a piece under a second to its neighbour where both fit one request. Where they do not, the piece is widened on both sides. */
class ShortPieceJoiner {
  private held: Stretch | undefined;
  private lastEnd = 0;

  constructor(private readonly frameCount: number) {}

  push(piece: Stretch): Stretch[] {
    const held = this.held;
    if (!held) {
      this.held = piece;
      return [];
    }
    const isShort = isShorterThanMinimum(held) || isShorterThanMinimum(piece);
    // Both pieces include their edges already, and these are part of the silence between the pieces.
    const isNear = piece.start - held.end < LONG_SILENCE - 2 * EDGE;
    if (isShort && isNear && piece.end - held.start <= MAXIMUM_CHUNK) {
      this.held = { start: held.start, end: piece.end };
      return [];
    }
    this.held = piece;
    return [this.widen(held, piece.start)];
  }

  end(): Stretch[] {
    return this.held ? [this.widen(this.held, this.frameCount)] : [];
  }

  private widen(piece: Stretch, before: number): Stretch {
    const missing = Math.max(0, MINIMUM_CHUNK - (piece.end - piece.start));
    const half = Math.max(piece.end, Math.min(before, piece.end + Math.ceil(missing / 2)));
    const start = Math.max(this.lastEnd, Math.min(piece.start, half - MINIMUM_CHUNK));
    // Where there is no room before the piece, all of the missing time is added behind it.
    const end = Math.max(half, Math.min(before, start + MINIMUM_CHUNK));
    this.lastEnd = end;
    return { start, end };
  }
}

function isShorterThanMinimum(piece: Stretch): boolean {
  return piece.end - piece.start < MINIMUM_CHUNK;
}
