import { l10n, Selection, Uri, ViewColumn, window, workspace } from 'vscode';
import type { GrowingFile } from '../../core/audio/growingAudio';
import type { CaptureEntry } from '../../core/capture/captureEntry';
import { isAbort, MinutesError, problemOf } from '../../core/errors';
import type { LocatedEntry, PlacedBlock } from '../../core/transcript/logEntries';
import type { NoteEdit, Recording } from '../../core/model';
import { planNoteUpdate } from '../../core/notes/planNoteUpdate';
import { headBlocks, noteBlocks, openingNote } from '../../core/notes/renderNote';
import { formatFileDate } from '../../core/notes/timestamps';
import type { RecordingStore, UnfinishedRecording } from '../../core/capture/recordings';
import { isCapturing } from '../../core/capture/session';
import type { Endpoint } from '../../core/endpoints/endpoint';
import type { Consent } from '../transcription/consent';
import { describeWithRetry } from '../recording/continueLater';
import { applyEdits } from '../editor/applyEdits';
import { freeName } from '../editor/freeName';
import { fileName } from '../editor/localFiles';
import { describeFailure, describeProblem, showError, showInformation } from '../words/messages';
import { meetingFacts, noteFacts } from '../notes/noteFacts';
import type { RecordingSession } from '../recording/recordingSession';
import type { Recorded, RecordingListener, RecordingPlace, SessionRun } from '../recording/sessionRun';
import type { WorkState } from '../recording/workState';
import { plain } from '../words/remedies';
import { EarlyRun } from './earlyRun';
import { endpointInForce, wishesInForce } from '../contributed/settings';
import { rememberPlaced } from '../notes/noteFiles';
import type { RunLog } from '../transcripts/runLog';
import type { RunLogs } from '../transcripts/runLogs';
import { tellGaps } from '../transcription/tellGaps';
import {
  transcribeGrowing,
  transcribeRecording,
  type TranscribeRecordingDependencies,
} from '../transcription/transcribeRecording';
import { progressTitle, withTranscriptionProgress } from '../transcription/transcriptionProgress';

/** What recording a meeting needs. */
export interface RecordMeetingDependencies extends TranscribeRecordingDependencies {
  readonly session: RecordingSession;
  readonly work: WorkState;
  readonly loadStore: () => Promise<RecordingStore>;
  readonly consent: Consent;
  readonly logs: RunLogs;
  /** The folder for meetings when no folder of this machine is open. */
  readonly recordingsFolder: Uri;
}

/** **Minutes: Record Meeting**: opens a note, and fills it with what was said when the recording is stopped. */
export class RecordMeeting {
  constructor(private readonly dependencies: RecordMeetingDependencies) {}

  /** Starts a meeting, or stops the one that runs. */
  async toggle(): Promise<void> {
    const { session } = this.dependencies;
    const { state } = session;
    if (isCapturing(state)) {
      if (state.purpose === 'meeting') session.stop();
      else void showInformation(plain(l10n.t('A dictation is under way. Stop it first (Minutes: Stop Dictation).')));
      return;
    }
    await this.record();
  }

  /** Fills the note of a meeting that an earlier window did not finish. */
  async recover({ recording, startedMs, target }: UnfinishedRecording): Promise<void> {
    const endpoint = endpointInForce();
    if (!(await this.dependencies.consent.isGiven(endpoint))) return;
    const noteUri =
      target.kind === 'meeting' ? Uri.parse(target.note) : Uri.file(recording.path.replace(/\.wav$/, '.md'));
    const startedAt = new Date(startedMs);
    const opening = headBlocks(meetingFacts(recording.name, startedAt));
    await openOrCreate(noteUri, opening);
    const { logs, work } = this.dependencies;
    const uri = Uri.file(recording.path);
    const found = await logs.ofRecording(uri, recording, 'transcribe');
    const located = { origin: 'meeting', recording: uri.toString(), note: noteUri.toString() } as const;
    const kept = found
      ? await logs.resume(found, located)
      : await this.begin(located, recording.name, startedAt, opening);
    await work.during(() => this.fill(noteUri, recording, startedAt, kept, endpoint));
  }

