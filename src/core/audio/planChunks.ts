import type { Chunk } from '../model';
import { secondsToSamples } from './pcm';
import { ShortPieces, type Stretch } from './shortPieces';
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
/** How much a joined chunk may be longer than the longest piece. */
const JOINED_S = 2;
/** Shorter requests make recognisers invent text: a last chunk of 0.17 s gave 113 words. Exported so that tests name the limit and not the number. */
export const MINIMUM_CHUNK_S = 1;
/** A silence at least this long is left out of every request, except for its edges. Exported so that tests name the limit and not the number. */
export const LONG_SILENCE_S = 3;
/** How much of a silence stays before and behind speech: soft beginnings and ends of words lie below the detector's margin. */
export const EDGE_S = 0.3;
/** A pause is at least this long; shorter gaps lie inside words. Exported so that tests name the limit and not the number. */
export const PAUSE_S = 0.2;
/**
 * Where nobody pauses, a word may be cut in two. So the next piece begins this much earlier, and the transcript takes each word from one
 * of the two answers (`mergeOverlap.ts`). Exported so that tests name the limit and not the number.
 */
export const OVERLAP_S = 2;
/** Shorter pieces could not be cut into two that stand alone. Exported so that tests name the limit and not the number. */
export const SHORTEST_CUT_S = 2 * MINIMUM_CHUNK_S;

/**
 * How audio is cut, and so how late its chunks come while it grows. To each latency the detector's look-ahead (`LOOK_AHEAD_FRAMES`)
 * is added, and the length of a block.
 */
export interface CutOptions {
  /**
   * The longest piece before short ones are joined to it: {@link MAXIMUM_CUT_S} where absent, at least {@link SHORTEST_CUT_S}, at most
   * {@link MAXIMUM_CHUNK_S}. Where nobody pauses for `silenceS`, a chunk comes this long after its beginning.
   */
  readonly maximumCutS?: number;
  /**
   * A silence at least this long ends a piece and is left out, except for its edges: {@link LONG_SILENCE_S} where absent, at least
   * {@link PAUSE_S}. Where somebody pauses, a chunk comes this long after the last word.
   */
  readonly silenceS?: number;
  /** A piece of some length ends at a shorter silence than `silenceS`. Absent: every piece needs the same. */
  readonly eager?: {
    /** How long such a piece is at least, without the silence. */
    readonly fromS: number;
    /** At least {@link PAUSE_S}. */
    readonly silenceS: number;
  };
  /**
   * Whether a piece waits for the next one, to be joined to it where one of them is shorter than {@link MINIMUM_CHUNK_S}; true where
   * absent. A chunk then comes when the piece behind it would, or with the end of the audio, however long everybody is silent. Without
   * waiting there is no further latency; a short piece takes its missing time from the silence around it, and stays short where there
   * is too little.
   */
  readonly holdsShortPieces?: boolean;
}

const frames = (seconds: number): number => Math.round(secondsToSamples(seconds) / FRAME_SAMPLES);
const EDGE = frames(EDGE_S);
const PAUSE = frames(PAUSE_S);
const OVERLAP = frames(OVERLAP_S);

/**
 * Cuts audio into chunks while it is being read, one chunk for each request. A piece has at most 28 s and ends in the longest pause
 * of their second half. Where that half has no pause, it ends in the longest pause of the first half; where there is none either, at
 * the quietest place, and the next one begins {@link OVERLAP_S} before that. Long silence belongs to no chunk; audio without speech gives
 * none. Chunks come in order and overlap nowhere else. The blocks' sizes do not change them.
 *
 * @param blocks the audio from its start; it may still grow, and ends with the blocks
 */
