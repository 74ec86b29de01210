import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  Disposable,
  EventEmitter,
  FileSystemError,
  FileType,
  Uri,
  window,
  workspace,
  type FileChangeEvent,
  type FileStat,
  type FileSystemProvider,
} from 'vscode';
import { inWorkspace, message, needsModel, needsUi, tidyUp, transcribe } from '../window';

/** A file system in memory, as a virtual workspace has one; may refuse to read or to write as a real one does. */
class MemoryFiles implements FileSystemProvider {
  readonly files = new Map<string, Uint8Array>();
  refusesToWrite = false;
  refusesToRead = false;
  private readonly changes = new EventEmitter<FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;

  watch(): Disposable {
    return new Disposable(() => undefined);
  }
  stat(uri: Uri): FileStat {
    if (uri.path === '/') return { type: FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    const file = this.files.get(uri.path);
    if (!file) throw FileSystemError.FileNotFound(uri);
    return { type: FileType.File, ctime: 0, mtime: Date.UTC(2026, 0, 2), size: file.length };
  }
  readDirectory(): [string, FileType][] {
    return [...this.files.keys()].map((name) => [name.slice(1), FileType.File]);
  }
  readFile(uri: Uri): Uint8Array {
    const file = this.files.get(uri.path);
    if (!file) throw FileSystemError.FileNotFound(uri);
    if (this.refusesToRead) throw FileSystemError.Unavailable('the line is down');
    return file;
  }
  writeFile(uri: Uri, content: Uint8Array): void {
    if (this.refusesToWrite) throw new FileSystemError('ENOSPC: no space left on device');
    this.files.set(uri.path, content);
  }
  delete(uri: Uri): void {
    this.files.delete(uri.path);
  }
  createDirectory(): void {
    throw FileSystemError.NoPermissions();
  }
  rename(): void {
    throw FileSystemError.NoPermissions();
  }
}

describe('A recording in a virtual workspace', () => {
  const memory = new MemoryFiles();
  const recording = Uri.parse('minutes-test:/talk.wav');
  let registration: Disposable;

  before(() => {
    registration = workspace.registerFileSystemProvider('minutes-test', memory);
  });
  after(() => {
    registration.dispose();
  });
  beforeEach(() => {
    memory.files.clear();
    memory.files.set('/talk.wav', readFileSync(inWorkspace('jfk.wav').fsPath));
    memory.refusesToRead = memory.refusesToWrite = false;
  });
  afterEach(tidyUp);

  it('is copied, transcribed, and gets its note where it lies', async function () {
    needsModel(this);
    await transcribe(recording);
    const note = new TextDecoder().decode(memory.files.get('/talk.md'));
    assert.match(
      note,
      /^# talk\n\n- Recording: \[talk\.wav\]\(talk\.wav\)\n- Length: 00:00:11\n- Date: 2026-01-0[123] /,
    );
    assert.match(note, /Americans/);
    assert.equal(window.activeTextEditor?.document.uri.toString(), 'minutes-test:/talk.md');
  });

  it('opens its note unsaved where nothing can be written, and says why', async function () {
    needsUi(this);
    needsModel(this);
    memory.refusesToWrite = true;
    await transcribe(recording);
    assert.match(await message('is open unsaved'), /could not be written.*no space left on device.*save it/s);
    const document = window.activeTextEditor?.document;
    assert.ok(document?.isUntitled);
    assert.match(document.getText(), /Americans/);
  });

  it('is refused with the reason where it cannot be copied', async function () {
    needsUi(this);
    memory.refusesToRead = true;
    await transcribe(recording);
    assert.match(await message('is not on this machine'), /[Ss]ave it to a local folder/);
  });
});
