import { defined } from '../async/defined';
import type { Chunk, Transcript, TranscriptSegment, Writer } from '../model';
import { ChineseText } from './chineseScript';
import { withoutEchoes } from './echoes';
import { ChunkStates, type FoldedChunks } from './foldChunks';
import { joinAnswers } from './joinAnswers';
import {
  LOG_SCHEMA,
  LOG_VERSION,
  trackName,
  trackNamed,
  type AnsweredEntry,
  type CorrectedEntry,
  type Happening,
  type LocatedEntry,
  type MarkedEntry,
  type OpenedEntry,
  type PlannedEntry,
  type PlacedBlock,
  type PreparedEntry,
  type TranscriptEntry,
  type WrittenEntry,
} from './logEntries';
import { logLine, openedOf } from './parseLog';

/** Where a log's lines are kept. */
export interface LogSink {
  /** Adds whole lines behind all others. They are on the disk when this resolves. */
  append(lines: string): Promise<void>;
  /** Lets others write. */
  close(): Promise<void>;
}

/** A sink for a transcript that need not survive: nothing of it is kept. */
const NOWHERE: LogSink = { append: () => Promise.resolve(), close: () => Promise.resolve() };

/** The transcript of one recording while it is worked on: the entries so far, and what they amount to. New entries go to the sink. */
export class TranscriptLog {
  private readonly chunks = new ChunkStates();
  private readonly blocks = new Map<string, PlacedBlock>();
  private readonly corrections = new Map<string, CorrectedEntry & { readonly writtenMs: number }>();
  /** By segment. */
  private readonly speakers = new Map<string, string>();
  private readonly events: Happening[] = [];
  private first: (OpenedEntry & { readonly writtenMs: number }) | undefined;
  private place: LocatedEntry | undefined;
  private audio: PreparedEntry | undefined;
  private spoken: string | undefined;
  private isOver = false;
  private readonly names = new Map<string, string>();
  private lastTrack = 0;
  /** Lines that the sink has not taken yet. */
  private unwritten = '';

  /** @param entries what the sink has already */
  constructor(
    entries: Iterable<WrittenEntry>,
    private readonly sink: LogSink = NOWHERE,
    private readonly nowMs: () => number = Date.now,
  ) {
    for (const entry of entries) this.add(entry);
  }

  /** What the log is about. */
  get opened(): OpenedEntry {
    if (!this.first) throw new Error('the log does not begin');
    return this.first;
  }

  /** When the log began, milliseconds since 1970. */
  get begunMs(): number {
    return this.first?.writtenMs ?? 0;
  }

  /** Where recording and note lie on this machine, where the log knows it. */
  get located(): LocatedEntry | undefined {
    return this.place;
  }

  /** The decoded audio's length; absent before it is known. */
  get prepared(): PreparedEntry | undefined {
    return this.audio;
  }

  /** Whether every chunk has an answer or is a gap. */
  get isSettled(): boolean {
    return this.isOver;
  }

  /** The note's blocks as Minutes wrote them, in the note's order. */
  get placed(): readonly PlacedBlock[] {
    return [...this.blocks.values()].sort((a, b) => a.order - b.order);
  }

  /** What happened while the recording was made, in the order of writing. */
  get happenings(): readonly Happening[] {
    return this.events;
  }

  /** How many tracks the recording has, as far as the log knows. */
  get trackCount(): number {
    return this.lastTrack + 1;
  }

  /** Who is heard on each track; empty where nobody is named. */
  get trackNames(): readonly string[] {
    const names = Array.from({ length: this.trackCount }, (_, track) => this.names.get(trackName(track)) ?? '');
    return names.every((name) => name === '') ? [] : names;
  }

  /** The moments that were marked and the lines that were typed, in the order of writing. */
  get marks(): readonly MarkedEntry[] {
    return this.events.filter((entry): entry is MarkedEntry => entry.kind === 'marked');
  }

  /** What became of the chunks. */
  get folded(): FoldedChunks {
    return this.chunks.fold();
  }

  /** The chunks that were cut, in order. */
  cut(track: number): readonly Chunk[] {
    return this.chunks.outermost(track);
  }

  /** The answer for exactly this range. */
  answerFor(track: number, chunk: Chunk): AnsweredEntry | undefined {
    return this.chunks.answerFor(track, chunk);
  }

  /** The parts into which an earlier run had to cut this chunk. Undefined where it did not, or the log has lost some. */
  parts(track: number, chunk: Chunk): readonly Chunk[] | undefined {
    return this.chunks.partsOf(track, chunk);
  }

  /** Says that these chunks are about to be sent, where the log does not know them yet. */
  async plan(track: number, chunks: readonly Chunk[]): Promise<void> {
    const fresh = chunks.filter((chunk) => !this.chunks.has(track, chunk));
    if (fresh.length === 0) return;
    await this.append(
      ...fresh.map(({ startSample, endSample }) => ({ kind: 'planned', track, startSample, endSample }) as const),
    );
  }