export async function* planChunks(blocks: AsyncIterable<Int16Array>, options: CutOptions = {}): AsyncGenerator<Chunk> {
  const { maximumCutS = MAXIMUM_CUT_S, silenceS = LONG_SILENCE_S, holdsShortPieces = true } = options;
  const cutS = Math.min(MAXIMUM_CHUNK_S, Math.max(SHORTEST_CUT_S, maximumCutS));
  const pauseS = Math.max(PAUSE_S, silenceS);
  const detector = new SpeechDetector();
  const { fromS, silenceS: eagerS } = options.eager ?? { fromS: 0, silenceS: pauseS };
  const eager = { from: frames(fromS), silence: frames(Math.min(pauseS, Math.max(PAUSE_S, eagerS))) };
  const cutter = new Cutter(frames(cutS), frames(pauseS), eager);
  const short = new ShortPieces({
    minimum: frames(MINIMUM_CHUNK_S),
    maximum: frames(Math.min(MAXIMUM_CHUNK_S, cutS + JOINED_S)),
    // A silence as long as chunks hold, without the edges that both pieces include already.
    gap: frames(Math.max(LONG_SILENCE_S, pauseS)) - 2 * EDGE,
    holds: holdsShortPieces,
  });
  let sampleCount = 0;
  const toChunk = ({ start, end }: Stretch): Chunk => ({
    startSample: start * FRAME_SAMPLES,
    // The last frame may be shorter than the others.
    endSample: Math.min(sampleCount, end * FRAME_SAMPLES),
  });
  const cut = (heard: readonly Frame[]): Stretch[] =>
    heard.flatMap((frame) => cutter.push(frame).flatMap((piece) => short.push(piece, cutter.room)));
  for await (const block of blocks) {
    sampleCount += block.length;
    yield* cut(detector.push(block)).map(toChunk);
  }
  yield* cut(detector.end()).map(toChunk);
  yield* cutter
    .end()
    .flatMap((piece) => short.push(piece, cutter.room))
    .map(toChunk);
  yield* short.end(cutter.room).map(toChunk);
}

/** Finds where pieces begin and end, in frames from the audio's start. Remembers one piece's frames. */
export class Cutter {
  /** The open piece's frames, from frame `start` on; empty where no piece is open. */
  private open: Frame[] = [];
  private start = 0;
  private next = 0;
  private lastEnd = 0;
  private silence = 0;
  /** How much of a silence stays behind a piece that it ends. */
  private readonly edge: number;

  /**
   * @param maximumCut frames of the longest piece
   * @param longSilence frames of silence that end a piece
   * @param eager frames of a piece, and of a silence that ends it from then on; absent: every piece needs the same
   */
  constructor(
    private readonly maximumCut: number,
    private readonly longSilence: number,
    private readonly eager = { from: 0, silence: longSilence },
  ) {
    this.edge = Math.min(EDGE, Math.floor(eager.silence / 2));
  }

  /** Where the next piece may begin at the earliest. Between the last piece's end and here nobody speaks. */
  get room(): number {
    return this.open.length > 0 ? this.start : this.next;
  }

  /** Where the open piece begins; undefined where nobody speaks. */
  get openStart(): number | undefined {
    return this.open.length > 0 ? this.start : undefined;
  }

  /** @returns the pieces that end with this frame */
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
    const isEager = this.open.length - this.silence >= this.eager.from;
    if (this.silence >= (isEager ? this.eager.silence : this.longSilence)) return [this.closeInSilence()];
    return this.open.length >= this.maximumCut ? [this.cut()] : [];
  }

  /** @returns the open piece, where there is one */
  end(): Stretch[] {
    return this.open.length === 0 ? [] : [this.closeInSilence()];
  }

  private cut(): Stretch {
    const pauses = pausesIn(this.open);
    const late = pauses.filter(({ end }) => end > this.maximumCut / 2);
    const best = longest(late) ?? longest(pauses);
    if (!best) {
      const quietest = quietestFrame(this.open);
      // A piece of 2 s could not begin 2 s earlier and still be another one.
      return this.close(quietest, quietest - Math.min(OVERLAP, Math.floor(quietest / 2)));
    }
    // A pause at the piece's end may go on. The next piece then opens where speech begins again.
    const isOpenEnd = best.end === this.open.length;
    const edge = Math.min(EDGE, Math.floor((best.end - best.start) / 2));
    return this.close(best.start + edge, isOpenEnd ? this.open.length : best.end - edge);
  }

  private closeInSilence(): Stretch {
    const { length } = this.open;
    return this.close(Math.min(length, length - this.silence + this.edge), length);
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
