import { l10n, Uri, workspace, type Memento } from 'vscode';
import { isAbort, MinutesError, problemOf } from '../../core/errors';
import type { LocatedEntry, LostEntry, PlacedBlock } from '../../core/transcript/logEntries';
import type { NoteEdit, Recording } from '../../core/model';
import { planNoteUpdate } from '../../core/notes/planNoteUpdate';
import type { RecordingStore, UnfinishedRecording } from '../../core/capture/recordings';
import { isCapturing } from '../../core/capture/session';
import type { Endpoint } from '../../core/endpoints/endpoint';
import type { RunPlan, TranscriptionEvent } from '../../core/transcription/fileTranscriber';
import type { Consent } from '../transcription/consent';
import { describeWithRetry } from '../recording/continueLater';
import { applyEdits } from '../editor/applyEdits';
import { fileName } from '../editor/localFiles';
import { describeFailure, describeProblem, showError, showInformation } from '../words/messages';
import { noteFacts } from '../notes/noteFacts';
import type { Recorded, RecordingPlace, RecordingSession, SessionRun } from '../recording/recordingSession';
import type { WorkState } from '../recording/workState';
import { plain } from '../words/remedies';
import { EarlyRun } from './earlyRun';
import { watchCost } from './watchCost';
import { finishedBlocks, renameByTitle } from './finishMeeting';
import { MeetingNotes, openMeetingNote } from './meetingNote';
import type { NotePlacesDependencies } from './notePlaces';
import { offerIgnore } from './offerIgnore';
import { endpointInForce, wishesInForce } from '../contributed/settings';
import { rememberPlaced } from '../notes/noteFiles';
import type { RunLog } from '../transcripts/runLog';
import type { RunLogs } from '../transcripts/runLogs';
import { mayCost } from '../transcription/mayCost';
import { SelectionCost } from '../../core/transcription/selectionCost';
import { tellGaps } from '../transcription/tellGaps';
import {
  transcribeGrowing,
  transcribeRecording,
  type TranscribeRecordingDependencies,
} from '../transcription/transcribeRecording';
import { progressTitle, withTranscriptionProgress } from '../transcription/transcriptionProgress';

/** What recording a meeting needs. */
export interface RecordMeetingDependencies extends TranscribeRecordingDependencies, NotePlacesDependencies {
  readonly session: RecordingSession;
  readonly work: WorkState;
  readonly loadStore: () => Promise<RecordingStore>;
  readonly consent: Consent;
  readonly logs: RunLogs;
  readonly memory: Memento;
}

/** **Minutes: Record Meeting**: opens a note, and fills it with what was said when the recording is stopped. */
export class RecordMeeting {
  private readonly notes: MeetingNotes;

