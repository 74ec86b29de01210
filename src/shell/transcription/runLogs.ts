import { Uri, workspace } from 'vscode';
import { defined } from '../../core/async/defined';
import { MinutesError } from '../../core/errors';
import type { Recording, SpeechTask } from '../../core/model';
import type { TranscriptionWishes } from '../../core/transcription/fileTranscriber';
import type { LocatedEntry, LoggedRecording, TranscriptEntry } from '../../core/transcript/logEntries';
import { LOG_ENDING } from '../../core/transcript/logName';
import { logLine, openedOf, parseLog } from '../../core/transcript/parseLog';
import { openedEntry, TranscriptLog } from '../../core/transcript/transcriptLog';
import { keptTranscript, type KeptTranscript, type TranscriptStore } from '../../core/transcript/transcriptStore';
import { fileName } from '../editor/localFiles';
import { logUriOf, RunLog } from './runLog';

/** A log that was found, and its text where it does not lie in our storage. */
export interface FoundLog extends KeptTranscript {
  /** The text of a log beside a note. */
  readonly text?: string;
}

/** Finds the logs of recordings and notes: in our storage while a run is alive, beside the note afterwards. */
export class RunLogs {
  constructor(private readonly loadStore: () => Promise<TranscriptStore>) {}

  /** The logs in our storage. */
  async stored(): Promise<readonly KeptTranscript[]> {
    return (await this.loadStore()).list();
  }

  /** The latest log of a recording: the same file, unchanged, for the same task. */
  async ofRecording(recording: Uri, { sizeBytes }: Pick<Recording, 'sizeBytes'>, task: SpeechTask): Promise<FoundLog | undefined> {
    const isSame = ({ opened }: KeptTranscript): boolean =>
      // The size of a recording that is being made is not known.
      opened.task === task && (opened.recording.sizeBytes === sizeBytes || opened.recording.sizeBytes === 0);
    const stored = (await this.stored()).filter(
      (kept) => kept.located?.recording === recording.toString() && isSame(kept),
    );
    const beside = (await this.besideRecording(recording)).filter(isSame);
    return stored.at(-1) ?? beside.at(-1);
  }

  /** The log of a note. */
  async ofNote(note: Uri): Promise<FoundLog | undefined> {
    const stored = (await this.stored()).filter(({ located }) => located?.note === note.toString());
    return stored.at(-1) ?? (await readBeside(logUriOf(note)));
  }

  /** Makes a log. */
  async begin(
    recording: LoggedRecording,
    task: SpeechTask,
    wishes: Pick<TranscriptionWishes, 'language' | 'chineseScript'>,
    located: Omit<LocatedEntry, 'kind'>,
    ...more: readonly TranscriptEntry[]
  ): Promise<RunLog> {
    const { name, sizeBytes, modifiedMs } = recording;
    const { language, chineseScript } = wishes;
    const about = defined({ recording: { name, sizeBytes, modifiedMs }, task, language, chineseScript });
    return this.beginWith(linesOf([openedEntry(about), { kind: 'located', ...located }, ...more]));
  }

  /**
   * Goes on with a log.
   *
   * @throws MinutesError `transcriptBusy`
   */
  async resume(found: FoundLog, located: Omit<LocatedEntry, 'kind'>): Promise<RunLog> {
    const { text } = found;
    if (text !== undefined) return this.beginWith(text + linesOf([{ kind: 'located', ...located }]));
    const store = await this.loadStore();
    const log = await store.open(found.id);
    if (!log) throw new MinutesError({ code: 'recordingGone', file: found.opened.recording.name });
    await log.append({ kind: 'located', ...located });
    return new RunLog(log, found.id, store);
  }

  /** Deletes a log in our storage. */
  async remove({ id }: KeptTranscript): Promise<void> {
    await (await this.loadStore()).remove(id);
  }

  private async beginWith(lines: string): Promise<RunLog> {
    const store = await this.loadStore();
    const id = globalThis.crypto.randomUUID();
    return new RunLog(await store.begin(id, lines), id, store);
  }

  private async besideRecording(recording: Uri): Promise<FoundLog[]> {
    const folder = Uri.joinPath(recording, '..');
    const name = fileName(recording);
    const stem = name.replace(/(?<=.)\.[^.]+$/, '');
    const names = await workspace.fs.readDirectory(folder).then(
      (entries) => entries.map(([entry]) => entry),
      () => [],
    );
    const logs = names.filter((entry) => entry.startsWith(stem) && entry.endsWith(LOG_ENDING));
    const found = await Promise.all(logs.map((entry) => readBeside(Uri.joinPath(folder, entry))));
    return found.filter((log) => log?.opened.recording.name === name).flatMap((log) => log ?? []);
  }
}

async function readBeside(uri: Uri): Promise<FoundLog | undefined> {
  const text = await workspace.fs.readFile(uri).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => '',
  );
  const entries = parseLog(text);
  if (!openedOf(entries)) return undefined;
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  const note = Uri.joinPath(uri, '..', `${fileName(uri).slice(0, -LOG_ENDING.length)}.md`).toString();
  const kept = keptTranscript(uri.toString(), new TranscriptLog(entries));
  const recording = Uri.joinPath(uri, '..', kept.opened.recording.name).toString();
  return { ...kept, located: { kind: 'located', origin: 'file', recording, note }, isBusy: false, text: whole };
}

function linesOf(entries: readonly TranscriptEntry[]): string {
  const writtenMs = Date.now();
  return entries.map((entry) => logLine({ ...entry, writtenMs })).join('');
}
