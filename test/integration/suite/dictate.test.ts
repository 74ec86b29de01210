import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  commands,
  Disposable,
  env,
  EventEmitter,
  FileSystemError,
  FileType,
  Position,
  Selection,
  Uri,
  window,
  workspace,
  type FileChangeEvent,
  type FileStat,
  type FileSystemProvider,
} from 'vscode';
import { kept, startRecording, status, untilStatus } from '../microphone';
import { inWorkspace, message, needsModel, tidyUp } from '../window';
import { between, caret, NOTHING_KEPT, open, openUri, SAID, TEXT, useDictation } from '../dictation';

/** One file that nobody may change. */
class ReadOnlyFiles implements FileSystemProvider {
  readonly onDidChangeFile = new EventEmitter<FileChangeEvent[]>().event;

  watch(): Disposable {
    return new Disposable(() => undefined);
  }
  stat({ path: file }: Uri): FileStat {
    return file === '/'
      ? { type: FileType.Directory, ctime: 0, mtime: 0, size: 0 }
      : { type: FileType.File, ctime: 0, mtime: 0, size: TEXT.length };
  }
  readDirectory(): [string, FileType][] {
    return [];
  }
  readFile(): Uint8Array {
    return new TextEncoder().encode(TEXT);
  }
  writeFile(): void {
    throw FileSystemError.NoPermissions();
  }
  delete(): void {
    throw FileSystemError.NoPermissions();
  }
  createDirectory(): void {
    throw FileSystemError.NoPermissions();
  }
  rename(): void {
    throw FileSystemError.NoPermissions();
  }
}

describe('Dictate', function () {
  this.timeout(25_000);
  const { files, dictate } = useDictation('typed');
  let [mine, other] = ['', ''];
  beforeEach(() => {
    ({ mine, other } = files());
  });

  it('puts the text at the cursor, as one step to undo, and leaves the clipboard alone', async function () {
    needsModel(this);
    await env.clipboard.writeText('mine');
    const { document } = await open(mine, new Position(1, 0));
    await dictate();
    assert.match(document.getText(), between('First line.\n', SAID, '\nLast line.\n'));
    assert.equal(await env.clipboard.readText(), 'mine');
    assert.deepEqual(kept(), NOTHING_KEPT);
    await untilStatus(/^\s*$/);
    await commands.executeCommand('undo');
    assert.equal(document.getText(), TEXT);
  });

  it('puts it where the dictation began, whatever is typed above and looked at meanwhile', async function () {
    needsModel(this);
    const editor = await open(mine, new Position(1, 0));
    const { document } = editor;
    await dictate(async () => {
      editor.selection = caret(new Position(0, 0));
      await commands.executeCommand('type', { text: 'Typed above.\n' });
      editor.selection = caret(document.positionAt(document.getText().length));
    });
    assert.match(document.getText(), between('Typed above.\nFirst line.\n', SAID, '\nLast line.\n'));
    await commands.executeCommand('undo');
    assert.equal(document.getText(), `Typed above.\n${TEXT}`);
  });

  it('puts it there while another editor is in its place, and leaves that one alone', async function () {
    needsModel(this);
    const { document } = await open(mine, new Position(1, 0));
    await dictate(async () => {
      await commands.executeCommand('type', { text: 'Typed. ' });
      await open(other, new Position(0, 0));
    });
    assert.equal(window.activeTextEditor?.document.getText(), TEXT);
    assert.equal(window.activeTextEditor.document.uri.toString(), inWorkspace(other).toString());
    assert.match(document.getText(), /^First line\.\n.*fellow American.*\nLast line\.\n$/i);
    assert.match(document.getText(), /Typed\. /);
    await open(mine, new Position(0, 0));
    await commands.executeCommand('undo');
    assert.equal(document.getText(), 'First line.\nTyped. \nLast line.\n');
  });

  it('replaces a selection', async function () {
    needsModel(this);
    const editor = await open(mine, new Position(0, 0));
    editor.selection = new Selection(0, 6, 0, 10);
    await dictate();
    assert.match(editor.document.getText(), between('First ', SAID, '.\n\nLast line.\n'));
    await commands.executeCommand('undo');
    assert.equal(editor.document.getText(), TEXT);
  });

  it('puts it into a new document where the editor is closed meanwhile, and says so', async function () {
    needsModel(this);
    await open(mine, new Position(1, 0));
    await dictate(() => commands.executeCommand('workbench.action.closeActiveEditor'));
    await isInNewDocument(`${mine} was closed.`);
    assert.equal(readFileSync(inWorkspace(mine).fsPath, 'utf8'), TEXT);
  });

  for (const isHidden of [false, true]) {
    it(`puts it into a new document where the ${isHidden ? 'hidden' : 'visible'} one refuses edits, and says so`, async function () {
      needsModel(this);
      const registration = workspace.registerFileSystemProvider('minutes-locked', new ReadOnlyFiles(), {
        isReadonly: true,
      });
      try {
        const editor = await openUri(Uri.parse('minutes-locked:/locked.md'), new Position(1, 0));
        await dictate(async () => {
          if (isHidden) await open(other, new Position(0, 0));
        });
        await isInNewDocument('locked.md cannot be changed.');
        assert.equal(editor.document.getText(), TEXT);
      } finally {
        await tidyUp();
        registration.dispose();
      }
    });
  }

  it('puts it into a new document where no editor is open', async function () {
    needsModel(this);
    await dictate();
    assert.match(window.activeTextEditor?.document.getText() ?? '', SAID);
    assert.deepEqual(kept(), NOTHING_KEPT);
  });

  it('discards while it records: nothing is inserted, and nothing stays on the disk', async () => {
    const { document } = await open(mine, new Position(1, 0));
    const [done] = await startRecording('minutes.dictate');
    assert.equal(kept().recordings.length, 1);
    await commands.executeCommand('minutes.discardDictation');
    await done;
    assert.equal(document.getText(), TEXT);
    assert.deepEqual(kept(), NOTHING_KEPT);
    await untilStatus(/^\s*$/);
  });
});

async function isInNewDocument(why: string): Promise<void> {
  await message(`Text is in a new document: ${why}`);
  const document = window.activeTextEditor?.document;
  assert.equal(document?.isUntitled, true);
  assert.match(document.getText(), new RegExp(`^${SAID.source}$`, SAID.flags));
  assert.deepEqual(kept(), NOTHING_KEPT);
  assert.doesNotMatch(await status(), /Minutes/);
}
