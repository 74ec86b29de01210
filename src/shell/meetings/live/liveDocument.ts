import { EndOfLine, Uri, workspace, type Disposable, type TextDocument } from 'vscode';
import { isThere } from '../../notes/noteFiles';

/** What became of a live note's file. */
export interface NoteFileEvents {
  /** The note has another name or place. */
  readonly onMoved: (uri: Uri) => void;
  /** The note was deleted, and is made again. */
  readonly onMadeAgain: () => void;
}

/** The file of a live note, wherever the user moves it, and its document, whether an editor shows it or not. */
export class LiveDocument implements Disposable {
  private readonly subscription: Disposable;

  constructor(
    private current: Uri,
    private readonly events: NoteFileEvents,
  ) {
    this.subscription = workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) this.follow(oldUri, newUri);
    });
  }

  get uri(): Uri {
    return this.current;
  }

  dispose(): void {
    this.subscription.dispose();
  }

  isOf(document: TextDocument): boolean {
    return document.uri.toString() === this.current.toString();
  }

  /**
   * The document. A file that is gone is made again first.
   *
   * @param text what the note held last
   * @throws FileSystemError where the file can be neither read nor made
   */
  async open(text: string): Promise<TextDocument> {
    if (!(await isThere(this.current))) {
      await this.makeAgain(text);
      this.events.onMadeAgain();
    }
    return workspace.openTextDocument(this.current);
  }

  private async makeAgain(text: string): Promise<void> {
    await workspace.fs.createDirectory(Uri.joinPath(this.current, '..'));
    const shown = workspace.textDocuments.find((document) => this.isOf(document));
    // The editor would not save over a file that somebody else has written meanwhile.
    if (shown?.isDirty === true && (await shown.save())) return;
    await workspace.fs.writeFile(this.current, new TextEncoder().encode(shown?.getText() ?? text));
  }

  /** A file or one of the folders around it was renamed. */
  private follow(from: Uri, to: Uri): void {
    const [old, note] = [from.toString(), this.current.toString()];
    if (note !== old && !note.startsWith(`${old}/`)) return;
    this.current = Uri.parse(to.toString() + note.slice(old.length));
    this.events.onMoved(this.current);
  }
}

/** What a document has at its line ends. */
export function lineEndOf(document: TextDocument): '\n' | '\r\n' {
  return document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
}
