import type { PlacedBlock } from '../../transcript/logEntries';
import { oneLine } from '../markdownText';
import { fillLine, frontMatterEnd } from './fillLine';
import { factBlock, headingBlock, transcriptBlock, type FactPlace } from './meetingBlocks';
import { unknownPlaceholders, type MeetingStart } from './placeholders';

/** The headings of the built-in template, in the user's language. The last one is also for templates that say no place. */
export interface MeetingWords {
  readonly notes: string;
  readonly actionItems: string;
  readonly transcript: string;
}

/** A meeting's note as it begins. */
export interface MeetingNote {
  readonly text: string;
  /** Where the user begins to type, in UTF-16 units. */
  readonly caretOffset: number;
  /** The line behind which the transcript goes. */
  readonly transcriptHeading: string;
  /** The lines that Minutes may write anew where the user leaves them as they are, the transcript's heading last. */
  readonly blocks: readonly PlacedBlock[];
  /** Names of placeholders that Minutes does not know, each once. They stay in the text. */
  readonly unknown: readonly string[];
}

const HEADING = /^#{1,6}\s+\S/;
const FIRST_LEVEL = /^#\s+\S/;
const CARET = '{caret}';
const TRANSCRIPT = '{transcript}';

/** The template where the setting names none. */
export function builtInTemplate(words: MeetingWords): string {
  return `---
title: {title}
date: {date}T{time}
length: {length}
language: {language}
model: {model}
recording: {recording}
attendees: {attendees}
---

# {title}

## ${words.notes}

{caret}

## ${words.actionItems}

## ${words.transcript}

{transcript}
`;
}

/**
 * A meeting's note from a template. `{caret}` marks where the user types, else that is below the head. `{transcript}`, alone in a line,
 * marks where the transcript goes; else that is below the heading with its name, else at the end below a heading of its own.
 */
export function renderMeetingNote(
  template: string,
  start: MeetingStart,
  words: Pick<MeetingWords, 'transcript'>,
): MeetingNote {
  const lineEnd = template.includes('\r\n') ? '\r\n' : '\n';
  const given = withoutBlankEnd(template.replace(/^\ufeff/, '').split(/\r?\n/));
  const wanted = openTranscript(openCaret(given), words.transcript);
  const frontEnd = frontMatterEnd(wanted.lines);
  const placeOf = (index: number): FactPlace => (index < frontEnd ? 'front' : 'body');
  const firstHeading = headingOf(wanted.lines);
  const filled = wanted.lines.map((line, index) => fillLine(line.replaceAll(CARET, ''), placeOf(index), start));
  const blocks: PlacedBlock[] = [];
  for (const [index, { text, fact }] of filled.entries()) {
    if (index === wanted.heading) continue;
    if (index === firstHeading) blocks.push(headingBlock(text, blocks));
    else if (fact !== undefined) blocks.push(factBlock(placeOf(index), fact, text, blocks));
  }
  const lines = filled.map(({ text }) => text);
  const transcriptHeading = lines[wanted.heading] ?? '';
  const caretLine = wanted.lines.findIndex((line) => line.includes(CARET));
  const [beforeCaret = ''] = wanted.lines[caretLine]?.split(CARET) ?? [];
  const column = Math.min(fillLine(beforeCaret, 'body', start).text.length, lines[caretLine]?.length ?? 0);
  return {
    text: lines.join(lineEnd) + lineEnd,
    caretOffset: lines.slice(0, caretLine).reduce((sum, line) => sum + line.length + lineEnd.length, column),
    transcriptHeading,
    blocks: [...blocks, transcriptBlock(transcriptHeading)],
    unknown: unknownPlaceholders(template),
  };
}

/** The line of the first heading below the front matter; -1 where there is none. */
function headingOf(lines: readonly string[]): number {
  const frontEnd = frontMatterEnd(lines);
  return lines.findIndex((line, index) => index > frontEnd && FIRST_LEVEL.test(line));
}

/** Where a template marks no place for the caret, it has a line of its own below the head: the note's heading, else the front matter. */
function openCaret(lines: readonly string[]): readonly string[] {
  if (lines.some((line) => line.includes(CARET))) return lines;
  const head = lines.slice(0, Math.max(headingOf(lines), frontMatterEnd(lines)) + 1);
  const rest = withoutBlankStart(lines.slice(head.length));
  const parting = (part: readonly string[]): readonly string[] => (part.length > 0 ? [''] : []);
  return [...head, ...parting(head), CARET, ...parting(rest), ...rest];
}

/** The template's lines with the heading of the transcript among them, and without the line that marks its place. */
function openTranscript(
  lines: readonly string[],
  name: string,
): { readonly lines: readonly string[]; readonly heading: number } {
  const isMark = (line: string): boolean => line.trim() === TRANSCRIPT;
  const at = lines.findIndex(isMark);
  const isUnique = (line: string): boolean => lines.indexOf(line) === lines.lastIndexOf(line);
  if (at < 0) {
    const heading = lines.findIndex((line) => HEADING.test(line) && nameOf(line) === nameOf(name) && isUnique(line));
    const all = withoutBlankEnd(lines);
    return heading < 0 ? { lines: [...all, '', `## ${name}`], heading: all.length + 1 } : { lines: all, heading };
  }
  const before = withoutBlankEnd(lines.slice(0, at));
  const rest = withoutBlankStart(withoutBlankEnd(lines.slice(at + 1).filter((line) => !isMark(line))));
  const behind = rest.length === 0 ? [] : ['', ...rest];
  const last = before.at(-1);
  const isHeading = last !== undefined && HEADING.test(last) && isUnique(last) && !last.includes(CARET);
  const head = isHeading ? before : [...before, ...(last === undefined ? [] : ['']), `## ${name}`];
  return { lines: [...head, ...behind], heading: head.length - 1 };
}

/** A heading's words, whatever their case. */
function nameOf(heading: string): string {
  return oneLine(heading.replace(/^#+/, '')).toLowerCase();
}

function withoutBlankStart(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex(isSaying);
  return first < 0 ? [] : lines.slice(first);
}

function withoutBlankEnd(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex(isSaying) + 1);
}

function isSaying(line: string): boolean {
  return line.trim() !== '';
}
