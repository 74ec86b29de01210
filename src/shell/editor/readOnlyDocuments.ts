import {
  EventEmitter,
  Uri,
  window,
  workspace,
  type Disposable,
  type TextDocument,
  type TextDocumentContentProvider,
} from 'vscode';
import { NEVER } from '../../core/async/never';
import { withinTime } from './withinTime';

/** The scheme of documents that Minutes shows and that need not be saved. */
export const DOCUMENT_SCHEME = 'minutes-document';

/** How long to wait for the editor to ask for a changed text. It does so at once; after this time the document is shown anyway. */
const UPDATE_MS = 1000;

/** Shows Markdown that cannot be edited and need not be saved. One document for each name. */
export class ReadOnlyDocuments implements TextDocumentContentProvider, Disposable {
  private readonly changes = new EventEmitter<Uri>();
  readonly onDidChange = this.changes.event;
  private readonly texts = new Map<string, string>();

  async show(name: string, markdown: string): Promise<void> {
    const uri = Uri.from({ scheme: DOCUMENT_SCHEME, path: `${name}.md` });
    this.texts.set(uri.path, markdown);
    this.changes.fire(uri);
    const document = await workspace.openTextDocument(uri);
    await withText(document, markdown);
    await window.showTextDocument(document, { preview: false });
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.path) ?? '';
  }

  dispose(): void {
    this.changes.dispose();
  }
}

/** Waits until the document has the text: an open document takes a new text a moment later. */
async function withText(document: TextDocument, text: string): Promise<void> {
  if (document.getText() === text) return;
  let listener: Disposable | undefined;
  await withinTime(
    UPDATE_MS,
    () =>
      new Promise<void>((resolve) => {
        listener = workspace.onDidChangeTextDocument((change) => {
          if (change.document === document && document.getText() === text) resolve();
        });
      }),
    NEVER,
  );
  listener?.dispose();
}
