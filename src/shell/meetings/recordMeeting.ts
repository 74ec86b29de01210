import { l10n, Selection, Uri, ViewColumn, window, workspace } from 'vscode';
import { isAbort, problemOf } from '../../core/errors';
import type { NoteEdit, Recording } from '../../core/model';
import { openingNote, planMeetingNote } from '../../core/notes/planMeetingNote';
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
import type { Recorded, RecordingPlace, RecordingSession, SessionRun } from '../recording/recordingSession';
import type { WorkState } from '../recording/workState';
import { plain } from '../words/remedies';
import { endpointInForce } from '../contributed/settings';
import { transcribeRecording, type TranscribeRecordingDependencies } from '../transcription/transcribeRecording';
import { progressTitle, withTranscriptionProgress } from '../transcription/transcriptionProgress';

/** What recording a meeting needs. */
export interface RecordMeetingDependencies extends TranscribeRecordingDependencies {
  readonly session: RecordingSession;
  readonly work: WorkState;
  readonly loadStore: () => Promise<RecordingStore>;
  readonly consent: Consent;
  /** The folder for meetings when no folder of this machine is open. */
  readonly recordingsFolder: Uri;
}

/** A meeting, with the opening text of its note. */
interface Meeting {
  readonly startedAt: Date;
  readonly opening: string;
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
      else void showInformation(plain(l10n.t('A dictation is under way. Stop it first (Minutes: Dictate).')));
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
    const meeting = {
      startedAt: new Date(startedMs),
      opening: openingNote(meetingFacts(recording.name, new Date(startedMs))),
    };
    await openOrCreate(noteUri, meeting.opening);
    await this.dependencies.work.during(() => this.fill(noteUri, recording, meeting, endpoint));
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
      const meeting = { startedAt, opening: openingNote(meetingFacts(`${name}.wav`, startedAt)) };
      await openOrCreate(noteUri, meeting.opening);
      const target = { kind: 'meeting', note: noteUri.toString() } as const;
      const recorded = await recordOrTidyUp(run, { folder: folder.fsPath, name, target }, noteUri, meeting);
      if (!recorded) {
        run.end('done');
        return;
      }
      if (recorded.failure !== undefined) void showError(describeFailure(recorded.failure));
      const isDone = await this.fill(noteUri, recorded.recording, meeting, endpoint);
      run.end(isDone ? 'done' : 'fail');
    } catch (error) {
      run.end('fail');
      void showError(describeFailure(error));
    }
  }

  /**
   * Fills the note with the recording's text. The recording stays beside the note, and is not offered again. False where it failed: then the
   * note is as it was, and the recording and the pieces transcribed so far are kept for another attempt.
   */
  private async fill(note: Uri, recording: Recording, meeting: Meeting, endpoint: Endpoint): Promise<boolean> {
    const { work, consent, loadStore, loadTranscriber } = this.dependencies;
    const run = await withTranscriptionProgress(progressTitle(recording.name, 'meeting'), (signal, onEvent) =>
      transcribeRecording(recording, endpoint, 'meeting', this.dependencies, signal, onEvent),
    );
    const problem = problemOf(run.failure);
    if (problem?.code === 'noSpeech') {
      await (await loadStore()).settle(recording.path);
      void showInformation(describeProblem(problem));
      return true;
    }
    if (run.failure === undefined) {
      const facts = { ...noteFacts({ recording, endpoint, job: 'meeting', ...run }), recordedAt: meeting.startedAt };
      await writeMeeting(note, (text) => planMeetingNote(text, meeting.opening, run.transcript, facts));
      await (await loadStore()).settle(recording.path);
      await (await loadTranscriber()).forget(recording);
      return true;
    }
    const again = async (): Promise<void> => {
      try {
        // The settings may have changed since the first attempt.
        const endpointNow = endpointInForce();
        if (!(await consent.isGiven(endpointNow))) return;
        await work.during(() => this.fill(note, recording, meeting, endpointNow));
      } catch (error) {
        void showError(describeFailure(error));
      }
    };
    if (isAbort(run.failure)) {
      const text = l10n.t(
        'The transcription of {0} is stopped. The recording is kept, and so is what was transcribed.',
        recording.name,
      );
      void showInformation({ text, actions: [{ title: l10n.t('Continue'), run: again }] });
    } else void showError(describeWithRetry(run.failure, recording.name, again));
    return false;
  }
}

/** Records a meeting. Where nothing was recorded, the note is deleted again, unless somebody wrote into it. */
async function recordOrTidyUp(
  run: SessionRun,
  place: RecordingPlace,
  note: Uri,
  meeting: Meeting,
): Promise<Recorded | undefined> {
  const tidyUp = async (): Promise<void> => {
    const document = await workspace.openTextDocument(note);
    if (document.getText() === meeting.opening) await workspace.fs.delete(note);
  };
  let recorded: Recorded | undefined;
  try {
    recorded = await run.record(place);
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
    void showInformation(plain(l10n.t('The note {0} could not be saved. Save it yourself.', fileName(note))));
  }
}

async function openOrCreate(uri: Uri, content: string): Promise<void> {
  const exists = await workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  if (!exists) await workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  const document = await workspace.openTextDocument(uri);
  const editor = await window.showTextDocument(document, { preview: false, viewColumn: ViewColumn.Active });
  const end = document.positionAt(document.getText().length);
  // The caret stands below the heading, for notes during the meeting.
  editor.selection = new Selection(end, end);
}
