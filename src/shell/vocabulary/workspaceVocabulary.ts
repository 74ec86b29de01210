import { window, workspace, type Disposable, type TextDocument, type TextEditor, type WorkspaceFolder } from 'vscode';
import type { VocabularySource } from '../../core/vocabulary/vocabularySource';
import { extractTerms } from '../../core/vocabulary/sources/extractTerms';
import { rankTerms } from '../../core/vocabulary/rankTerms';
import type { Term, VocabularySourceText } from '../../core/vocabulary/term';
import { SETTINGS } from '../contributed/settingsTable';
import { nameOf, readFolder, type FolderSources } from './folderSources';
import { readSetting } from '../contributed/settings';

/** Files are read again after this time: not for every sentence of a dictation, but soon after a change. */
const MAXIMUM_AGE_MS = 10_000;

/**
 * How many open documents are read, and how much of each. Most of what people talk about stands at the beginning of open documents. Reading
 * takes a third of a millisecond for a thousand characters (measured), and every request waits for it.
 */
const MAXIMUM_DOCUMENTS = 30;
const MAXIMUM_DOCUMENT_CHARACTERS = 100_000;
const MAXIMUM_CHARACTERS = 400_000;

interface KnownFolder {
  readonly sources: FolderSources;
  readonly readAtMs: number;
}

/** The words of the open folders: their files, their open editors, the people who work on them. Starts no process. */
export class WorkspaceVocabulary implements VocabularySource, Disposable {
  private readonly known = new Map<string, KnownFolder>();
  private readonly watching: Disposable;
  /** The document of the workspace that the user looked at last. It stays while they look at a note, a prompt or a terminal. */
  private atHand: TextDocument | undefined;

  constructor() {
    this.look(window.activeTextEditor);
    this.watching = window.onDidChangeActiveTextEditor((editor) => {
      this.look(editor);
    });
  }

  async collect(signal: AbortSignal): Promise<readonly Term[]> {
    signal.throwIfAborted();
    if (!workspace.isTrusted) return [];
    const folders = workspace.workspaceFolders ?? [];
    const read = await Promise.all(folders.map((folder) => this.readFolder(folder, signal)));
    signal.throwIfAborted();
    return rankTerms(extractTerms([...this.openSources(), ...read.flat()]));
  }

  dispose(): void {
    this.watching.dispose();
  }

  private async readFolder(folder: WorkspaceFolder, signal: AbortSignal): Promise<readonly VocabularySourceText[]> {
    const id = folder.uri.toString();
    let known = this.known.get(id);
    if (!known || Date.now() - known.readAtMs > MAXIMUM_AGE_MS) {
      known = { sources: await readFolder(folder, signal), readAtMs: Date.now() };
      this.known.set(id, known);
    }
    const { files, people } = known.sources;
    return readSetting(SETTINGS.vocabularyPeople, folder.uri) ? [...files, ...people] : files;
  }

  /** The editors' documents: first the one at hand, then the others in the order of their names. */
  private openSources(): VocabularySourceText[] {
    const documents = workspace.textDocuments
      .filter((document) => !document.isClosed && isOfWorkspace(document))
      .map((document) => ({ document, name: nameOf(document.uri), isAtHand: document === this.atHand }))
      .sort((a, b) => Number(b.isAtHand) - Number(a.isAtHand) || (a.name < b.name ? -1 : 1));
    let left = MAXIMUM_CHARACTERS;
    return documents.slice(0, MAXIMUM_DOCUMENTS).map(({ document, name, isAtHand }) => {
      const text = document.getText().slice(0, Math.min(left, MAXIMUM_DOCUMENT_CHARACTERS));
      left -= text.length;
      return { kind: 'source', name, isAtHand, text };
    });
  }

  private look(editor: TextEditor | undefined): void {
    if (editor && isOfWorkspace(editor.document)) this.atHand = editor.document;
  }
}

/** Whether a document belongs to the workspace: no settings, no files from elsewhere, no documents of extensions. */
function isOfWorkspace({ uri }: TextDocument): boolean {
  return workspace.getWorkspaceFolder(uri) !== undefined;
}
