import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defined } from '../src/core/async/defined';

/** Real speech for tests: a large folder beside the project, and a few recordings within it. */

const MANIFEST = 'MANIFEST.json';

export interface SpokenWordTime {
  /** Seconds from the file's start. */
  readonly start: number;
  readonly end: number;
  readonly word: string;
  readonly speaker?: string;
}

/** An identifier or a name that is said. */
export interface SpokenTerm {
  readonly term: string;
  /** How it is spoken, where that differs from how it is written. */
  readonly said?: string;
  readonly type?: string;
  /** How often it is said; 1 where nobody counted. */
  readonly count: number;
}

/** One recording of the folder, as its MANIFEST.json tells it. */
export interface SpeechFile {
  /** Relative to the folder. */
  readonly file: string;
  readonly seconds: number;
  /** Such as "speech", "read", "meeting", "noise", "silence". */
  readonly kind: string;
  /** ISO-639-1. */
  readonly language: string;
  readonly sampleRateHz?: number;
  readonly speakers?: number;
  /** What is said; absent where nobody knows or nothing is said. */
  readonly reference?: string;
  /** Empty where nobody timed the words. */
  readonly wordTimes: readonly SpokenWordTime[];
  readonly terms: readonly SpokenTerm[];
  /** What a recogniser that is biased too much would write in this recording's place. */
  readonly mustNotBecome?: string;
}

/** A folder with a MANIFEST.json. */
export interface SpeechFolder {
  readonly folder: string;
  readonly manifest: readonly SpeechFile[];
}

/** The project's folder, from wherever this was bundled to. */
export function projectRoot(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file) && asRecord(JSON.parse(readFileSync(file, 'utf8')))['name'] === 'minutes') return folder;
    if (path.dirname(folder) === folder) throw new Error(`${__dirname} lies in no folder of the project minutes`);
  }
}

/** The folder that `MINUTES_TEST_SPEECH` names, `../shared/speech` beside the project where it names none; or why there is none. */
export function largeSpeechFolder(): SpeechFolder | { readonly absent: string } {
  const root = projectRoot();
  const folder = path.resolve(root, process.env['MINUTES_TEST_SPEECH'] ?? path.join('..', 'shared', 'speech'));
  if (existsSync(path.join(folder, MANIFEST))) return readSpeechFolder(folder);
  return { absent: `there is no ${MANIFEST} in ${path.relative(root, folder)}` };
}

/** The large folder; where there is none, the few recordings that come with the project, which are some of the same. */
export function speechFolder(): SpeechFolder {
  const large = largeSpeechFolder();
  return 'absent' in large ? committedSpeech() : large;
}

/** The recordings that come with the project. */
export function committedSpeech(): SpeechFolder {
  return readSpeechFolder(inFixtures('speech'));
}

/** Skips the running test where the folder lacks one of these recordings, saying which. */
export function needRecordings(context: Mocha.Context, speech: SpeechFolder, ...files: readonly string[]): void {
  const missing = files.filter((file) => !hasRecording(speech, file));
  if (missing.length > 0) skipWithReason(context, lacks(speech, missing.join(', ')));
}

/**
 * Those of the folder's recordings that a test is about; skips the running test where there is none.
 *
 * @param what a word for such a recording, of which the reason says that there is none: "meeting"
 */
export function recordingsOf(
  context: Mocha.Context,
  speech: SpeechFolder,
  what: string,
  isOne: (file: SpeechFile) => boolean,
): readonly SpeechFile[] {
  const files = speech.manifest.filter(isOne);
  if (files.length === 0) skipWithReason(context, lacks(speech, what));
  return files;
}

/** Whether the folder has this recording. */
export function hasRecording({ manifest }: SpeechFolder, file: string): boolean {
  return manifest.some((entry) => entry.file === file);
}

/** Eleven seconds of clear speech, 16 kHz mono 16 bit: "… ask not what your country can do for you …". */
export function jfkWav(): string {
  return inFixtures('speech', 'jfk.wav');
}

/** What is committed for tests. */
export function inFixtures(...names: readonly string[]): string {
  return path.join(projectRoot(), 'test', 'fixtures', ...names);
}

/** Skips the running test, saying why. */
export function skipWithReason(context: Mocha.Context, reason: string): never {
  console.log(`      skipped: ${reason}`);
  context.skip();
}

function lacks({ folder }: SpeechFolder, what: string): string {
  return `${path.relative(projectRoot(), folder)} has no ${what}`;
}

function readSpeechFolder(folder: string): SpeechFolder {
  const file = path.join(folder, MANIFEST);
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(manifest)) throw new Error(`${file} is no list`);
  return { folder, manifest: manifest.map((entry, i) => parseEntry(entry, `${file}, entry ${i}`)) };
}

function parseEntry(value: unknown, where: string): SpeechFile {
  const entry = asRecord(value);
  const need = <Value>(name: string, read: (given: unknown) => Value | undefined): Value => {
    const found = read(entry[name]);
    if (found === undefined) throw new Error(`${where} has no ${name}`);
    return found;
  };
  const sampleRateHz = asNumber(entry['sample_rate']);
  const speakers = asNumber(entry['speakers']);
  const reference = asString(entry['reference']);
  const mustNotBecome = asString(entry['must_not_become']);
  return defined({
    file: need('file', asString),
    seconds: need('seconds', asNumber),
    kind: need('kind', asString),
    language: need('language', asString),
    wordTimes: asArray(entry['word_times']).map((word, i) => parseWordTime(word, `${where}, word ${i}`)),
    terms: asArray(entry['terms']).map((term, i) => parseTerm(term, `${where}, term ${i}`)),
    sampleRateHz,
    speakers,
    reference,
    mustNotBecome,
  });
}

function parseWordTime(value: unknown, where: string): SpokenWordTime {
  const entry = asRecord(value);
  const [start, end, word] = [asNumber(entry['start']), asNumber(entry['end']), asString(entry['word'])];
  if (start === undefined || end === undefined || word === undefined) throw new Error(`${where} is incomplete`);
  const speaker = asString(entry['speaker']);
  return defined({ start, end, word, speaker });
}

function parseTerm(value: unknown, where: string): SpokenTerm {
  const entry = asRecord(value);
  // Another folder may list bare words.
  const term = asString(entry['term']) ?? asString(value);
  if (term === undefined) throw new Error(`${where} is incomplete`);
  const [said, type] = [asString(entry['said']), asString(entry['type'])];
  return defined({
    term,
    count: asNumber(entry['count']) ?? 1,
    said,
    type,
  });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
