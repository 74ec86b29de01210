import { skipWithReason } from '../../speech';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
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
  type TextEditor,
} from 'vscode';
import { BYTES_PER_SAMPLE } from '../../../src/core/audio/pcm';
import { WAV_HEADER_BYTES } from '../../../src/core/audio/wav';
import type { ScriptedAnswer } from '../../fakes/scriptedServer';
import { groqVerboseJson, rateLimited, spoken } from '../../fakes/speechAnswers';
import {
  forgetRecordings,
  kept,
  startRecording,
  status,
  storageFolder,
  untilStatus,
  useMicrophone,
} from '../microphone';
import { fieldValues, outOfOrder, withServer } from '../speechServer';
import { inWorkspace, message, needsModel, tidyUp, ui, until } from '../window';

/** What the embedded engine makes of the clip. */
const SAID = /And so,? my fellow Americans[.,]?/;
const TEXT = 'First line.\n\nLast line.\n';
const NOTHING_KEPT = { recordings: [], unfinished: [] };

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
  const { device, clip } = useMicrophone();

  // New ones for each test: this window saves by itself what is changed.
  let [mine, other] = ['', ''];
  let testCount = 0;

  beforeEach(() => {
    [mine, other] = [`dictated-${++testCount}.md`, `other-${testCount}.py`];
    for (const name of [mine, other]) writeFileSync(inWorkspace(name).fsPath, TEXT);
  });
  afterEach(async () => {
    await commands.executeCommand('minutes.discardDictation');
    await tidyUp();
    forgetRecordings();
    for (const name of [mine, other]) rmSync(inWorkspace(name).fsPath, { force: true });
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
    await isInNewDocument();
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
        await isInNewDocument();
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

  it('discards while it transcribes, too', async () => {
    await withServer([{ hang: true }], async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [done] = await stopAfterClip();
      await server.received(1);
      await commands.executeCommand('minutes.discardDictation');
      await done;
      assert.equal(document.getText(), TEXT);
      assert.deepEqual(kept(), NOTHING_KEPT);
    });
  });

  it('warns of a microphone that gives silence, and says that no speech was found', async () => {
    const { document } = await open(mine, new Position(1, 0));
    const [done] = await startRecording('minutes.dictate');
    assert.match(await message('nothing but silence'), /not muted.*the recording goes on/s);
    await stop(done);
    assert.match(await message('No speech was found'), /right microphone/);
    assert.equal(document.getText(), TEXT);
    assert.deepEqual(
      kept().recordings.map((name) => path.extname(name)),
      ['.wav'],
    );
    assert.deepEqual(kept().unfinished, []);
    await untilStatus(/^\s*$/);
  });

  it('says so when asked to dictate while it transcribes', async () => {
    let answer: (answer: ScriptedAnswer) => void = () => undefined;
    const answered = new Promise<ScriptedAnswer>((resolve) => {
      answer = resolve;
    });
    await withServer(
      () => answered,
      async (server) => {
        const { document } = await open(mine, new Position(1, 0));
        const [done] = await stopAfterClip();
        await server.received(1);
        await untilStatus(/Transcribing/);
        await commands.executeCommand('minutes.dictate');
        await message('still being transcribed');
        answer(groqVerboseJson(spoken('Scripted.')));
        await done;
        assert.equal(document.getText(), 'First line.\nScripted.\nLast line.\n');
        assert.equal(server.requests.length, 1);
      },
    );
  });

  it('sends what was said, every sample, and the words that Show Prompt shows', async () => {
    await withServer([groqVerboseJson(spoken('Scripted.'))], async (server) => {
      writeFileSync(inWorkspace(other).fsPath, 'class LedgerExporter:\n  def flushQueue(self): pass\n');
      await open(other, new Position(0, 0));
      await open(mine, new Position(1, 0));
      await commands.executeCommand('minutes.showPrompt');
      const shown = window.activeTextEditor?.document.getText() ?? '';
      const prompt = /```text\n(.*)\n```/.exec(shown)?.[1];
      assert.ok(prompt?.includes('LedgerExporter'), shown);
      await open(mine, new Position(1, 0));
      await dictate();
      const [request] = server.requests;
      assert.equal(server.requests.length, 1);
      assert.deepEqual(fieldValues(request, 'prompt'), [prompt]);
      const upload = request?.files[0]?.bytes.subarray(WAV_HEADER_BYTES) ?? Buffer.alloc(0);
      const { missingAtStart, missingAtEnd } = overlap(upload, clip().samples);
      // The cut at a pause may leave out what is silent in the clip, and no more.
      console.log(`      left out: ${missingAtStart} samples of the clip's beginning, ${missingAtEnd} of its end`);
      assert.ok(missingAtStart + missingAtEnd < 8000);
    });
  });

  it('keeps the recording where the endpoint fails, and tries again', async () => {
    let isBroken = true;
    await withServer(
      () => (isBroken ? outOfOrder() : groqVerboseJson(spoken('Scripted at last.'))),
      async () => {
        const { document } = await open(mine, new Position(1, 0));
        await dictate();
        assert.match(await message('out of order'), /Try Again/);
        await untilStatus(/Minutes/);
        assert.equal(document.getText(), TEXT);
        const [recording, ...others] = kept().recordings;
        assert.ok(recording !== undefined && others.length === 0);
        assert.equal(kept().unfinished.length, 1);
        const samples = readFileSync(path.join(storageFolder(), 'recordings', recording));
        assert.ok(samples.includes(clip().samples), 'every sample that was said');
        isBroken = false;
        await ui('clickNotificationButton', { text: 'out of order', button: 'Try Again' });
        await until(() => window.activeTextEditor?.document.getText() === 'Scripted at last.', { what: 'the text' });
        assert.equal(window.activeTextEditor?.document.isUntitled, true);
        assert.equal(document.getText(), TEXT);
        await until(() => kept().recordings.length === 0, { what: 'the recording is gone' });
        await untilStatus(/^\s*$/);
      },
    );
  });

  it('goes on recording while an earlier dictation is tried again', async () => {
    let isBroken = true;
    await withServer(
      () => (isBroken ? outOfOrder() : groqVerboseJson(spoken('Scripted at last.'))),
      async () => {
        await dictate();
        await message('out of order');
        const { document } = await open(mine, new Position(1, 0));
        const [done] = await startRecording('minutes.dictate');
        isBroken = false;
        await ui('clickNotificationButton', { text: 'out of order', button: 'Try Again' });
        await until(() => kept().recordings.length === 1, { what: 'only the new recording' });
        await untilStatus(/\d:\d\d/);
        await device().play(clip().file);
        await stop(done);
        assert.equal(document.getText(), 'First line.\nScripted at last.\nLast line.\n');
      },
    );
  });

  it('opens the connection while the user speaks, and sends the recording over it', async () => {
    await withServer([groqVerboseJson(spoken('Scripted.'))], async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [done] = await startRecording('minutes.dictate');
      await until(() => server.questions.length === 1, { what: 'the connection' });
      assert.equal(server.questions[0]?.path, '/v1/models');
      assert.equal(server.requests.length, 0);
      await device().play(clip().file);
      await stop(done);
      assert.equal(document.getText(), 'First line.\nScripted.\nLast line.\n');
      assert.deepEqual([server.requests.length, server.connectionCount], [1, 1]);
    });
  });

  it('counts down where the endpoint asks to wait, and has the text then', async () => {
    await withServer([rateLimited('3s', 3), groqVerboseJson(spoken('Scripted.'))], async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [done] = await stopAfterClip();
      const text = await message('The dictation waits');
      assert.match(text, new RegExp(`The dictation waits: ${server.host} asks to wait: 0:0\\d`));
      assert.equal(document.getText(), TEXT);
      await done;
      assert.equal(document.getText(), 'First line.\nScripted.\nLast line.\n');
      assert.equal(server.requests.length, 2);
      await until(async () => (await ui('count', { selector: '.notification-toast' })) === 0, { what: 'no message' });
    });
  });

  it('keeps the recording where the user does not want to wait, and tries again', async () => {
    await withServer([rateLimited('1m', 60)], async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [done] = await stopAfterClip();
      await ui('clickNotificationButton', { text: 'The dictation waits', button: 'Cancel' });
      await done;
      await message('The dictation is kept, and is offered again at the next start.');
      assert.deepEqual(await ui('notificationButtons', { text: 'The dictation is kept' }), ['Try Again']);
      assert.equal(document.getText(), TEXT);
      assert.equal(kept().recordings.length, 1);
      assert.equal(kept().unfinished.length, 1);
      assert.equal(server.requests.length, 1);
    });
  });

  it('keeps what was said before the microphone went away', async function () {
    needsModel(this);
    const { document } = await open(mine, new Position(1, 0));
    const [done] = await startRecording('minutes.dictate');
    await device().play(clip().file);
    await device().unplug();
    try {
      assert.match(await message('ended by itself'), /is kept.*start again/s);
      await done;
      assert.match(document.getText(), between('First line.\n', SAID, '\nLast line.\n'));
    } finally {
      await device().plug();
    }
  });

  it('names the next step where there is no microphone, and works when there is one again', async function () {
    needsModel(this);
    const { document } = await open(mine, new Position(1, 0));
    await device().unplug();
    try {
      await commands.executeCommand('minutes.dictate');
      assert.match(await message('No microphone was found'), /Plug one in or choose one/);
      await untilStatus(/Minutes/);
      await ui('screenshot', { name: 'integration-status-failed' });
      assert.equal(document.getText(), TEXT);
      assert.deepEqual(kept(), NOTHING_KEPT);
    } finally {
      await device().plug();
    }
    await dictate();
    assert.match(document.getText(), between('First line.\n', SAID, '\nLast line.\n'));
    await untilStatus(/^\s*$/);
  });

  /** Dictates the clip, while something else is done; the text is in its place then. */
  async function dictate(meanwhile: () => PromiseLike<unknown> = () => Promise.resolve()): Promise<void> {
    const [done] = await stopAfterClip(meanwhile);
    await done;
  }

  async function stopAfterClip(
    meanwhile: () => PromiseLike<unknown> = () => Promise.resolve(),
  ): Promise<Promise<void>[]> {
    const [done] = await startRecording('minutes.dictate');
    await Promise.all([device().play(clip().file), meanwhile()]);
    await commands.executeCommand('minutes.dictate');
    assert.ok(done);
    return [done];
  }
});

