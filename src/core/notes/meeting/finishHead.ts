import { defined } from '../../async/defined';
import type { PlacedBlock } from '../../transcript/logEntries';
import { escapeMarkdown, oneLine, plainText } from '../markdownText';
import { formatTime } from '../timestamps';
import { factOf, HEADING_ID, type FactPlace, type PlacedFact } from './meetingBlocks';
import { fillPlaceholders } from './placeholders';
import { yamlList, yamlText } from './yamlText';

/** What is known of a meeting when it is over. What is absent stays open in the note. */
export interface MeetingEnd {
  readonly lengthS?: number;
  /** ISO-639-1. */
  readonly language?: string;
  /** Which model wrote the text, and where it ran. */
  readonly model?: string;
  /** Names that were said and are known. */
  readonly attendees?: readonly string[];
  /** The heading that the user typed, as plain text. */
  readonly title?: string;
  /** The recording's new file name, and the one it had. */
  readonly renamed?: { readonly from: string; readonly to: string };
}

/** A heading of the first level. */
const FIRST_LEVEL = /^#[ \t]+(.*?)[ \t]*#*[ \t]*\r?$/m;
/** A line whose value is still to come; front matter may have a remark behind it. */
const OPEN = { front: /^([^"']*:)(?: \[\])?( +#.*)?$/, body: /^(.*[:：])()$/ } as const;

/**
 * The lines of a meeting's note with what is known at its end. Only lines that stand as Minutes wrote them are replaced
 * (`planNoteUpdate`), and a line that has its value keeps it.
 *
 * @param placed the note's blocks as Minutes wrote them
 * @returns all blocks, those with a new text among them
 */
export function finishHead(placed: readonly PlacedBlock[], end: MeetingEnd): PlacedBlock[] {
  return placed.map((block) => {
    const about = factOf(block);
    if (!about) return block;
    const text = finishLine(block.text, about.place, about.fact, end);
    return { ...block, text: end.renamed ? text.replaceAll(end.renamed.from, end.renamed.to) : text };
  });
}

/** The text of the note's first heading where the user changed it. Undefined where they did not, or it is empty. */
export function changedHeading(documentText: string, placed: readonly PlacedBlock[]): string | undefined {
  const written = placed.find(({ id }) => id === HEADING_ID)?.text;
  const body = documentText.replace(/^---\r?\n[^]*?\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/, '');
  const found = FIRST_LEVEL.exec(body);
  if (written === undefined || !found || found[0].trimEnd() === written.trimEnd()) return undefined;
  return plainText(found[1] ?? '') || undefined;
}

function finishLine(text: string, place: FactPlace, fact: PlacedFact, end: MeetingEnd): string {
  const { title } = end;
  if (fact === 'recording') return text;
  if (fact === 'title') return title === undefined ? text : withValue(text.replace(/:.*$/, ':'), yamlText(title));
  const values = valuesOf(end, place);
  const value = values[fact];
  const [, before, remark = ''] = OPEN[place].exec(text) ?? [];
  if (before !== undefined) return value === undefined ? text : withValue(before, value) + remark;
  const byName: Readonly<Record<string, string | undefined>> = values;
  return fillPlaceholders(text, (name) => byName[name]);
}

function valuesOf(end: MeetingEnd, place: FactPlace): Partial<Record<PlacedFact, string>> {
  const { lengthS, language, model, attendees = [] } = end;
  const written = place === 'front' ? yamlText : (text: string): string => escapeMarkdown(oneLine(text));
  const names = place === 'front' ? yamlList(attendees) : written(attendees.join(', '));
  return defined({
    length: lengthS === undefined ? undefined : written(formatTime(lengthS)),
    language: language === undefined ? undefined : written(language),
    model: model === undefined ? undefined : written(model),
    attendees: attendees.length === 0 ? undefined : names,
  });
}

/** A colon of Chinese or Japanese brings its own room. */
function withValue(before: string, value: string): string {
  return before.endsWith('：') ? `${before}${value}` : `${before} ${value}`;
}
