import { l10n, Uri, window } from 'vscode';
import { defined } from '../../core/async/defined';
import { isAbort, MinutesError, problemOf } from '../../core/errors';
import { taskOf, type Recording } from '../../core/model';
import { formatTime } from '../../core/notes/timestamps';
import type { RunPlan } from '../../core/transcription/fileTranscriber';
import { sentSince, type SelectionCost } from '../../core/transcription/selectionCost';
import type { Endpoint } from '../../core/endpoints/endpoint';
import type { PlacedEntry } from '../../core/transcript/logEntries';
import { askAboutKnown, type KnownRecording, type SameFileAnswer } from './askAboutKnown';
import type { Consent } from './consent';
import { describeWithRetry } from '../recording/continueLater';
import { MEDIA_ENDINGS } from '../contributed/mediaEndings';
import { endpointInForce, wishesInForce } from '../contributed/settings';
import { fileName, toLocalFile } from '../editor/localFiles';
import { showError, showInformation } from '../words/messages';
import { costOf, costOfSelection, costsLittle, mayCost } from './mayCost';
import { isThere } from '../notes/noteFiles';
import { openKnownNote, writeRunNote } from './runNote';
import { plain } from '../words/remedies';
import type { RunLog } from '../transcripts/runLog';
import type { FoundLog, RunLogs } from '../transcripts/runLogs';
import { tellGaps } from './tellGaps';
import {
  transcribeRecording,
  type FileJob,
  type TranscribeRecordingDependencies,
  type TranscriptionRun,
} from './transcribeRecording';
import { progressTitle, withTranscriptionProgress } from './transcriptionProgress';

interface Task {
  readonly file: Uri;
  readonly job: FileJob;
  /** Shared with the other files of the selection. */
  readonly costs: SelectionCost;
  /** The log to go on with. */
  readonly found?: FoundLog;
  /** The note, with its log, that a new transcription replaces. */
  readonly replaced?: FoundLog;
}

/** What the transcription of files needs. */
export interface TranscribeFileDependencies extends TranscribeRecordingDependencies {
  readonly consent: Consent;
  readonly logs: RunLogs;
  readonly closing: AbortSignal;
  /** The folder for copies of files that are not on this machine's disk. */
  readonly copiesFolder: Uri;
}

/**
 * **Minutes: Transcribe File…** and the explorer's **Transcribe Audio**: a recording becomes a note beside it. **Translate File to
 * English…** does the same with a note that is named after the language.
 */
export class TranscribeFile {
  private readonly underWay = new Set<string>();

  constructor(private readonly dependencies: TranscribeFileDependencies) {}

  /** Asks for the files. */
  async pick(job: FileJob): Promise<void> {
    const isTranslation = job === 'translation';
    const files = await window.showOpenDialog({
      title: isTranslation ? l10n.t('Translate File to English') : l10n.t('Transcribe File'),
      openLabel: isTranslation ? l10n.t('Translate') : l10n.t('Transcribe'),
      canSelectMany: true,
      filters: { [l10n.t('Audio and video')]: [...MEDIA_ENDINGS], [l10n.t('All files')]: ['*'] },
    });
    await this.all(files ?? [], job);
  }

  /**
   * Works on these files one after the other. Where some have notes already, it asks once what to do with those; where they cost more than
   * the user's threshold together, once whether to go on.
   */
  async all(files: readonly Uri[], job: FileJob): Promise<void> {
    const known = await this.known(files, job);
    const free = known.filter(({ found }) => !found.isBusy);
    const answer = free.length === 0 ? undefined : await askAboutKnown(free);
    const goesAgain = answer !== undefined && answer !== 'open';
    const costs = costOfSelection(files.length - known.length + (goesAgain ? free.length : 0));
    for (const file of files) {
      if (costs.isRefused) return;
      const task = { file, job, costs };
      const found = known.find((one) => one.file === file)?.found;
      if (found?.isBusy === true) {
        this.report(task, new MinutesError({ code: 'transcriptBusy', file: fileName(file) }));
        continue;
      }
      if (!found || goesAgain) costs.next();
      if (!found) await this.one(task);
      else if (answer !== undefined) await this.again(task, found, answer);
    }
  }

  /** Goes on with a run that was not finished, in its own note. */
  async continue(file: Uri, found: FoundLog): Promise<void> {
    const job = found.opened.task === 'translate' ? 'translation' : 'meeting';
    await this.one({ file, job, costs: costOfSelection(), found });
  }

  /**
   * The files with a note, or with a run that was not finished. Who deleted the note of a finished run wants a new one. A file that cannot
   * be looked at fails later, with its own message.
   */
  private async known(files: readonly Uri[], job: FileJob): Promise<KnownRecording[]> {
    const known: KnownRecording[] = [];
    for (const file of files) {
      if (this.underWay.has(idOf({ file, job }))) continue;
      const found = await this.dependencies.logs.ofFile(file, taskOf(job)).catch(() => undefined);
      if (!found) continue;
      const note = found.located?.note;
      if (!found.isSettled || (note !== undefined && (await isThere(Uri.parse(note))))) known.push({ file, found });
    }
    return known;
  }

