import type { RenderedNote, Transcript } from '../model';
import { isDoubtful } from '../transcript/doubt';
import type { PlacedBlock } from '../transcript/logEntries';
import { escapeMarkdown, oneLine } from './markdownText';
import { formatDate, formatTime } from './timestamps';

/** The places of the note's parts that have no time, among the blocks with one. */
const HEAD_ORDER = { title: -4, facts: -3, remark: -2, incomplete: -1 } as const;
/** Behind all times. */
const STOPPED_ORDER = 1e9;

/** What a note says besides the transcript. All words come from the shell, so that they can be translated. */
export interface NoteFacts {
  /** The recording's file name. */
  readonly name: string;
  /** The heading; absent: the name without its ending. */
  readonly title?: string;
  /** The recording's path relative to the note, for a link. Absent where the two do not lie together. */
  readonly link?: string;
  readonly recordedAt: Date;
  /** Absent while the recording still runs. */
  readonly lengthS?: number;
  /** Which engine wrote the text, and where it ran. Absent before there is text. */
  readonly engine?: string;
  /** Set for a translation: from which language into which, in words. */
  readonly translation?: string;
  /** Something the reader should know before trusting the text, such as a recording cut short. */
  readonly remark?: string;
  /** Why the text ends before the recording does. */
  readonly stopped?: { readonly atS: number; readonly reason: string };
  readonly labels: NoteLabels;
}

/** The note's fixed words. */
export interface NoteLabels {
  readonly recording: string;
  readonly length: string;
  readonly date: string;
  readonly engine: string;
  readonly translation: string;
  /** The words before the reason, as in "Transcription stopped here, at 00:01:00 of 00:02:00". */
  readonly stopped: (at: string, of: string) => string;
  /** The words for a stretch of speech in which no words were found, as in "Not understood: 00:01:02–00:01:05". */
  readonly notUnderstood: (from: string, to: string) => string;
  /** The words for a stretch that could not be transcribed, as in "Not transcribed: 00:01:02–00:01:30". */
  readonly notTranscribed: (from: string, to: string) => string;
  /** The words at the note's head where text is missing, as in "Incomplete: 2 gaps". */
  readonly incomplete: (gapCount: number) => string;
  /** A mark behind a paragraph whose text may be wrong, as in "(?)". */
  readonly doubtful: string;
}

/** A transcript as a Markdown note: heading, facts, a paragraph per segment with its time. */
export function renderNote(transcript: Transcript, facts: NoteFacts): RenderedNote {
  return { markdown: joinBlocks(noteBlocks(transcript, facts)) };
}

/** Blocks as a note's text. */
export function joinBlocks(blocks: readonly PlacedBlock[]): string {
  return blocks.map(({ text }) => text).join('\n\n') + '\n';
}

/** All blocks of a note in order: its head, then what was said and what is missing by time. */
export function noteBlocks(transcript: Transcript, facts: NoteFacts): PlacedBlock[] {
  return [
    ...headBlocks(facts),
    ...incompleteBlocks(transcript, facts, HEAD_ORDER.incomplete),
    ...paragraphBlocks(transcript, facts.labels),
    ...stoppedBlocks(facts, formatTime),
  ];
}

/** The line that says that text is missing, where some is. */
export function incompleteBlocks({ gaps }: Transcript, { labels }: NoteFacts, order: number): PlacedBlock[] {
  const missing = gaps.filter(({ kind }) => kind === 'failed').length;
  if (missing === 0) return [];
  return [{ id: 'incomplete', order, text: `> **${escapeMarkdown(oneLine(labels.incomplete(missing)))}**` }];
}

/** Why a note's text ends early, where it does. @param time writes seconds */
export function stoppedBlocks(
  { stopped, lengthS = stopped?.atS ?? 0, labels }: NoteFacts,
  time: (seconds: number) => string,
): PlacedBlock[] {
  if (!stopped) return [];
  const title = escapeMarkdown(labels.stopped(time(stopped.atS), time(lengthS)));
  return [{ id: 'stopped', order: STOPPED_ORDER, text: `> **${title}** ${escapeMarkdown(oneLine(stopped.reason))}` }];
}

/** The note's beginning: the heading, the list of what is known, a remark. */
export function headBlocks(facts: NoteFacts): PlacedBlock[] {
  const { labels, link } = facts;
  const name = escapeMarkdown(oneLine(facts.name));
  const list = [
    [labels.recording, link === undefined ? name : `[${name}](${linkTarget(link)})`],
    [labels.length, facts.lengthS === undefined ? undefined : formatTime(facts.lengthS)],
    [labels.date, formatDate(facts.recordedAt)],
    [labels.translation, facts.translation === undefined ? undefined : escapeMarkdown(oneLine(facts.translation))],
    [labels.engine, facts.engine === undefined ? undefined : escapeMarkdown(oneLine(facts.engine))],
  ].flatMap(([label, value]) => (value === undefined ? [] : [`- ${label ?? ''}: ${value}`]));
  const title = facts.title ?? facts.name.replace(/(?<=.)\.[^.]+$/, '');
  const head = [
    { id: 'title', order: HEAD_ORDER.title, text: `# ${escapeMarkdown(oneLine(title))}` },
    { id: 'facts', order: HEAD_ORDER.facts, text: list.join('\n') },
  ];
  return [...head, ...remarkBlocks(facts, HEAD_ORDER.remark)];
}

/** What the reader should know before trusting the text, where there is such a thing. */
export function remarkBlocks({ remark }: NoteFacts, order: number): PlacedBlock[] {
  return remark === undefined ? [] : [{ id: 'remark', order, text: `> ${escapeMarkdown(oneLine(remark))}` }];
}

/** A block for each segment and each gap, in order of time. */
function paragraphBlocks(transcript: Transcript, labels: NoteLabels): PlacedBlock[] {
  const said = transcript.segments.map((segment) => {
    const text = `[${formatTime(segment.startS)}] ${escapeMarkdown(oneLine(segment.text))}`;
    return { id: segment.id, order: segment.startS, text: isDoubtful(segment) ? `${text} ${labels.doubtful}` : text };
  });
  const missed = transcript.gaps.map(({ id, kind, startS, endS }) => {
    const words = kind === 'failed' ? labels.notTranscribed : labels.notUnderstood;
    // The end is rounded up, so that the stretch lies within the times shown.
    const title = words(formatTime(startS), formatTime(Math.ceil(endS)));
    return { id, order: startS, text: `> ${escapeMarkdown(oneLine(title))}` };
  });
  return [...said, ...missed].sort((a, b) => a.order - b.order);
}

/** A relative path as a link's target. A file's name may hold characters that begin a query, a fragment or an entity, or end a protocol. */
function linkTarget(path: string): string {
  // A name may hold half a character (a lone surrogate); an address cannot.
  return encodeURI(path.toWellFormed())
    .replace(/[?#:&]/g, encodeURIComponent)
    .replace(/[()]/g, '\\$&');
}