  /** Makes the log of a meeting, which knows what stands in its note. */
  private async begin(
    located: Omit<LocatedEntry, 'kind'>,
    name: string,
    startedAt: Date,
    opening: readonly PlacedBlock[],
  ): Promise<RunLog> {
    const recording = { name, sizeBytes: 0, modifiedMs: startedAt.getTime() };
    const placed = { kind: 'placed', note: name.replace(/\.wav$/, '.md'), blocks: opening, removed: [] } as const;
    return this.dependencies.logs.begin(recording, 'transcribe', wishesInForce('meeting'), located, placed);
  }

  private async record(): Promise<void> {
    const { session, consent, recordingsFolder } = this.dependencies;
    const run = session.reserve('meeting');
    if (!run) return;
    try {
      const endpoint = endpointInForce();
      if (!(await consent.isGiven(endpoint))) {
        run.end('done');
        return;
      }
      const opened = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
      const folder = opened ?? recordingsFolder;
      const startedAt = new Date();
      const name = await freeName(folder, `meeting ${formatFileDate(startedAt)}`, ['md', 'wav'], ' ');
      const noteUri = Uri.joinPath(folder, `${name}.md`);
      const opening = headBlocks(meetingFacts(`${name}.wav`, startedAt));
      await openOrCreate(noteUri, opening);
      const target = { kind: 'meeting', note: noteUri.toString() } as const;
      const audio = Uri.joinPath(folder, `${name}.wav`).toString();
      const located = { origin: 'meeting', recording: audio, note: noteUri.toString() } as const;
      const kept = await this.begin(located, `${name}.wav`, startedAt, opening);
      const early = new EarlyRun((growing, signal, onEvent) =>
        transcribeGrowing(
          growing,
          `${name}.wav`,
          { endpoint, job: 'meeting', log: kept.log, signal, onEvent },
          this.dependencies,
        ),
      );
      const place = { folder: folder.fsPath, name, target };
      const recorded = await this.recordInto(kept, run, early, place, noteUri, opening);
      if (!recorded) {
        run.end('done');
        return;
      }
      if (recorded.failure !== undefined) void showError(describeFailure(recorded.failure));
      const isDone = await this.fill(noteUri, recorded.recording, startedAt, kept, endpoint, early);
      run.end(isDone ? 'done' : 'fail');
    } catch (error) {
      run.end('fail');
      void showError(describeFailure(error));
    }
  }

  /** Records, and tells the log what was captured when and where the microphone was lost. Without a recording there is no log. */
  private async recordInto(
    kept: RunLog,
    run: SessionRun,
    early: EarlyRun,
    place: RecordingPlace,
    note: Uri,
    opening: readonly PlacedBlock[],
  ): Promise<Recorded | undefined> {
    let recorded: Recorded | undefined;
    try {
      const listener = {
        onFile: (growing: GrowingFile, channels: readonly GrowingFile[]): void => {
          // Two sources are heard together, from the finished file.
          if (channels.length === 1) early.begin(growing);
        },
        onCapture: (entry: CaptureEntry): void => {
          void kept.append(entry);
        },
      };
      recorded = await recordOrTidyUp(run, listener, place, note, openingNote(opening));
      return recorded;
    } finally {
      // What ended the recording may have ended the early run as well: the run over the finished recording does the rest.
      if (recorded === undefined || recorded.failure !== undefined) await early.discard();
      if (!recorded) await kept.discard();
    }
  }

