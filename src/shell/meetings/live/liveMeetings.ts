import {
  commands,
  Disposable,
  EventEmitter,
  l10n,
  window,
  workspace,
  type Event,
  type TextDocument,
  type Uri,
} from 'vscode';
import type { TypedPlace } from '../../../core/notes/live/typedLines';
import { formatShortTime } from '../../../core/notes/timestamps';
import { COMMANDS } from '../../contributed/commands';
import { CONTEXT_KEYS } from '../../contributed/contextKeys';
import { hasScreenReader } from '../../contributed/settings';
import type { RunLog } from '../../transcripts/runLog';
import { showInformation } from '../../words/messages';
import { plain } from '../../words/remedies';
import { LiveMeeting } from './liveMeeting';

/** How long the status bar says that a moment is marked. */
const MARKED_MS = 3000;

/** The meetings of this window whose notes are being filled: the one that is recorded, and those that were stopped just now. */
export class LiveMeetings implements Disposable {
  private readonly meetings = new Set<LiveMeeting>();
  private readonly registered: Disposable;
  private readonly changed = new EventEmitter<void>();
  /** A note is filled from now on, or no more. */
  readonly onDidChange: Event<void> = this.changed.event;

  constructor() {
    this.registered = Disposable.from(
      window.onDidChangeActiveTextEditor(() => {
        this.tellContext();
      }),
      commands.registerCommand(COMMANDS.undoInLiveNote, () => this.step('undo')),
      commands.registerCommand(COMMANDS.redoInLiveNote, () => this.step('redo')),
      commands.registerCommand(COMMANDS.markMoment, () => this.mark()),
    );
  }

  dispose(): void {
    this.registered.dispose();
    this.changed.dispose();
    for (const meeting of this.meetings) meeting.dispose();
    this.meetings.clear();
  }

  /**
   * Begins to fill a note. The caller ends it.
   *
   * @param recordedS how much was recorded so far, in seconds; undefined while nothing is
   * @throws FileSystemError where the note cannot be read
   */
  async begin(note: Uri, kept: RunLog, recordedS: () => number | undefined): Promise<LiveMeeting> {
    const meeting = new LiveMeeting(await workspace.openTextDocument(note), kept, recordedS);
    this.meetings.add(meeting);
    this.changed.fire();
    this.tellContext();
    return meeting;
  }

  /** The note is filled. */
  end(meeting: LiveMeeting): void {
    if (!this.meetings.delete(meeting)) return;
    meeting.dispose();
    this.changed.fire();
    this.tellContext();
  }

  /** Where the lines end that the user typed into a note that is being filled; undefined for all other documents. */
  typedPlaces(document: TextDocument): readonly TypedPlace[] | undefined {
    return this.meetingOf(document)?.note.typedPlaces;
  }

  private get active(): LiveMeeting | undefined {
    const document = window.activeTextEditor?.document;
    return document && this.meetingOf(document);
  }

  private meetingOf(document: TextDocument): LiveMeeting | undefined {
    return [...this.meetings].find(({ note }) => note.isOf(document));
  }

  private tellContext(): void {
    void commands.executeCommand('setContext', CONTEXT_KEYS.liveNote, this.active !== undefined);
  }

  /** Where the editor shows another document, it takes its own step. */
  private async step(which: 'undo' | 'redo'): Promise<void> {
    const { active } = this;
    if (active) await active.note.step(which);
    else await commands.executeCommand(which);
  }

  private async mark(): Promise<void> {
    for (const meeting of this.meetings) {
      const atS = await meeting.mark();
      if (atS === undefined) continue;
      const text = l10n.t('Marked {0}', formatShortTime(atS));
      window.setStatusBarMessage(text, MARKED_MS);
      // A screen reader reads messages aloud, and not the status bar.
      if (hasScreenReader()) void window.showInformationMessage(text);
      return;
    }
    void showInformation(plain(l10n.t('Nothing to mark: no meeting is recorded.')));
  }
}
