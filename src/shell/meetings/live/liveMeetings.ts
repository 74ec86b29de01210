import { commands, Disposable, l10n, window, workspace, type Uri } from 'vscode';
import { COMMANDS } from '../../contributed/commands';
import { CONTEXT_KEYS } from '../../contributed/contextKeys';
import type { RunLog } from '../../transcripts/runLog';
import { showInformation } from '../../words/messages';
import { plain } from '../../words/remedies';
import { isNoteOf, LiveMeeting } from './liveMeeting';

/** The meetings of this window whose notes are being filled: the one that is recorded, and those that were stopped just now. */
export class LiveMeetings implements Disposable {
  private readonly meetings = new Set<LiveMeeting>();
  private readonly registered: Disposable;

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
    this.tellContext();
    return meeting;
  }

  /** The note is filled. */
  end(meeting: LiveMeeting): void {
    if (!this.meetings.delete(meeting)) return;
    meeting.dispose();
    this.tellContext();
  }

  private get active(): LiveMeeting | undefined {
    const document = window.activeTextEditor?.document;
    return [...this.meetings].find((meeting) => isNoteOf(meeting, document));
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
    for (const meeting of this.meetings) if (await meeting.mark()) return;
    void showInformation(plain(l10n.t('Nothing to mark: no meeting is recorded.')));
  }
}