  /**
   * Fills the note with the recording's text. The recording stays beside the note, and is not offered again. False where it failed: then the
   * note is as it was, and the recording and the pieces transcribed so far are kept for another attempt.
   *
   * @param early what began while the meeting was recorded
   */
  private async fill(
    note: Uri,
    recording: Recording,
    startedAt: Date,
    kept: RunLog,
    endpoint: Endpoint,
    early?: EarlyRun,
  ): Promise<boolean> {
    const { work, consent, loadStore, logs } = this.dependencies;
    const { log } = kept;
    const run = await withTranscriptionProgress(
      progressTitle(recording.name, 'meeting'),
      async (signal, onEvent) =>
        (await early?.finish(signal, onEvent)) ??
        transcribeRecording(recording, { endpoint, job: 'meeting', log, signal, onEvent }, this.dependencies),
    );
    const problem = problemOf(run.failure);
    if (problem?.code === 'noSpeech') {
      await (await loadStore()).settle(recording.path);
      await kept.discard();
      void showInformation(describeProblem(problem));
      return true;
    }
    if (run.failure === undefined) {
      const facts = { ...noteFacts({ recording, task: 'transcribe', ...run }), recordedAt: startedAt };
      const blocks = noteBlocks(run.transcript, facts);
      await writeMeeting(note, (text) => planNoteUpdate(text, log.placed, blocks));
      await rememberPlaced(log, note, blocks);
      await kept.finish(note, true);
      await (await loadStore()).settle(recording.path);
      tellGaps(note, run.transcript);
      return true;
    }
    await kept.leave();
    const again = async (): Promise<void> => {
      try {
        // The settings may have changed since the first attempt.
        const endpointNow = endpointInForce();
        if (!(await consent.isGiven(endpointNow))) return;
        const found = await logs.ofNote(note);
        if (!found?.located) throw new MinutesError({ code: 'recordingGone', file: recording.name });
        const resumed = await logs.resume(found, found.located);
        await work.during(() => this.fill(note, recording, startedAt, resumed, endpointNow));
      } catch (error) {
        void showError(describeFailure(error));
      }
    };
    if (isAbort(run.failure)) {
      const text = l10n.t('Stopped. The recording {0} is kept, and so is what was transcribed.', recording.name);
      void showInformation({ text, actions: [{ title: l10n.t('Continue'), run: again }] });
    } else void showError(describeWithRetry(run.failure, recording.name, again));
    return false;
  }
}

/** Records a meeting. Where nothing was recorded, the note is deleted again, unless somebody wrote into it. */
async function recordOrTidyUp(
  run: SessionRun,
  listener: RecordingListener,
  place: RecordingPlace,
  note: Uri,
  opening: string,
): Promise<Recorded | undefined> {
  const tidyUp = async (): Promise<void> => {
    const document = await workspace.openTextDocument(note);
    if (document.getText() === opening) await workspace.fs.delete(note);
  };
  let recorded: Recorded | undefined;
  try {
    recorded = await run.record(place, listener);
    return recorded;
  } finally {
    const audio = Uri.file(`${place.folder}/${place.name}.wav`);
    const isAudioThere = await workspace.fs.stat(audio).then(
      () => true,
      () => false,
    );
    // The user must learn of the failed recording, not of a failure to delete the note.
    if (!recorded && !isAudioThere) await tidyUp().catch(() => undefined);
  }
}

async function writeMeeting(note: Uri, plan: (documentText: string) => readonly NoteEdit[]): Promise<void> {
  const document = await workspace.openTextDocument(note);
  if (!(await applyEdits(document, plan))) {
    throw new Error(l10n.t('The note {0} could not be changed; the recording beside it is kept.', fileName(note)));
  }
  if (!(await document.save())) {
    void showInformation(plain(l10n.t('The note could not be saved. Save {0} yourself.', fileName(note))));
  }
}

async function openOrCreate(uri: Uri, opening: readonly PlacedBlock[]): Promise<void> {
  const exists = await workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  if (!exists) await workspace.fs.writeFile(uri, new TextEncoder().encode(openingNote(opening)));
  const document = await workspace.openTextDocument(uri);
  const editor = await window.showTextDocument(document, { preview: false, viewColumn: ViewColumn.Active });
  const end = document.positionAt(document.getText().length);
  // The caret stands below the heading, for notes during the meeting.
  editor.selection = new Selection(end, end);
}
