import {
  commands,
  l10n,
  Selection,
  Uri,
  ViewColumn,
  window,
  workspace,
  WorkspaceEdit,
  type TextDocument,
} from 'vscode';
import type { Recording } from '../../core/model';
import { openingNote, planMeetingNote } from '../../core/notes/planMeetingNote';
import { formatFileDate } from '../../core/notes/timestamps';
import type { RecordingStore, UnfinishedRecording } from '../../core/ports';
import { isCapturing } from '../../core/session';
import type { Endpoint } from '../../core/speech/endpoint';
import type { Consent } from '../consent';
import { COMMANDS } from '../contributions';
import { rangeOf } from '../dictationTarget';
import { fileName } from '../localFiles';
import { describeFailure, showError, showInformation } from '../messages';
import { meetingFacts, noteFacts, reasonOf } from '../noteFacts';
import type { Recorded, RecordingPlace, RecordingSession } from '../recordingSession';
import { plain } from '../remedies';
import { endpointInForce } from '../settings';
import { transcribeRecording, type TranscribeRecordingDependencies } from '../transcribeRecording';

export interface RecordMeetingDependencies extends TranscribeRecordingDependencies {
  readonly session: RecordingSession;
  readonly loadStore: () => Promise<RecordingStore>;
  readonly consent: Consent;
  /** Where meetings go when no folder of this machine is open. */
  readonly recordingsFolder: string;
}

/** A meeting and the text that its note began with. */
interface Meeting {
  readonly startedAt: Date;
  readonly opening: string;
}

/** **Minutes: Record Meeting**: a note opens, and fills with what was said when the recording is stopped. */
export class RecordMeeting {
  constructor(private readonly dependencies: RecordMeetingDependencies) {}

  /** Starts, or stops what was started. */
  async toggle(): Promise<void> {
    const { session } = this.dependencies;
    const { state } = session;
    if (isCapturing(state)) {
      if ('purpose' in state && state.purpose === 'meeting') session.stop();
      else void showInformation(plain(l10n.t('A dictation is under way. Stop it first (Minutes: Dictate).')));
      return;
    }
    if (state.kind === 'transcribing') {
      void showInformation(plain(l10n.t('The last recording is still being transcribed.')));
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
    await this.fill(await openOrCreate(noteUri, meeting.opening), recording, meeting, endpoint);
  }

  private async record(): Promise<void> {
    const { session, consent, recordingsFolder } = this.dependencies;
    try {
      const endpoint = endpointInForce();
      if (!(await consent.isGiven(endpoint))) return;
      const opened = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
      const folder = opened ?? Uri.file(recordingsFolder);
      const startedAt = new Date();
      const name = await freeName(folder, `meeting ${formatFileDate(startedAt)}`);
      const noteUri = Uri.joinPath(folder, `${name}.md`);
      const meeting = { startedAt, opening: openingNote(meetingFacts(`${name}.wav`, startedAt)) };
      const note = await openOrCreate(noteUri, meeting.opening);
      const target = { kind: 'meeting', note: noteUri.toString() } as const;
      const recorded = await this.recordOrTidyUp({ folder: folder.fsPath, name, target }, note, meeting);
      if (!recorded) {
        session.apply({ kind: 'done' });
        return;
      }
      session.apply({ kind: 'stop' });
      if (recorded.failure !== undefined) void showError(describeFailure(recorded.failure));
      const isDone = await this.fill(note, recorded.recording, meeting, endpoint);
      session.apply({ kind: isDone ? 'done' : 'fail' });
    } catch (error) {
      session.apply({ kind: 'fail' });
      void showError(describeFailure(error));
    }
  }

  /** A note of a meeting of which nothing was recorded goes again, unless somebody wrote into it. */
  private async recordOrTidyUp(
    place: RecordingPlace,
    note: TextDocument,
    meeting: Meeting,
  ): Promise<Recorded | undefined> {
    let recorded: Recorded | undefined;
    try {
      recorded = await this.dependencies.session.record('meeting', place);
      return recorded;
    } finally {
      if (!recorded && note.getText() === meeting.opening) await workspace.fs.delete(note.uri);
    }
  }

  /** The recording stays beside its note; when the note holds its text, nobody is asked about it again. False where it does not. */
  private async fill(note: TextDocument, recording: Recording, meeting: Meeting, endpoint: Endpoint): Promise<boolean> {
    const { loadStore, loadTranscriber } = this.dependencies;
    const run = await transcribeRecording(recording, endpoint, this.dependencies, new AbortController().signal);
    if (run.transcript.segments.length > 0) {
      const facts = {
        ...noteFacts({
          ...{ recording, endpoint, ...run },
          ...(run.failure === undefined ? {} : { stoppedBy: reasonOf(run.failure) }),
        }),
        recordedAt: meeting.startedAt,
      };
      const document = note.isClosed ? await workspace.openTextDocument(note.uri) : note;
      const change = new WorkspaceEdit();
      for (const edit of planMeetingNote(document.getText(), meeting.opening, run.transcript, facts)) {
        change.replace(document.uri, rangeOf(document, edit), edit.text);
      }
      if (!(await workspace.applyEdit(change)) || !(await document.save())) {
        const text = l10n.t('The note {0} could not be changed; the recording beside it is kept.', fileName(note.uri));
        throw new Error(text);
      }
    }
    if (run.failure === undefined) {
      await (await loadStore()).settle(recording.path);
      await (await loadTranscriber()).forget(recording);
      return true;
    }
    const message = describeFailure(run.failure);
    const again = {
      title: l10n.t('Transcribe the Recording'),
      run: () => commands.executeCommand(COMMANDS.transcribeAudio, Uri.file(recording.path)),
    };
    void showError({ ...message, actions: [...message.actions, again] });
    return false;
  }
}

async function openOrCreate(uri: Uri, content: string): Promise<TextDocument> {
  const exists = await workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  if (!exists) await workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  const document = await workspace.openTextDocument(uri);
  const editor = await window.showTextDocument(document, { preview: false, viewColumn: ViewColumn.Active });
  const end = document.positionAt(document.getText().length);
  // Whoever types during the meeting types below the heading.
  editor.selection = new Selection(end, end);
  return document;
}

/** A name that neither a note nor a recording has. */
async function freeName(folder: Uri, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name} ${number}`;
    const taken = await Promise.all(
      ['md', 'wav'].map((ending) =>
        workspace.fs.stat(Uri.joinPath(folder, `${candidate}.${ending}`)).then(
          () => true,
          () => false,
        ),
      ),
    );
    if (!taken.includes(true)) return candidate;
  }
}