  constructor(private readonly dependencies: RecordMeetingDependencies) {
    this.notes = new MeetingNotes(dependencies);
  }

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
    const opening = await this.notes.again(noteUri, recording.name, startedAt);
    await openMeetingNote(noteUri, opening);
    const { logs, work } = this.dependencies;
    const uri = Uri.file(recording.path);
    const found = await logs.ofRecording(uri, recording, 'transcribe');
    const located = { origin: 'meeting', recording: uri.toString(), note: noteUri.toString() } as const;
    const kept = found
      ? await logs.resume(found, located)
      : await this.begin(located, recording.name, startedAt, opening.blocks);
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
    const note = fileName(Uri.parse(located.note ?? name));
    const placed = { kind: 'placed', note, blocks: opening, removed: [] } as const;
    return this.dependencies.logs.begin(recording, 'transcribe', wishesInForce('meeting'), located, placed);
  }

  private async record(): Promise<void> {
    const { session, consent, memory } = this.dependencies;
    const run = session.reserve('meeting');
    if (!run) return;
    try {
      const endpoint = endpointInForce();
      if (!(await consent.isGiven(endpoint))) {
        run.end('done');
        return;
      }
      const meeting = await this.notes.plan(new Date());
      const { name, startedAt, uri: noteUri, note: opening } = meeting;
      const folder = meeting.places.recording;
      await openMeetingNote(noteUri, opening);
      void offerIgnore(meeting, memory).catch(() => undefined);
      const target = { kind: 'meeting', note: noteUri.toString() } as const;
      const audio = Uri.joinPath(folder, `${name}.wav`).toString();
      const located = { origin: 'meeting', recording: audio, note: noteUri.toString() } as const;
      const kept = await this.begin(located, `${name}.wav`, startedAt, opening.blocks);
      const watched = watchCost(`${name}.wav`, endpoint, () => {
        early.stopSending();
      });
      const early = new EarlyRun((growing, signal, tell) => {
        const onEvent = (event: TranscriptionEvent): void => {
          tell(event);
          watched(event);
        };
        const wishes = { endpoint, job: 'meeting', log: kept.log, signal, onEvent } as const;
        return transcribeGrowing(growing, `${name}.wav`, wishes, this.dependencies);
      });
      const place = { folder: folder.fsPath, name, target };
      const recorded = await this.recordInto(kept, run, early, place, noteUri, opening.text);
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

  /** Records, and tells the log when the first sample was captured and where the microphone was lost. Without a recording there is no log. */
  private async recordInto(
    kept: RunLog,
    run: SessionRun,
    early: EarlyRun,
    place: RecordingPlace,
    note: Uri,
    opening: string,
  ): Promise<Recorded | undefined> {
    const { session } = this.dependencies;
    const subscription = session.onDidChange((state) => {
      if (state.kind !== 'recording') return;
      subscription.dispose();
      void kept.append({ kind: 'captured', track: 0, fromSample: 0, wallTimeMs: state.sinceMs });
    });
    let recorded: Recorded | undefined;
    try {
      recorded = await recordOrTidyUp(run, early, place, note, opening);
      return recorded;
    } finally {
      subscription.dispose();
      // What ended the recording may have ended the early run as well: the run over the finished recording does the rest.
      if (recorded === undefined || recorded.failure !== undefined) await early.discard();
      if (!recorded) await kept.discard();
      else if (recorded.failure !== undefined) await kept.append(lostEntry(recorded));
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
    const { work, consent, loadStore, logs, vocabulary } = this.dependencies;
    const { log } = kept;
    // Who stopped the sending is asked about all that is left.
    const costs = early?.wasStopped === true ? new SelectionCost(() => 0) : undefined;
    const mayBegin = (plan: RunPlan): Promise<boolean> => mayCost(recording.name, plan, endpoint, 'meeting', costs);
    const run = await withTranscriptionProgress(
      progressTitle(recording.name, 'meeting'),
      async (signal, onEvent) =>
        (await early?.finish(signal, onEvent)) ??
        transcribeRecording(recording, { endpoint, job: 'meeting', log, signal, onEvent, mayBegin }, this.dependencies),
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
      const document = await workspace.openTextDocument(note);
      const blocks = await finishedBlocks(document.getText(), log.placed, run.transcript, facts, vocabulary);
      await writeMeeting(note, (text) => planNoteUpdate(text, log.placed, blocks));
      await rememberPlaced(log, note, blocks);
      await (await loadStore()).settle(recording.path);
      const files = await renameByTitle({ note, recording: Uri.file(recording.path) }, kept);
      await kept.finish(files.note, true);
      tellGaps(files.note, run.transcript);
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
  early: EarlyRun,
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
    recorded = await run.record(place, (growing) => {
      early.begin(growing);
    });
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

function lostEntry({ sampleCount, failure }: Recorded): LostEntry {
  const reason = problemOf(failure)?.code ?? 'unknown';
  return { kind: 'lost', track: 0, fromSample: sampleCount, wallTimeMs: Date.now(), reason };
}
