import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { SpeechFile } from '../../speech';

/** A recording that every program can read. */
export interface WavFile extends SpeechFile {
  readonly wavFile: string;
}

/** With `--quick`, one in so many files of each kind. */
const QUICK = 16;
/** A window of Whisper's, in seconds. */
const WINDOW_S = 30;
/** A dictation is shorter than this. */
const SHORT_S = 6;
const WASM_FILES = 10;

/** Whether somebody speaks, whoever wrote it down. */
export function isSpeech({ kind }: SpeechFile): boolean {
  return kind !== 'noise' && kind !== 'silence';
}

function hasReference({ reference }: SpeechFile): boolean {
  return reference !== undefined && reference !== '';
}

export function isShort({ seconds }: SpeechFile): boolean {
  return seconds < SHORT_S;
}

/** Such as the meetings, that may have been cut into several windows. */
export function hasSeveralWindows({ seconds }: SpeechFile): boolean {
  return seconds >= WINDOW_S;
}

/** What a program is told of the language; nothing where several are spoken. */
export function languageOf({ language }: SpeechFile): string | undefined {
  return language.length === 2 ? language : undefined;
}

export function isEnglish(file: SpeechFile): boolean {
  return hasReference(file) && file.language === 'en';
}

export function isOtherLanguage(file: SpeechFile): boolean {
  return hasReference(file) && languageOf(file) !== undefined && file.language !== 'en';
}

/** The kinds of English speech that the report tells apart; each recording is of the first that it fits. */
const ENGLISH_KINDS: readonly (readonly [title: string, isOfKind: (file: SpeechFile) => boolean])[] = [
  ['meetings', isMeeting],
  ['LJ readings', ({ file }) => file.startsWith('lj/')],
  ['technical readings', ({ file }) => file.startsWith('tech/')],
  ['synthetic developer speech', ({ file }) => file.startsWith('dev/')],
  ['synthetic, sounds like a term', ({ file }) => file.startsWith('soundalike/')],
  ['other English', () => true],
];

/** The English recordings whose words are known, by kind of speech. */
export function englishKinds(files: readonly SpeechFile[]): [title: string, files: SpeechFile[]][] {
  const kindOf = (file: SpeechFile): string | undefined => ENGLISH_KINDS.find(([, isOfKind]) => isOfKind(file))?.[0];
  const english = files.filter(isEnglish);
  return ENGLISH_KINDS.map(([title]) => [title, english.filter((file) => kindOf(file) === title)]);
}

export function isMeeting({ kind }: SpeechFile): boolean {
  return kind === 'meeting';
}

/** A reading that has, or could have, an English original: technical texts that were read in several languages. */
export function isToTranslate(file: SpeechFile): boolean {
  return isOtherLanguage(file) && file.file.startsWith('tech/');
}

/** The same text read in English: its file differs in the locale alone. */
export function englishOriginal(file: SpeechFile, all: readonly SpeechFile[]): SpeechFile | undefined {
  const name = file.file.replace(/_[a-z]{2}-[A-Z]{2}_/, '_en-US_');
  return name === file.file ? undefined : all.find((other) => other.file === name);
}

/** Some recordings with speech, evenly over the folder: WebAssembly is slow. */
export function wasmFiles<File extends SpeechFile>(files: readonly File[], wanted = WASM_FILES): File[] {
  const speech = files.filter(isSpeech);
  const step = Math.max(1, speech.length / wanted);
  return speech.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step)).slice(0, wanted);
}

/** Every sixteenth file of each kind, the first among them, and the shortest of each language. */
export function quickFiles<File extends SpeechFile>(files: readonly File[]): File[] {
  const seen = new Map<string, number>();
  const shortest = new Map<string, File>();
  for (const file of files.toSorted((a, b) => b.seconds - a.seconds)) shortest.set(file.language, file);
  return files.filter((file) => {
    const count = seen.get(file.kind) ?? 0;
    seen.set(file.kind, count + 1);
    return count % QUICK === 0 || shortest.get(file.language) === file;
  });
}

/** Decodes recordings to 16 kHz mono 16-bit WAV, with the system's ffmpeg, so that no program spends time on that. */
export async function decodeAll(
  speechFolder: string,
  files: readonly SpeechFile[],
  folder: string,
): Promise<readonly WavFile[]> {
  const decoded: WavFile[] = [];
  for (const file of files) {
    const wavFile = path.join(folder, `${file.file.replaceAll('/', '-')}.wav`);
    const format = ['-ac', '1', '-ar', '16000', '-c:a', 'pcm_s16le', wavFile];
    await promisify(execFile)('ffmpeg', [
      '-nostdin',
      '-v',
      'error',
      '-i',
      path.join(speechFolder, file.file),
      ...format,
    ]);
    decoded.push({ ...file, wavFile });
  }
  return decoded;
}
