import { formatDate } from '../timestamps';

/** What a template's placeholders stand for when a meeting begins. */
export interface MeetingStart {
  readonly startedAt: Date;
  /** The heading before the user types one. */
  readonly title: string;
  /** Absent where the folder is in no git repository, or git's extension is not there. */
  readonly branch?: string;
  readonly repository?: string;
  /** The recording's file name with its ending. */
  readonly recording: string;
}

/** The placeholders that are known when a meeting begins. */
export type StartFact = 'date' | 'time' | 'title' | 'branch' | 'repository' | 'recording';
/** The placeholders that are known when it is over. */
export type LateFact = 'length' | 'language' | 'model' | 'attendees';

const START_FACTS: ReadonlySet<string> = new Set<StartFact>([
  'date',
  'time',
  'title',
  'branch',
  'repository',
  'recording',
]);
const LATE_FACTS: ReadonlySet<string> = new Set<LateFact>(['length', 'language', 'model', 'attendees']);
/** Placeholders that mark a place. */
const PLACES: ReadonlySet<string> = new Set(['caret', 'transcript']);

/** A placeholder. Doubled braces, as other programs' templates have them, are none. */
const PLACEHOLDER = /(?<!\{)\{([A-Za-z]+)\}(?!\})/g;

/** Whether a placeholder's name is known at the start. */
export function isStartFact(name: string): name is StartFact {
  return START_FACTS.has(name);
}

/** Whether a placeholder's name is known at the end. */
export function isLateFact(name: string): name is LateFact {
  return LATE_FACTS.has(name);
}

/** The names of the placeholders in a text, in order. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
}

/** The names in a template, or in a pattern of file names, that Minutes does not know: each once. They stay in the text as they are. */
export function unknownPlaceholders(text: string): string[] {
  const isKnown = (name: string): boolean => isStartFact(name) || isLateFact(name) || PLACES.has(name);
  return [...new Set(placeholdersIn(text))].filter((name) => !isKnown(name));
}

/**
 * Puts values in place of placeholders.
 *
 * @param valueOf gives undefined where the placeholder stays as it is
 */
export function fillPlaceholders(text: string, valueOf: (name: string) => string | undefined): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => valueOf(name) ?? whole);
}

/** What a placeholder that is known at the start stands for in a note; empty where there is no such thing. */
export function startValue(name: StartFact, start: MeetingStart): string {
  const [date = '', time = ''] = formatDate(start.startedAt).split(' ');
  const values = { date, time, title: start.title, recording: start.recording };
  return name === 'branch' || name === 'repository' ? (start[name] ?? '') : values[name];
}