  private async again(task: Task, found: FoundLog, answer: SameFileAnswer): Promise<void> {
    if (answer === 'open') await openKnownNote(task.file, found, this.dependencies.logs);
    if (answer === 'continue') await this.one({ ...task, found });
    if (answer === 'again') await this.one({ ...task, replaced: found });
    if (answer === 'second') await this.one(task);
  }

  private async one(task: Task): Promise<void> {
    const id = idOf(task);
    if (this.underWay.has(id)) {
      void showInformation(plain(l10n.t('"{0}" is being transcribed already.', fileName(task.file))));
      return;
    }
    this.underWay.add(id);
    try {
      const endpoint = endpointInForce();
      if (!(await this.dependencies.consent.isGiven(endpoint))) return;
      await this.transcribe(task, endpoint);
    } catch (error) {
      // The next start offers to go on.
      if (!this.dependencies.closing.aborted) this.report(task, error);
    } finally {
      this.underWay.delete(id);
    }
  }

  private async transcribe(task: Task, endpoint: Endpoint): Promise<void> {
    const { file, job, costs } = task;
    const { copiesFolder, closing } = this.dependencies;
    const transcriber = await this.dependencies.loadTranscriber();
    const local = await toLocalFile(file, copiesFolder);
    let kept: RunLog | undefined;
    try {
      const opened = await transcriber.open(local.path, fileName(file));
      const recording = local.modifiedMs === undefined ? opened : { ...opened, modifiedMs: local.modifiedMs };
      kept = await this.openLog(task, recording);
      const { log } = kept;
      const before = log.folded.answers;
      const run = await withTranscriptionProgress(progressTitle(recording.name, job), (signal, onEvent) => {
        const either = AbortSignal.any([signal, closing]);
        const mayBegin = (plan: RunPlan): Promise<boolean> => mayCost(recording.name, plan, endpoint, job, costs);
        const sendsEarly = (lengthS: number): boolean => costsLittle(lengthS, endpoint, job, costs);
        const wishes = { endpoint, job, log, signal: either, onEvent, mayBegin, sendsEarly };
        return transcribeRecording(recording, wishes, this.dependencies);
      });
      costs.sent(costOf(sentSince(before, log.folded.answers), endpoint, job));
      // Nobody stopped it: the next start goes on.
      if (closing.aborted) return;
      await this.settle(task, recording, kept, run);
    } finally {
      await kept?.leave();
      await local.release();
    }
  }

  /** Writes the note, and tells what is missing from it. */
  private async settle(task: Task, recording: Recording, kept: RunLog, run: TranscriptionRun): Promise<void> {
    const { transcript, failure } = run;
    if (transcript.segments.length === 0 && failure !== undefined) {
      // Silence that was answered for need not be asked for again.
      if (kept.log.folded.answers.length === 0 || problemOf(failure)?.code === 'noSpeech') await kept.discard();
      throw asError(failure);
    }
    // The old text stays until the new one is complete.
    if (failure !== undefined && kept.note && task.replaced) {
      await kept.leave();
      this.report(task, failure, run);
      return;
    }
    const note = await writeRunNote(task.file, recording, kept, run);
    if (failure !== undefined) {
      this.report(task, failure, run);
      return;
    }
    if (note) tellGaps(note, transcript);
  }

  private async openLog({ file, job, found, replaced }: Task, recording: Recording): Promise<RunLog> {
    const { logs } = this.dependencies;
    const origin = 'file';
    if (found) return logs.resume(found, defined({ origin, recording: file.toString(), note: found.located?.note }));
    const note = replaced?.located?.note;
    const located = defined({ origin, recording: file.toString(), note });
    const placed: readonly PlacedEntry[] = replaced ? await logs.takeOver(replaced) : [];
    return logs.begin(recording, taskOf(job), wishesInForce(job), located, ...placed);
  }

  /** Tells what went wrong, once, with buttons to go on. */
  private report(task: Task, error: unknown, run?: TranscriptionRun): void {
    const { file, job } = task;
    const again = async (): Promise<void> => {
      const found = await this.dependencies.logs.ofFile(file, taskOf(job)).catch(() => undefined);
      await this.one(found && !found.isSettled ? { ...task, found } : task);
    };
    if (isAbort(error)) {
      if (!run) return;
      const [at, of] = [formatTime(run.doneS), formatTime(run.totalS)];
      const text = task.replaced
        ? l10n.t('Stopped at {0} of {1}. The note is as it was; what was transcribed is kept.', at, of)
        : l10n.t('Stopped at {0} of {1}. The note holds what was transcribed.', at, of);
      void showInformation({ text, actions: [{ title: l10n.t('Continue'), run: again }] });
      return;
    }
    void showError(describeWithRetry(error, fileName(file), again));
  }
}

function idOf({ file, job }: Pick<Task, 'file' | 'job'>): string {
  return `${job} ${file.toString()}`;
}

function asError(failure: unknown): Error {
  return failure instanceof Error ? failure : new Error('failed', { cause: failure });
}
