import type { AnsweredEntry, FailedEntry, PlannedEntry, Track, WrittenEntry } from './logEntries';
import { samplesToSeconds, secondsToSamples } from '../audio/pcm';
import type { Chunk, Gap } from '../model';
import { gapId, unheardGaps } from './placeAnswer';

/** What the log says about one range of one track. */
interface RangeState extends Chunk {
  readonly track: Track;
  answer?: AnsweredEntry & { readonly writtenMs: number };
  /** The last problem. */
  failure?: FailedEntry & { readonly writtenMs: number };
  /** The ranges strictly inside this one. */
  parts: RangeState[];
}

/** What became of all chunks, each list in order of time. */
export interface FoldedChunks {
  readonly answers: readonly AnsweredEntry[];
  /** Failed chunks, and stretches in which an answer heard nothing although somebody spoke. */
  readonly gaps: readonly Gap[];
  /** Planned chunks without an answer or a failure. */
  readonly pending: readonly PlannedEntry[];
}

/** Collects what happened to the chunks of a recording. The order of the entries does not matter, nor whether one comes twice. */
export class ChunkStates {
  private readonly byKey = new Map<string, RangeState>();

  add(entry: WrittenEntry & (AnsweredEntry | FailedEntry | PlannedEntry)): void {
    const state = this.state(entry);
    // Of two answers or two problems of the same range the later one counts.
    if (entry.kind === 'failed' && isLater(entry, state.failure)) state.failure = entry;
    if (entry.kind === 'answered' && isLater(entry, state.answer)) state.answer = entry;
  }

  /** The planned, failed or answered chunks of a track that are not parts of others, in order. */
  outermost(track: Track): readonly Chunk[] {
    return this.tree()
      .filter((state) => state.track === track)
      .map(rangeOf);
  }

  /** Whether this range is planned, failed or answered. */
  has(track: Track, chunk: Chunk): boolean {
    return this.byKey.has(keyOf(track, chunk));
  }

  /** The answer for exactly this range. */
  answerFor(track: Track, chunk: Chunk): AnsweredEntry | undefined {
    return this.byKey.get(keyOf(track, chunk))?.answer;
  }

  /** The parts into which an earlier run had to cut this range, in order. Undefined where they are not all known. */
  partsOf(track: Track, { startSample, endSample }: Chunk): readonly Chunk[] | undefined {
    const parts: Chunk[] = [];
    const inside = [...this.byKey.values()].filter(
      (state) =>
        state.track === track &&
        state.startSample >= startSample &&
        state.endSample <= endSample &&
        state.endSample - state.startSample < endSample - startSample,
    );
    let at = startSample;
    // The longest comes first of those that begin at the same place.
    for (const state of inside.sort(inOrder)) {
      if (state.startSample !== at || state.endSample === at) continue;
      parts.push(rangeOf(state));
      at = state.endSample;
    }
    return at === endSample && parts.length > 0 ? parts : undefined;
  }

  /** What all entries so far amount to. @param fromSample ranges that end before this sample, or with it, are left out */
  fold(fromSample = -1): FoldedChunks {
    const folded = { answers: [] as AnsweredEntry[], gaps: [] as Gap[], pending: [] as PlannedEntry[] };
    for (const state of this.tree(fromSample)) visit(state, undefined, folded);
    return {
      answers: folded.answers.toSorted(byTime),
      gaps: folded.gaps.toSorted((a, b) => a.startS - b.startS || a.track - b.track),
      pending: folded.pending.toSorted(byTime),
    };
  }

  private state({ track, startSample, endSample }: PlannedEntry | FailedEntry | AnsweredEntry): RangeState {
    const key = keyOf(track, { startSample, endSample });
    let state = this.byKey.get(key);
    if (!state) {
      state = { track, startSample, endSample, parts: [] };
      this.byKey.set(key, state);
    }
    return state;
  }

  /** The ranges that lie in no other range, with their parts, and so on downwards. */
  private tree(fromSample = -1): RangeState[] {
    const roots: RangeState[] = [];
    const open: RangeState[] = [];
    // An answer for the whole of an uncut recording stands for everything.
    const whole = this.byKey.get(keyOf(0, { startSample: 0, endSample: 0 }));
    if (whole?.answer) return [whole];
    // A range comes before those inside of it.
    const sorted = [...this.byKey.values()].filter(({ endSample }) => endSample > fromSample).sort(inOrder);
    for (const state of sorted) {
      state.parts = [];
      while (open.length > 0 && !holds(open.at(-1), state)) open.pop();
      (open.at(-1)?.parts ?? roots).push(state);
      open.push(state);
    }
    return roots;
  }
}

