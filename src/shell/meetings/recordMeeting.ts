import { l10n, Uri, window, workspace, type Memento } from 'vscode';
import { defined } from '../../core/async/defined';
import type { RecordingStore, UnfinishedRecording } from '../../core/capture/recordings';
import { capturedMs, isCapturing } from '../../core/capture/session';
import type { Endpoint } from '../../core/endpoints/endpoint';
import type { CaptureEntry } from '../../core/capture/captureEntry';
import type { LocatedEntry, PlacedBlock } from '../../core/transcript/logEntries';
import { resumptionOf, type Resumption } from '../../core/transcript/resumption';
import type { TranscriptionEvent } from '../../core/transcription/fileTranscriber';
import { endpointInForce, wishesInForce } from '../contributed/settings';
import { fileName } from '../editor/localFiles';
import { trackNameEntries } from '../notes/meetingWords';
import { isThere } from '../notes/noteFiles';
import type { RecordingSession } from '../recording/recordingSession';
import type { Recorded, RecordingPlace, SessionRun } from '../recording/sessionRun';
import { transcribeGrowing } from '../transcription/transcribeRecording';
import type { RunLog } from '../transcripts/runLog';
import { describeFailure, showError, showInformation } from '../words/messages';
import { plain } from '../words/remedies';
import { EarlyRun } from './earlyRun';
import { FillMeeting, type FillMeetingDependencies } from './fillMeeting';
import type { LiveMeeting } from './live/liveMeeting';
import type { LiveMeetings } from './live/liveMeetings';
import { makeMeetingNote, MeetingNotes, openMeetingNote } from './meetingNote';
import type { NotePlacesDependencies } from './notePlaces';
import { offerIgnore } from './offerIgnore';
import { tellGoesOn } from './tellGoesOn';
import { watchCost } from './watchCost';

/** What recording a meeting needs. */
export interface RecordMeetingDependencies extends FillMeetingDependencies, NotePlacesDependencies {
  readonly session: RecordingSession;
  readonly loadStore: () => Promise<RecordingStore>;
  readonly memory: Memento;
}

/** A meeting whose note is open and whose log is begun. */
interface BegunMeeting {
  readonly note: Uri;
  /** The recording's file name. */
  readonly name: string;
  readonly startedAt: Date;
  readonly kept: RunLog;
  readonly endpoint: Endpoint;
  /** The note's text before anybody typed, where it is new. */
  readonly opening?: string;
  /** Until when an earlier window recorded it, milliseconds since 1970. */
  readonly cutOffMs?: number;
}

/** **Minutes: Record Meeting**: opens a note that fills with what is said while it is recorded, and completes it when it is stopped. */
export class RecordMeeting {
  private readonly notes: MeetingNotes;
  private readonly fillMeeting: FillMeeting;

  constructor(
    private readonly live: LiveMeetings,
    private readonly dependencies: RecordMeetingDependencies,
  ) {
    this.notes = new MeetingNotes(dependencies);
    this.fillMeeting = new FillMeeting(live, dependencies);
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
    await this.reserved((run) => this.record(run));
  }

  /** Fills the note of a meeting that an earlier window did not finish. */
  async recover(unfinished: UnfinishedRecording): Promise<void> {
    const endpoint = endpointInForce();
    const { consent, work } = this.dependencies;
    if (!(await consent.isGiven(endpoint))) return;
    const { note, startedAt, kept } = await this.resume(unfinished, endpoint, openMeetingNote);
    const live = await this.live.begin(note, kept, () => undefined);
    await work.during(() =>
      this.fillMeeting.fill({ recording: unfinished.recording, startedAt, kept, live }, endpoint),
    );
  }

  /** Whether the recording of a meeting that an earlier window left goes on. */
  async resumptionOf(unfinished: UnfinishedRecording): Promise<Resumption> {
    const { recording } = unfinished;
    const found = await this.dependencies.logs.ofRecording(Uri.file(recording.path), recording, 'transcribe');
    return resumptionOf(unfinished, found?.happenings ?? [], Date.now());
  }

  /**
   * Goes on recording a meeting that was cut off a moment ago: its window was reloaded, or its process died. Resolves at the meeting's end.
   * False where it was not recorded: then the recording is as it was.
   */
  async goOn(unfinished: UnfinishedRecording, resumption: Resumption): Promise<boolean> {
    return this.reserved(async (run) => {
      const endpoint = endpointInForce();
      if (!(await this.dependencies.consent.isGiven(endpoint))) {
        run.end('done');
        return false;
      }
      // The user may be at work elsewhere: the note is not shown to them.
      const meeting = await this.resume(unfinished, endpoint, makeMeetingNote);
      if (resumption.kind !== 'goesOn') return this.recordAndFill(run, unfinished, meeting);
      const { hole } = resumption;
      if (hole) await meeting.kept.append(hole);
      const cutOffMs = hole?.wallTimeMs ?? unfinished.cutOffMs;
      return this.recordAndFill(run, unfinished, defined({ ...meeting, cutOffMs }));
    });
  }

  /** False where another run has the microphone, or the task failed. */
  private async reserved(task: (run: SessionRun) => Promise<boolean>): Promise<boolean> {
    const run = this.dependencies.session.reserve('meeting');
    if (!run) return false;
    try {
      return await task(run);
    } catch (error) {
      run.end('fail');
      void showError(describeFailure(error));
      return false;
    }
  }

