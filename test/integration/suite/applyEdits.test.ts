import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { commands, Position, window, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import { applyEdits } from '../../../src/shell/editor/applyEdits';
import { inWorkspace, tidyUp } from '../window';

const OTHER = 'beside.md';
// A new one for each test: VS Code keeps the text of a document for a while after it is closed.
let name = '';
let testCount = 0;

async function opened(text: string): Promise<TextDocument> {
  writeFileSync(inWorkspace(name).fsPath, text);
  const document = await workspace.openTextDocument(inWorkspace(name));
  await window.showTextDocument(document, { preview: false });
  return document;
}

async function hide(): Promise<void> {
  writeFileSync(inWorkspace(OTHER).fsPath, '');
  await window.showTextDocument(inWorkspace(OTHER), { preview: false });
}

/** Changes the document between planning and applying: VS Code has not done it yet when this returns. */
function beginToType(document: TextDocument): void {
  const start = new Position(0, 0);
  const editor = window.visibleTextEditors.find((visible) => visible.document === document);
  if (editor) {
    void editor.edit((builder) => {
      builder.insert(start, 'Typed. ');
    });
    return;
  }
  const change = new WorkspaceEdit();
  change.insert(document.uri, start, 'Typed. ');
  void workspace.applyEdit(change);
}

const atEnd = (text: string, added: string) => ({ offset: text.length, removedLength: 0, text: added });

describe('applyEdits', () => {
  beforeEach(() => {
    name = `edited-${++testCount}.md`;
  });
  afterEach(async () => {
    await tidyUp();
    for (const file of [name, OTHER]) rmSync(inWorkspace(file).fsPath, { force: true });
  });

  for (const isHidden of [false, true]) {
    const which = isHidden ? 'hidden' : 'visible';

    it(`makes several edits of a ${which} document one undo step, whichever way its lines end`, async () => {
      const document = await opened('one\r\nthree\r\n');
      if (isHidden) await hide();
      let plans = 0;
      const isDone = await applyEdits(document, (text) => {
        plans++;
        return [{ offset: 0, removedLength: 3, text: 'One\ntwo' }, atEnd(text, 'four\n')];
      });
      assert.deepEqual([isDone, plans], [true, 1]);
      assert.equal(document.getText(), 'One\r\ntwo\r\nthree\r\nfour\r\n');
      await window.showTextDocument(document);
      await commands.executeCommand('undo');
      assert.equal(document.getText(), 'one\r\nthree\r\n');
    });

    it(`plans again where a ${which} document changes before the edit is applied`, async () => {
      const document = await opened('mine\n');
      if (isHidden) await hide();
      const plannedFor: string[] = [];
      const isDone = await applyEdits(document, (text) => {
        if (plannedFor.length === 0) beginToType(document);
        plannedFor.push(text);
        return [atEnd(text, 'added\n')];
      });
      assert.equal(isDone, true);
      assert.equal(document.getText(), 'Typed. mine\nadded\n');
      assert.deepEqual([plannedFor[0], plannedFor.at(-1)], ['mine\n', 'Typed. mine\n']);
    });
  }

  it('gives up where every edit is refused', async () => {
    const document = await opened('mine\n');
    let plans = 0;
    const isDone = await applyEdits(document, (text) => {
      plans++;
      beginToType(document);
      return [atEnd(text, 'added\n')];
    });
    assert.deepEqual([isDone, plans], [false, 5]);
    assert.doesNotMatch(document.getText(), /added/);
  });

  it('says that a plan without a change is done', async () => {
    const document = await opened('mine\n');
    assert.equal(await applyEdits(document, () => [{ offset: 0, removedLength: 4, text: 'mine' }]), true);
    assert.equal(document.isDirty, false);
  });
});