function visit(
  state: RangeState,
  outerFailure: string | undefined,
  folded: { answers: AnsweredEntry[]; gaps: Gap[]; pending: PlannedEntry[] },
): void {
  const { track, startSample, endSample, answer, parts } = state;
  if (answer) {
    folded.answers.push(answer);
    const chunk = answeredChunk(answer);
    for (const gap of unheardGaps({ ...answer, chunk }, track)) visitUnheard(gap, parts, folded);
    return;
  }
  const failure = state.failure?.code ?? outerFailure;
  let at = startSample;
  for (const part of parts) {
    if (part.startSample > at) addMissing({ track, startSample: at, endSample: part.startSample }, failure, folded);
    visit(part, failure, folded);
    at = Math.max(at, part.endSample);
  }
  if (at < endSample || parts.length === 0) addMissing({ track, startSample: at, endSample }, failure, folded);
}

/** Adds a range without an answer. A damaged log may lack the parts of a chunk that was cut. */
function addMissing(
  { track, startSample, endSample }: Chunk & { readonly track: Track },
  failure: string | undefined,
  folded: { gaps: Gap[]; pending: PlannedEntry[] },
): void {
  if (failure === undefined) {
    folded.pending.push({ kind: 'planned', track, startSample, endSample });
    return;
  }
  folded.gaps.push({
    kind: 'failed',
    id: gapId(track, startSample),
    track,
    chunk: { startSample, endSample },
    startS: samplesToSeconds(startSample),
    endS: samplesToSeconds(endSample),
    code: failure,
  });
}

/** A stretch that one answer left unheard is a gap until later answers cover it. */
function visitUnheard(
  gap: Gap,
  parts: readonly RangeState[],
  folded: { answers: AnsweredEntry[]; gaps: Gap[]; pending: PlannedEntry[] },
): void {
  const filling = answeredInside(gap.chunk, parts);
  const filledSamples = filling.reduce((sum, { startSample, endSample }) => sum + endSample - startSample, 0);
  if (filledSamples < gap.chunk.endSample - gap.chunk.startSample) folded.gaps.push(gap);
  else for (const part of filling) visit(part, undefined, folded);
}

/** The outermost answered ranges inside a range. */
function answeredInside(range: Chunk, parts: readonly RangeState[]): RangeState[] {
  return parts.flatMap((part) => {
    if (part.answer) return holds(range, part) ? [part] : [];
    return answeredInside(range, part.parts);
  });
}

function holds(
  outer: (Chunk & { readonly track?: Track }) | undefined,
  inner: Chunk & { readonly track?: Track },
): boolean {
  if (!outer || (outer.track !== undefined && outer.track !== inner.track)) return false;
  return outer.startSample <= inner.startSample && inner.endSample <= outer.endSample;
}

/** Of entries of the same moment, which only two machines can write, every reader takes the same one. */
function isLater(entry: WrittenEntry, than: WrittenEntry | undefined): boolean {
  if (!than) return true;
  if (entry.writtenMs !== than.writtenMs) return entry.writtenMs > than.writtenMs;
  return JSON.stringify(entry) > JSON.stringify(than);
}

function rangeOf({ startSample, endSample }: Chunk): Chunk {
  return { startSample, endSample };
}

/** By track and time; a range before those inside of it. */
function inOrder(a: RangeState, b: RangeState): number {
  return a.track - b.track || a.startSample - b.startSample || b.endSample - a.endSample;
}

function keyOf(track: Track, { startSample, endSample }: Chunk): string {
  return `${track} ${startSample} ${endSample}`;
}

function byTime(a: PlannedEntry | AnsweredEntry, b: PlannedEntry | AnsweredEntry): number {
  return a.startSample - b.startSample || a.track - b.track;
}

/** The answer's chunk. An uncut recording is marked by an empty range; its length is that of the answer, as far as that tells it. */
export function answeredChunk({ startSample, endSample, durationS, segments, words }: AnsweredEntry): Chunk {
  if (endSample > startSample) return { startSample, endSample };
  const lengthS = [durationS, segments.at(-1)?.endS, words.at(-1)?.endS].find((one = 0) => one > 0) ?? 0;
  return { startSample, endSample: startSample + secondsToSamples(lengthS) };
}
