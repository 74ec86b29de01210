import { escapeMarkdown, oneLine } from '../markdownText';
import type { FactPlace, PlacedFact } from './meetingBlocks';
import {
  fillPlaceholders,
  isLateFact,
  isStartFact,
  placeholdersIn,
  startValue,
  type LateFact,
  type MeetingStart,
} from './placeholders';
import { withinQuotes, yamlText } from './yamlText';

/** A line of a template with its values. */
export interface FilledLine {
  readonly text: string;
  /** What the line tells that may be told anew later. */
  readonly fact?: PlacedFact;
}

/** A line of front matter: what stands before its value, the value, a remark. */
const YAML_LINE = /^(\s*(?:- +|(?:- +)?[^\s:"'#[\]{}][^:"']*: +))(.*?)( +#.*)?$/;
/** A value that is all of it known at the end only. */
const LATE_ALONE = /^\{([A-Za-z]+)\}$/;
/** A line of text whose last word is known at the end only. */
const LATE_LAST = /^(.*[:：])\s*\{([A-Za-z]+)\}\s*$/;

/** The index of the line that ends a note's front matter; -1 where there is none. */
export function frontMatterEnd(lines: readonly string[]): number {
  if (lines[0]?.trimEnd() !== '---') return -1;
  return lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(line));
}

/**
 * Puts what is known at the start into a line. What is known at the end only is left out where it is the line's end, so that the note
 * reads well meanwhile; elsewhere its placeholder stays until then.
 */
export function fillLine(line: string, place: FactPlace, start: MeetingStart): FilledLine {
  const names = placeholdersIn(line);
  if (names.length === 0) return { text: line };
  const text = place === 'front' ? fillYaml(line, start) : fillText(line, start);
  const fact =
    names.find(isLateFact) ??
    names.find((name) => name === 'recording' || (name === 'title' && place === 'front' && isAlone(line, name)));
  return fact === undefined ? { text } : { text, fact: fact as PlacedFact };
}

function fillText(line: string, start: MeetingStart): string {
  const [, before, late = ''] = LATE_LAST.exec(line) ?? [];
  const open = before !== undefined && isLateFact(late) && !placeholdersIn(before).some(isLateFact) ? before : line;
  return fillPlaceholders(open, (name) => {
    if (!isStartFact(name)) return undefined;
    const value = oneLine(startValue(name, start));
    return name === 'recording' ? value : escapeMarkdown(value);
  });
}

function fillYaml(line: string, start: MeetingStart): string {
  const [, before, value = '', remark = ''] = YAML_LINE.exec(line) ?? [];
  const valueOf = (name: string): string | undefined =>
    isStartFact(name) ? oneLine(startValue(name, start)) : undefined;
  if (before === undefined) return fillPlaceholders(line, valueOf);
  const late = LATE_ALONE.exec(value)?.[1];
  if (late !== undefined && isLateFact(late)) return `${before}${emptyValue(late)}`.trimEnd() + remark;
  return `${before}${fillValue(value, valueOf)}`.trimEnd() + remark;
}

/** An empty list invites names; an empty value says that there is none yet. */
function emptyValue(fact: LateFact): string {
  return fact === 'attendees' ? '[]' : '';
}

/** A value stays within the quotes or the list that the template has around it; else it gets quotes where it needs them. */
function fillValue(value: string, valueOf: (name: string) => string | undefined): string {
  if (placeholdersIn(value).length === 0) return value;
  const within = (escape: (text: string) => string): string =>
    fillPlaceholders(value, (name) => {
      const text = valueOf(name);
      return text === undefined ? undefined : escape(text);
    });
  if (value.startsWith('"')) return within(withinQuotes);
  if (value.startsWith("'")) return within((text) => text.replaceAll("'", "''"));
  if (value.startsWith('[')) return within((text) => `"${withinQuotes(text)}"`);
  const filled = fillPlaceholders(value, valueOf);
  return filled === '' ? '' : yamlText(filled);
}

function isAlone(line: string, name: string): boolean {
  return YAML_LINE.exec(line)?.[2] === `{${name}}`;
}