describe('Show Recordings', () => {
  before(function () {
    if (!env.remoteName) skipWithReason(this, "on this machine the system's own file manager opens");
  });
  afterEach(async () => {
    await tidyUp();
    forgetRecordings();
  });

  it("opens their folder in the window's own dialog where the system's file manager is on another machine", async () => {
    const folder = path.join(storageFolder(), 'recordings');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'kept.wav'), '');
    const done = commands.executeCommand('minutes.showRecordings');
    await ui('waitQuickInput', {});
    assert.equal(
      (await ui('rowText', { selector: '.quick-input-list .monaco-list-row', has: 'kept.wav' })).trim(),
      'kept.wav',
    );
    await ui('press', { key: 'Escape' });
    await done;
  });
});

async function stop(done: Promise<void> | undefined): Promise<void> {
  await commands.executeCommand('minutes.dictate');
  await done;
}

function caret(position: Position): Selection {
  return new Selection(position, position);
}

async function open(name: string, position: Position): Promise<TextEditor> {
  return openUri(inWorkspace(name), position);
}

/** As the user does: a document that an extension opens stays open for minutes after its editor was closed. */
async function openUri(uri: Uri, position: Position): Promise<TextEditor> {
  await commands.executeCommand('vscode.open', uri, { preview: false });
  const editor = await until(
    () => (window.activeTextEditor?.document.uri.toString() === uri.toString() ? window.activeTextEditor : undefined),
    { what: `an editor of ${uri.path}` },
  );
  editor.selection = caret(position);
  return editor;
}

