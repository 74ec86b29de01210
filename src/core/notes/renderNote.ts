import type { RenderedNote, Transcript } from '../model';
import { formatDate, formatTime } from './timestamps';

/** What a note tells beside its text. All words are the shell's, so that they can be translated. */
export interface NoteFacts {
  /** The recording's file name. */
  readonly name: string;
  /** How the note links to the recording: a path relative to the note. Absent where they do not lie together. */
  readonly link?: string;
  readonly recordedAt: Date;
  readonly lengthS: number;
  /** Which engine wrote it, and where. */
  readonly engine: string;
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
  /** Before the reason, as in "Transcription stopped here, at 00:01:00 of 00:02:00". */
  readonly stopped: (at: string, of: string) => string;
}

/** A transcript as a Markdown note: heading, facts, a paragraph per segment with its time. */
export function renderNote(transcript: Transcript, facts: NoteFacts): RenderedNote {
  const { labels } = facts;
  const name = escapeMarkdown(oneLine(facts.name));
  const blocks = [
    `# ${escapeMarkdown(oneLine(facts.name).replace(/(?<=.)\.[^.]+$/, ''))}`,
    [
      `- ${labels.recording}: ${facts.link === undefined ? name : `[${name}](${linkTarget(facts.link)})`}`,
      `- ${labels.length}: ${formatTime(facts.lengthS)}`,
      `- ${labels.date}: ${formatDate(facts.recordedAt)}`,
      `- ${labels.engine}: ${escapeMarkdown(oneLine(facts.engine))}`,
    ].join('\n'),
    ...(facts.remark === undefined ? [] : [`> ${escapeMarkdown(oneLine(facts.remark))}`]),
    ...transcript.segments.map(({ startS, text }) => `[${formatTime(startS)}] ${escapeMarkdown(oneLine(text))}`),
    ...(facts.stopped ? [stoppedMark(facts.stopped, facts.lengthS, labels)] : []),
  ];
  return { markdown: blocks.join('\n\n') + '\n' };
}

function stoppedMark(stopped: NonNullable<NoteFacts['stopped']>, lengthS: number, labels: NoteLabels): string {
  const title = labels.stopped(formatTime(stopped.atS), formatTime(lengthS));
  return `> **${escapeMarkdown(title)}** ${escapeMarkdown(oneLine(stopped.reason))}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** A relative path as a link's target. A file's name may hold what would begin a query, a fragment, an entity or end a protocol. */
function linkTarget(path: string): string {
  // A name may hold half a character, which no address can.
  return encodeURI(path.toWellFormed())
    .replace(/[?#:&]/g, encodeURIComponent)
    .replace(/[()]/g, '\\$&');
}

/**
 * Only what would swallow or restyle words in a preview: in the editor the text should read as it was said. Underscores restyle at
 * a word's edge only, tildes in pairs, an ampersand where it begins an entity.
 */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*<[\]]|_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])_|~(?=~)|(?<=~)~|&(?=#?[\p{L}\p{N}]+;)/gu, '\\$&');
}