  private async record(run: SessionRun): Promise<boolean> {
    const { consent, memory } = this.dependencies;
    const endpoint = endpointInForce();
    if (!(await consent.isGiven(endpoint))) {
      run.end('done');
      return false;
    }
    const planned = await this.notes.plan(new Date());
    const { name, startedAt, uri, note: opening, places } = planned;
    await openMeetingNote(uri, opening);
    void offerIgnore(planned, memory).catch(() => undefined);
    const audio = Uri.joinPath(places.recording, `${name}.wav`).toString();
    const located = { origin: 'meeting', recording: audio, note: uri.toString() } as const;
    const kept = await this.begin(located, `${name}.wav`, startedAt, opening.blocks);
    const target = { kind: 'meeting', note: uri.toString() } as const;
    const place = { folder: places.recording.fsPath, name, target };
    const begun = { note: uri, name: `${name}.wav`, startedAt, kept, endpoint, opening: opening.text };
    return this.recordAndFill(run, place, begun);
  }

  /** Resolves when the note has its text. False where nothing was recorded. */

  private async recordAndFill(
    run: SessionRun,
    place: RecordingPlace | UnfinishedRecording,
    meeting: BegunMeeting,
  ): Promise<boolean> {
    const { session } = this.dependencies;
    const { note, startedAt, kept, endpoint } = meeting;
    // Once this meeting is stopped, the microphone may record another.
    let isOver = false;
    const recordedS = (): number | undefined =>
      !isOver && isCapturing(session.state) ? capturedMs(session.state, Date.now()) / 1000 : undefined;
    const live = await this.live.begin(note, kept, recordedS);
    let { cutOffMs } = meeting;
    const tellBack = (entry: CaptureEntry): void => {
      if (cutOffMs === undefined || entry.kind !== 'captured' || entry.track !== 0) return;
      tellGoesOn(live.uri, entry.wallTimeMs - cutOffMs);
      cutOffMs = undefined;
    };
    const early = this.earlyRun(meeting, live);
    let recorded: Recorded | undefined;
    try {
      recorded = await run.record(place, {
        onFile: (_, channels) => {
          void nameTracks(kept, channels.length);
          early.begin(channels);
        },
        onCapture: (entry) => {
          void live.happened(entry).then(() => (entry.kind === 'paused' ? kept.copyBeside(live.uri) : undefined));
          tellBack(entry);
        },
      });
    } finally {
      isOver = true;
      // What ended the recording may have ended the early run as well: the run over the finished recording does the rest.
      if (recorded?.failure !== undefined || !recorded) await early.discard();
      if (!recorded) {
        this.live.end(live);
        // A recording that went on keeps what it had.
        await (meeting.opening === undefined ? kept.leave() : kept.discard());
        // The user must learn of the failed recording, not of a failure to delete the note.
        await tidyUp(live.uri, meeting.opening).catch(() => undefined);
      }
    }
    if (!recorded) {
      run.end('done');
      return false;
    }
    if (recorded.failure !== undefined) void showError(describeFailure(recorded.failure));
    const { recording } = recorded;
    const isDone = await this.fillMeeting.fill({ recording, startedAt, kept, live, early }, endpoint);
    run.end(isDone ? 'done' : 'fail');
    return true;
  }

  private earlyRun({ name, endpoint, kept }: BegunMeeting, live: LiveMeeting): EarlyRun {
    const watched = watchCost(name, endpoint, () => {
      early.stopSending();
    });
    const early = new EarlyRun((channels, signal, tell) => {
      const onEvent = (event: TranscriptionEvent): void => {
        tell(event);
        watched(event);
        live.onEvent(event);
      };
      const wishes = { endpoint, job: 'meeting', log: kept.log, signal, onEvent } as const;
      return transcribeGrowing(channels, name, wishes, this.dependencies);
    });
    return early;
  }

  /** Takes up the note and the log of a meeting that an earlier window began. @param open is given the note and what it held at first */
  private async resume(
    { recording, startedMs, target }: UnfinishedRecording,
    endpoint: Endpoint,
    open: typeof openMeetingNote | typeof makeMeetingNote,
  ): Promise<BegunMeeting> {
    const { logs } = this.dependencies;
    const uri = Uri.file(recording.path);
    const found = await logs.ofRecording(uri, recording, 'transcribe');
    const first =
      target.kind === 'meeting' ? Uri.parse(target.note) : Uri.file(recording.path.replace(/\.wav$/, '.md'));
    // The user may have moved the note since.
    const note = found?.located?.note === undefined ? first : Uri.parse(found.located.note);
    const startedAt = new Date(startedMs);
    const opening = await this.notes.again(note, recording.name, startedAt);
    await open(note, opening);
    const located = { origin: 'meeting', recording: uri.toString(), note: note.toString() } as const;
    const kept = found
      ? await logs.resume(found, located)
      : await this.begin(located, recording.name, startedAt, opening.blocks);
    return { note, name: recording.name, startedAt, kept, endpoint };
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
}

/** Tells the log who is heard on each channel, where there are two. */
async function nameTracks(kept: RunLog, channelCount: number): Promise<void> {
  if (channelCount > 1 && kept.log.trackNames.length === 0) await kept.append(...trackNameEntries());
}

/** Deletes a note in which nothing stands but its opening, and closes its tab. */
async function tidyUp(note: Uri, opening: string | undefined): Promise<void> {
  if (opening === undefined || !(await isThere(note))) return;
  const document = await workspace.openTextDocument(note);
  if (document.getText() !== opening) return;
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  const isOfNote = ({ input }: (typeof tabs)[number]): boolean =>
    typeof input === 'object' && input !== null && 'uri' in input && String(input.uri) === note.toString();
  await window.tabGroups.close(tabs.filter(isOfNote));
  await workspace.fs.delete(note);
}
