import { EventEmitter, Uri, workspace, type Disposable, type Event } from 'vscode';
import { defined } from '../../core/async/defined';
import { MinutesError } from '../../core/errors';
import { taskOf, type Recording, type SpeechTask } from '../../core/model';
import type { TranscriptionWishes } from '../../core/transcription/fileTranscriber';
import type { LocatedEntry, LoggedRecording, PlacedEntry, TranscriptEntry } from '../../core/transcript/logEntries';
import { LOG_ENDING } from '../../core/transcript/logName';
import { logLine, openedOf, parseLog } from '../../core/transcript/parseLog';
import { openedEntry, TranscriptLog } from '../../core/transcript/transcriptLog';
import { keptTranscript, type KeptTranscript, type TranscriptStore } from '../../core/transcript/transcriptStore';
import { wishesInForce } from '../contributed/settings';
import { fileName } from '../editor/localFiles';
import type { NoteGaps } from '../notes/gapLenses';
import { logUriOf, RunLog } from './runLog';

/** A log that was found, and its text where it does not lie in our storage. */
export interface FoundLog extends KeptTranscript {
  /** The text of a log beside a note. */
  readonly text?: string;
}

/** Finds the logs of recordings and notes: in our storage while a run is alive, beside the note afterwards. */
export class RunLogs implements Disposable {
  private readonly changed = new EventEmitter<void>();
  /** A log beside a note has changed. */
  readonly onDidChange: Event<void> = this.changed.event;

  /** @param folder where the store keeps its logs */
  constructor(
    private readonly loadStore: () => Promise<TranscriptStore>,
    private readonly folder: Uri,
  ) {}

  dispose(): void {
    this.changed.dispose();
  }

  /** The logs in our storage. Where there is none, which is usual at the start, the store's code is not loaded. */
  async stored(): Promise<readonly KeptTranscript[]> {
    const files = await workspace.fs.readDirectory(this.folder).then(undefined, () => []);
    if (files.length === 0) return [];
    return (await this.loadStore()).list();
  }

  /** The latest log of a recording: the same file, unchanged, for the same task. */
  async ofRecording(
    recording: Uri,
    { sizeBytes }: Pick<Recording, 'sizeBytes'>,
    task: SpeechTask,
  ): Promise<FoundLog | undefined> {
    const isSame = ({ opened }: KeptTranscript): boolean =>
      // The size of a recording that is being made is not known.
      opened.task === task && (opened.recording.sizeBytes === sizeBytes || opened.recording.sizeBytes === 0);
    const stored = (await this.stored()).filter(
      (kept) => kept.located?.recording === recording.toString() && isSame(kept),
    );
    const beside = (await this.besideRecording(recording)).filter(isSame);
    return stored.at(-1) ?? beside.at(-1);
  }

  /** The latest log of a file. @throws FileSystemError where the file cannot be looked at */
  async ofFile(file: Uri, task: SpeechTask): Promise<FoundLog | undefined> {
    const { size } = await workspace.fs.stat(file);
    return this.ofRecording(file, { sizeBytes: size }, task);
  }

  /** What a log knows of its note, for a new log that takes its place. The old one is deleted where it lies in our storage. */
  async takeOver(found: FoundLog): Promise<PlacedEntry[]> {
    const kept = await this.resume(found, found.located ?? { origin: 'file', recording: '' });
    const { placed } = kept.log;
    await kept.discard();
    const note = found.located?.note;
    if (placed.length === 0 || note === undefined) return [];
    return [{ kind: 'placed', note: fileName(Uri.parse(note)), blocks: placed, removed: [] }];
  }

  /** The log of a note. */
  async ofNote(note: Uri): Promise<FoundLog | undefined> {
    const stored = (await this.stored()).filter(({ located }) => located?.note === note.toString());
    return stored.at(-1) ?? (await readBeside(logUriOf(note)));
  }

  /** The gaps of a note, from the log beside it. Undefined where there is none. */
  async gapsOfNote(note: Uri): Promise<NoteGaps | undefined> {
    const log = await this.besideNote(note);
    return log && { gaps: log.folded.gaps, placed: log.placed };
  }

  /** What the log beside a note says. Undefined where there is none. */
  async besideNote(note: Uri): Promise<TranscriptLog | undefined> {
    const found = await readBeside(logUriOf(note));
    return found?.text === undefined ? undefined : new TranscriptLog(parseLog(found.text));
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
    return this.runLog(log, found.id, store);
  }

  /** Deletes a log in our storage. */
  async remove({ id }: KeptTranscript): Promise<void> {
    await (await this.loadStore()).remove(id);
  }

  private async beginWith(lines: string): Promise<RunLog> {
    const store = await this.loadStore();
    const id = globalThis.crypto.randomUUID();
    return this.runLog(await store.begin(id, lines), id, store);
  }

  private runLog(log: TranscriptLog, id: string, store: TranscriptStore): RunLog {
    return new RunLog(log, id, store, () => {
      this.changed.fire();
    });
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
    return found.flatMap((log, index) => {
      if (!log || log.opened.recording.name === name) return log ?? [];
      // A meeting's files may have been renamed together.
      const { recording } = log.opened;
      const ending = name.slice(stem.length);
      const isRenamed = logs[index] === stem + LOG_ENDING && recording.sizeBytes === 0;
      return isRenamed && recording.name.endsWith(ending) ? log : [];
    });
  }
}

/** The log of a recording that Minutes made: that of an earlier try, or a new one. */
export async function logOfRecording(
  recording: Recording,
  origin: 'dictation' | 'meeting',
  logs: RunLogs,
): Promise<RunLog> {
  const uri = Uri.file(recording.path);
  const located = { origin, recording: uri.toString() };
  const found = await logs.ofRecording(uri, recording, taskOf(origin));
  if (found) return logs.resume(found, defined({ ...located, note: found.located?.note }));
  return logs.begin(recording, taskOf(origin), wishesInForce(origin), located);
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
