import { Uri, workspace } from 'vscode';
import type { TranscriptEntry } from '../../core/transcript/logEntries';
import { logNameOf } from '../../core/transcript/logName';
import type { TranscriptLog } from '../../core/transcript/transcriptLog';
import type { TranscriptStore } from '../../core/transcript/transcriptStore';
import { fileName } from '../editor/localFiles';

/** A log that this window works on. It lies in our own storage, since files of a workspace cannot be appended to. */
export class RunLog {
  constructor(
    readonly log: TranscriptLog,
    private readonly id: string,
    private readonly store: TranscriptStore,
    /** Called when the log beside the note has changed. */
    private readonly onCopied: () => void,
  ) {}

  /** Where the note lies, if the log knows it. */
  get note(): Uri | undefined {
    const note = this.log.located?.note;
    return note === undefined ? undefined : Uri.parse(note);
  }

  append(...entries: readonly TranscriptEntry[]): Promise<void> {
    return this.log.append(...entries);
  }

  /** Copies the log beside its note. False where that is not possible: then the one in our storage stays. */
  async copyBeside(note: Uri): Promise<boolean> {
    const text = await this.store.read(this.id);
    const target = logUriOf(note);
    const isWritten = await workspace.fs.writeFile(target, new TextEncoder().encode(text)).then(
      () => true,
      () => false,
    );
    if (isWritten) this.onCopied();
    return isWritten;
  }

  /**
   * Ends the work on the log. It stays in our storage unless it is complete and lies beside the note as well.
   *
   * @param note where the text is safe; absent where it is not
   */
  async finish(note: Uri | undefined, isComplete: boolean): Promise<void> {
    if (isComplete && !this.log.isSettled) await this.append({ kind: 'settled' });
    const isCopied = note !== undefined && (await this.copyBeside(note));
    await this.log.close();
    if (isComplete && isCopied) await this.store.remove(this.id);
  }

  /** Ends the work and leaves the log where it is: the next start offers it. */
  async leave(): Promise<void> {
    await this.log.close();
  }

  /** Deletes the log: its text is safe elsewhere, or there is none. */
  async discard(): Promise<void> {
    await this.log.close();
    await this.store.remove(this.id);
  }
}

/** Where the log of a note lies. */
export function logUriOf(note: Uri): Uri {
  return Uri.joinPath(note, '..', logNameOf(fileName(note)));
}