  /**
   * Adds entries. They count from now on, whatever becomes of the write: an answer that could not be written costs a second request
   * after a crash at worst, and the next write tries again.
   */
  async append(...entries: readonly TranscriptEntry[]): Promise<void> {
    for (const entry of entries) {
      const written = { ...entry, writtenMs: this.nowMs() };
      this.add(written);
      this.unwritten += logLine(written);
    }
    const lines = this.unwritten;
    this.unwritten = '';
    try {
      if (lines !== '') await this.sink.append(lines);
    } catch {
      this.unwritten = lines + this.unwritten;
    }
  }

  /** Writes what a full disk refused, as far as that is possible now, and lets others write. */
  async close(): Promise<void> {
    await this.append();
    await this.sink.close();
  }

  /** The chunks that wait for an answer. @param fromSample those that end before this sample, or with it, are left out */
  pending(fromSample: number): readonly PlannedEntry[] {
    return this.chunks.fold(fromSample).pending;
  }

  /**
   * The transcript so far, its Chinese in one script.
   *
   * @param fromSample chunks that end before this sample, or with it, are left out, since the whole of a long meeting takes a while
   */
  async transcript(fromSample = -1): Promise<Transcript> {
    const { chineseScript = 'auto', language } = this.opened;
    const chinese = new ChineseText(chineseScript, language);
    const folded = this.chunks.fold(fromSample);
    const answers: AnsweredEntry[] = [];
    for (const answer of folded.answers) answers.push(await chinese.write(answer));
    return this.transcriptOf({ ...folded, answers });
  }

  /** The transcript so far, as it was answered. */
  fold(): Transcript {
    return this.transcriptOf(this.chunks.fold());
  }

  private transcriptOf({ answers, gaps }: FoldedChunks): Transcript {
    const heard = joinAnswers(answers);
    const segments = this.lastTrack > 0 ? withoutEchoes(heard) : heard;
    return defined({
      segments: segments.map((segment) => this.revised(segment)).sort((a, b) => a.startS - b.startS),
      gaps,
      language: this.spoken ?? answers.find(({ language }) => language !== undefined)?.language,
      writers: writersOf(answers),
    });
  }

  private revised(segment: TranscriptSegment): TranscriptSegment {
    const correction = this.corrections.get(segment.id);
    const speaker = this.speakers.get(segment.id);
    return defined({
      ...segment,
      text: correction?.text ?? segment.text,
      heard: correction ? segment.text : undefined,
      speaker,
    });
  }

  private add(entry: WrittenEntry): void {
    if ('track' in entry) this.lastTrack = Math.max(this.lastTrack, entry.track);
    switch (entry.kind) {
      case 'opened':
        this.first ??= entry;
        return;
      case 'located':
        this.place = entry;
        return;
      case 'prepared':
        this.audio = entry;
        return;
      case 'planned':
      case 'answered':
      case 'failed':
        this.chunks.add(entry);
        return;
      case 'spoken':
        this.spoken = entry.language;
        return;
      case 'corrected':
        if ((this.corrections.get(entry.segment)?.writtenMs ?? 0) <= entry.writtenMs)
          this.corrections.set(entry.segment, entry);
        return;
      case 'speaker':
        for (const segment of entry.segments) this.speakers.set(segment, entry.speaker);
        return;
      case 'placed':
        for (const id of entry.removed) this.blocks.delete(id);
        for (const block of entry.blocks) this.blocks.set(block.id, block);
        return;
      case 'settled':
        this.isOver = true;
        return;
      case 'captured':
      case 'paused':
      case 'muted':
      case 'lost':
      case 'marked':
        this.events.push(entry);
        return;
      case 'named':
        this.names.set(entry.who, entry.name);
        this.lastTrack = Math.max(this.lastTrack, trackNamed(entry.who) ?? 0);
        return;
      case 'reheard':
      case 'judged':
        // Kept for projections that read the entries themselves.
        return;
    }
  }
}

/** A new log's first entry. */
export function openedEntry(about: Omit<OpenedEntry, 'kind' | 'schema' | 'version'>): OpenedEntry {
  return { kind: 'opened', schema: LOG_SCHEMA, version: LOG_VERSION, ...about };
}

/** The transcript that some entries amount to, as it was answered. Empty where they do not begin with a log's first entry. */
export function fold(entries: readonly WrittenEntry[]): Transcript {
  return openedOf(entries) ? new TranscriptLog(entries).fold() : { segments: [], gaps: [], writers: [] };
}

function writersOf(answers: readonly AnsweredEntry[]): Writer[] {
  const writers = new Map<string, Writer>();
  for (const { host, model } of answers) {
    const key = JSON.stringify([host ?? null, model]);
    if (!writers.has(key)) writers.set(key, defined({ host, model }));
  }
  return [...writers.values()];
}
