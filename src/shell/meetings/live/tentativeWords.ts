import { Range, ThemeColor, window, type DecorationOptions, type Disposable, type TextEditor } from 'vscode';
import { lastWords } from '../../../core/notes/live/lastWords';
import type { LiveNote } from './liveNote';

/** How much of what is being said is shown. */
const COLUMNS = 80;

/** What is not in the note's text yet, dimmed behind the last paragraph: the words that are being said, and how far the text is behind. */
export class TentativeWords implements Disposable {
  private readonly type = window.createTextEditorDecorationType({});
  private readonly subscription: Disposable;
  private words: readonly string[] = [];
  private remark = '';

  constructor(private readonly note: LiveNote) {
    this.subscription = window.onDidChangeVisibleTextEditors(() => {
      this.draw();
    });
  }

  dispose(): void {
    this.subscription.dispose();
    this.type.dispose();
  }

  /** Shows the words in place of those before. */
  show(words: readonly string[]): void {
    this.words = words;
    this.draw();
  }

  /** Says something about the text, such as how far it is behind; empty: nothing. */
  say(remark: string): void {
    if (remark === this.remark) return;
    this.remark = remark;
    this.draw();
  }

  /** Draws it again, where the text has moved. */
  draw(): void {
    for (const editor of window.visibleTextEditors) {
      if (this.note.isOf(editor.document)) editor.setDecorations(this.type, this.options(editor));
    }
  }

  private options({ document }: TextEditor): DecorationOptions[] {
    const words = lastWords(this.words, COLUMNS);
    const contentText = [words, this.remark === '' ? '' : `(${this.remark})`].filter((text) => text !== '').join(' ');
    const { endOffset } = this.note;
    if (contentText === '' || endOffset === undefined) return [];
    const last = document.lineAt(document.positionAt(endOffset));
    const next = last.lineNumber + 1 < document.lineCount ? document.lineAt(last.lineNumber + 1) : undefined;
    // A decoration does not wrap: an empty line has more room than a paragraph's last.
    const isBelow = next?.isEmptyOrWhitespace === true;
    const at = isBelow ? next.range.end : last.range.end;
    const after = {
      contentText,
      margin: isBelow ? '0' : '0 0 0 1ch',
      color: new ThemeColor('editorGhostText.foreground'),
      fontStyle: 'italic',
    };
    return [{ range: new Range(at, at), renderOptions: { after } }];
  }
}
