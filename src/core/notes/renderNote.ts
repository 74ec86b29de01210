import type { RenderedNote, Transcript } from '../model';
import { formatDate, formatTime } from './timestamps';

/** What a note says besides the transcript. All words come from the shell, so that they can be translated. */
export interface NoteFacts {
  /** The recording's file name. */
  readonly name: string;
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
}

/** A transcript as a Markdown note: heading, facts, a paragraph per segment with its time. */
export function renderNote(transcript: Transcript, facts: NoteFacts): RenderedNote {
  return { markdown: [...renderFacts(facts), ...renderParagraphs(transcript, facts)].join('\n\n') + '\n' };
}

/** The note's beginning as blocks: the heading, the list of what is known, a remark. */
export function renderFacts(facts: NoteFacts): string[] {
  const { labels, link } = facts;
  const name = escapeMarkdown(oneLine(facts.name));
  const list = [
    [labels.recording, link === undefined ? name : `[${name}](${linkTarget(link)})`],
    [labels.length, facts.lengthS === undefined ? undefined : formatTime(facts.lengthS)],
    [labels.date, formatDate(facts.recordedAt)],
    [labels.translation, facts.translation === undefined ? undefined : escapeMarkdown(oneLine(facts.translation))],
    [labels.engine, facts.engine === undefined ? undefined : escapeMarkdown(oneLine(facts.engine))],
  ].flatMap(([label, value]) => (value === undefined ? [] : [`- ${label ?? ''}: ${value}`]));
  return [
    `# ${escapeMarkdown(oneLine(facts.name).replace(/(?<=.)\.[^.]+$/, ''))}`,
    list.join('\n'),
    ...(facts.remark === undefined ? [] : [`> ${escapeMarkdown(oneLine(facts.remark))}`]),
  ];
}

/**
 * A paragraph for each segment, and between them by time a paragraph for each stretch that was not understood. Where the text ends
 * before the recording does, a last paragraph says so.
 */
export function renderParagraphs(transcript: Transcript, facts: NoteFacts): string[] {
  const said = transcript.segments.map(({ startS, text }) => ({
    startS,
    line: `[${formatTime(startS)}] ${escapeMarkdown(oneLine(text))}`,
  }));
  const missed = (transcript.unheard ?? []).map(({ startS, endS }) => {
    // The end is rounded up, so that the stretch lies within the times shown.
    const title = facts.labels.notUnderstood(formatTime(startS), formatTime(Math.ceil(endS)));
    return { startS, line: `> ${escapeMarkdown(oneLine(title))}` };
  });
  return [
    ...[...said, ...missed].toSorted((a, b) => a.startS - b.startS).map(({ line }) => line),
    ...(facts.stopped ? [stoppedMark(facts.stopped, facts.lengthS ?? facts.stopped.atS, facts.labels)] : []),
  ];
}

function stoppedMark(stopped: NonNullable<NoteFacts['stopped']>, lengthS: number, labels: NoteLabels): string {
  const title = labels.stopped(formatTime(stopped.atS), formatTime(lengthS));
  return `> **${escapeMarkdown(title)}** ${escapeMarkdown(oneLine(stopped.reason))}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** A relative path as a link's target. A file's name may hold characters that begin a query, a fragment or an entity, or end a protocol. */
function linkTarget(path: string): string {
  // A name may hold half a character (a lone surrogate); an address cannot.
  return encodeURI(path.toWellFormed())
    .replace(/[?#:&]/g, encodeURIComponent)
    .replace(/[()]/g, '\\$&');
}

/**
 * Escapes only characters that would hide or restyle words in a preview: in the editor the text should read as it was said. Underscores
 * restyle only at a word's edge, tildes only in pairs; an ampersand matters only where it begins an entity.
 */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*<[\]]|_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])_|~(?=~)|(?<=~)~|&(?=#?[\p{L}\p{N}]+;)/gu, '\\$&');
}
