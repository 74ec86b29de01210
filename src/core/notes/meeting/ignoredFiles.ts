import ignore from 'ignore';
import type { NoteEdit } from '../../model';
import { LOG_ENDING } from '../../transcript/logName';
import { commonName } from './meetingName';

/** A file of git's patterns, and the folder that they count from, relative to the working tree; empty for its root, else it ends in `/`. */
export interface IgnoreFile {
  readonly folder: string;
  readonly text: string;
}

/** A file that Minutes makes, and a pattern that ignores all files of its kind. */
export interface MadeFile {
  /** Relative to the working tree, parted by `/`. */
  readonly path: string;
  readonly pattern: string;
}

/** What goes before the patterns. */
const REMARK = '# Minutes: recordings of meetings and their logs';

/**
 * The recording and the log of a meeting, as far as they lie in a working tree.
 *
 * @param folder where they lie, relative to the working tree; empty for its root, else it ends in `/`
 * @param name the files' name without an ending
 * @param namePattern what names are made of, with placeholders
 * @param hasRecording whether the recording lies there as well
 */
export function madeFiles(
  folder: string,
  name: string,
  namePattern: string,
  hasRecording: boolean,
): readonly MadeFile[] {
  const log = { path: `${folder}${name}${LOG_ENDING}`, pattern: `*${LOG_ENDING}` };
  if (!hasRecording) return [log];
  const recording = { path: `${folder}${name}.wav`, pattern: recordingPattern(folder, namePattern) };
  return [recording, log];
}

/**
 * Whether git ignores a file of the working tree, as far as these files tell; the deepest folder has the last word.
 *
 * @param path relative to the working tree, parted by `/`
 */
export function isIgnored(path: string, files: readonly IgnoreFile[]): boolean {
  let isIn = false;
  for (const { folder, text } of files.toSorted((a, b) => a.folder.length - b.folder.length)) {
    if (!path.startsWith(folder)) continue;
    const found = ignore().add(text).test(path.slice(folder.length));
    if (found.ignored) isIn = true;
    else if (found.unignored) isIn = false;
  }
  return isIn;
}

/** Adds patterns to a file of git's patterns, each where it is not there already. It goes on with the file's own line ends. */
export function ignoreEdits(text: string, patterns: readonly string[]): readonly NoteEdit[] {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  const fresh = [...new Set(patterns)].filter((pattern) => !lines.includes(pattern));
  if (fresh.length === 0) return [];
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const parting = text === '' ? '' : text.endsWith('\n') ? lineEnd : lineEnd + lineEnd;
  const added = [REMARK, ...fresh].map((line) => line + lineEnd).join('');
  return [{ offset: text.length, removedLength: 0, text: parting + added }];
}

/** Names that have nothing in common are told by the folder. */
function recordingPattern(folder: string, namePattern: string): string {
  const common = commonName(namePattern);
  const inFolder = folder.replace(/[[\]*?!#\\]/g, '?');
  return common === '' ? `/${inFolder}*.wav` : `${common}*.wav`.replace(/\*{2,}/g, '*');
}