/** The whole text: what was there around what was said. */
function between(head: string, said: RegExp, tail: string): RegExp {
  const exactly = (text: string): string => text.replace(/[.\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`));
  return new RegExp(`^${exactly(head)}${said.source}${exactly(tail)}$`, said.flags);
}

async function isInNewDocument(): Promise<void> {
  await message('The text is in a new document');
  const document = window.activeTextEditor?.document;
  assert.equal(document?.isUntitled, true);
  assert.match(document.getText(), new RegExp(`^${SAID.source}$`, SAID.flags));
  assert.deepEqual(kept(), NOTHING_KEPT);
  assert.doesNotMatch(await status(), /Minutes/);
}

/** Where a clip lies in what was sent, every sample of it that lies there being the clip's own. */
function overlap(sent: Buffer, clip: Buffer): { readonly missingAtStart: number; readonly missingAtEnd: number } {
  const middle = Math.floor(clip.length / 4) * BYTES_PER_SAMPLE;
  const at = sent.indexOf(clip.subarray(middle, middle + 3200)) - middle;
  assert.ok(at + middle >= 0, 'the middle of the clip was not sent');
  const from = Math.max(0, -at);
  const to = Math.min(clip.length, sent.length - at);
  assert.ok(sent.subarray(at + from, at + to).equals(clip.subarray(from, to)), 'samples differ');
  return { missingAtStart: from / BYTES_PER_SAMPLE, missingAtEnd: (clip.length - to) / BYTES_PER_SAMPLE };
}
