import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { commands, window, workspace, WorkspaceEdit, type Uri } from 'vscode';
import { groqVerboseJson, spoken } from '../../fakes/speechAnswers';
import { engineProcesses } from '../engineProcesses';
import { forgetRecordings, ITEM, kept, startRecording, storageFolder, untilStatus, useMicrophone } from '../microphone';
import { withServer, type SpeechServer } from '../speechServer';
import { activeName, inWorkspace, message, needsModel, noMessages, set, tidyUp, ui, until } from '../window';

const FOLDERS = ['talks', 'moved'] as const;

/** The meetings' files in a folder of the workspace. */
function filesIn(folder = ''): readonly string[] {
  return readdirSync(inWorkspace(folder).fsPath)
    .filter((name) => name.includes('meeting'))
    .sort();
}

function onlyIn(folder: string, ending: string): Uri {
  const [found, ...more] = filesIn(folder).filter((name) => name.endsWith(ending));
  assert.ok(found !== undefined && more.length === 0, `${filesIn(folder).join()} in ${folder}`);
  return inWorkspace(path.posix.join(folder, found));
}

const textOf = (file: Uri): string => readFileSync(file.fsPath, 'utf8');

/** A server that says which of the recordings it was sent. */
const inOrder = (_: unknown, index: number): ReturnType<typeof groqVerboseJson> =>
  groqVerboseJson(spoken(`Part ${index + 1} of it.`));

/** What problem the user is told of now. */
async function problems(): Promise<readonly string[]> {
  const selector = '.notification-toast:has(.codicon-error, .codicon-warning)';
  return (await ui('count', { selector })) === 0 ? [] : [await ui('text', { selector })];
}

/** As the explorer does. */
async function rename(from: Uri, to: Uri): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.renameFile(from, to);
  assert.ok(await workspace.applyEdit(edit));
}

describe('A meeting’s note', function () {
  this.timeout(40_000);
  const { device, clip } = useMicrophone();

  afterEach(async () => {
    await commands.executeCommand('minutes.stopMeeting');
    await tidyUp();
    for (const setting of ['files.readonlyInclude', 'files.autoSave']) await set(setting, undefined);
    for (const name of filesIn()) rmSync(inWorkspace(name).fsPath, { force: true });
    for (const folder of FOLDERS) rmSync(inWorkspace(folder).fsPath, { recursive: true, force: true });
    forgetRecordings();
  });

  /** Records the clip, then something happens, then the clip again, and the end. */
  async function record(
    server: SpeechServer,
    happens: (note: Uri) => PromiseLike<unknown>,
    folder = '',
  ): Promise<void> {
    const [done] = await startRecording('minutes.recordMeeting');
    await device().play(clip().file);
    await server.received(1);
    await happens(onlyIn(folder, '.md'));
    await device().play(clip().file);
    await commands.executeCommand('minutes.recordMeeting');
    await done;
  }

  function assertWhole(recording: Uri): void {
    const bytes = readFileSync(recording.fsPath);
    const first = bytes.indexOf(clip().samples);
    assert.ok(first > 0 && bytes.lastIndexOf(clip().samples) > first, 'every sample that was said');
    assert.deepEqual(kept().unfinished, [], 'nobody is asked about it at the next start');
  }

  it('is filled when it is closed, and offered at the end', async () => {
    await withServer(inOrder, async (server) => {
      await record(server, () => commands.executeCommand('workbench.action.closeAllEditors'));
      const note = onlyIn('', '.md');
      const name = path.posix.basename(note.path);
      assert.match(await message('Note ready'), new RegExp(`Note ready: ${name}`));
      assert.match(textOf(note), /\] Part 1 of it\.\n\n\[0:\d\d\] Part 2 of it\.\n$/);
      await ui('clickNotificationButton', { text: 'Note ready', button: 'Open' });
      await until(() => activeName() === name, { what: 'the note' });
      assertWhole(onlyIn('', '.wav'));
    });
  });

  it('is followed when it is renamed', async () => {
    await withServer(inOrder, async (server) => {
      await record(server, (note) => rename(note, inWorkspace('renamed-meeting.md')));
      const note = onlyIn('', '.md');
      assert.match(note.path, /\/renamed-meeting\.md$/);
      assert.match(textOf(note), /\] Part 1 of it\.\n\n\[0:\d\d\] Part 2 of it\.\n$/);
      assert.equal(path.basename(onlyIn('', '.jsonl').path), 'renamed-meeting.minutes.jsonl');
      assert.equal(filesIn().length, 3, filesIn().join());
      assert.deepEqual(await problems(), []);
      assertWhole(onlyIn('', '.wav'));
    });
  });

  it('is followed when its folder is renamed, with the recording in it', async () => {
    await set('minutes.notes.folder', 'talks');
    await withServer(inOrder, async (server) => {
      await record(server, () => rename(inWorkspace('talks'), inWorkspace('moved')), 'talks');
      assert.match(textOf(onlyIn('moved', '.md')), /\] Part 1 of it\.\n\n\[0:\d\d\] Part 2 of it\.\n$/);
      assertWhole(onlyIn('moved', '.wav'));
      assert.equal(filesIn('moved').length, 3, filesIn('moved').join());
      assert.ok(!existsSync(inWorkspace('talks').fsPath), 'nothing is made at the old place');
      assert.deepEqual(await problems(), []);
    });
  });

  it('is made again when it is deleted, which is said', async () => {
    // Else the editor itself saves what was not.
    await set('files.autoSave', 'off');
    await withServer(inOrder, async (server) => {
      await record(server, async (note) => {
        await until(() => textIn(note).includes('Part 1'), { what: 'the first paragraph' });
        await workspace.fs.delete(note);
      });
      assert.match(await message('Note made again'), /meeting\.md was deleted/);
      assert.match(textOf(onlyIn('', '.md')), /\] Part 1 of it\.\n\n\[0:\d\d\] Part 2 of it\.\n$/);
      assertWhole(onlyIn('', '.wav'));
    });
  });

  it('has its text in a new document where it is read-only, which is said at once', async () => {
    await withServer(inOrder, async (server) => {
      await record(server, async () => {
        await set('files.readonlyInclude', { '**/*-meeting.md': true });
      });
      await message('Note cannot be changed');
      assert.match(await message('Text is in a new document'), /meeting\.md cannot be changed/);
      const shown = window.activeTextEditor?.document;
      assert.ok(shown?.isUntitled);
      assert.match(shown.getText(), /\nlength: 00:00:[^]*\] Part 1 of it\.\n\n\[0:\d\d\] Part 2 of it\.\n$/);
      assertWhole(onlyIn('', '.wav'));
    });
  });

  it('has the name of a recording that was renamed meanwhile', async () => {
    await withServer(inOrder, async (server) => {
      await record(server, () => rename(onlyIn('', '.wav'), inWorkspace('renamed-meeting.wav')));
      const text = textOf(onlyIn('', '.md'));
      assert.match(text, /\nrecording: renamed-meeting\.wav\n/);
      assert.match(text, /\] Part 1 of it\.\n\n\[0:\d\d\] Part 2 of it\.\n$/);
      assertWhole(inWorkspace('renamed-meeting.wav'));
      assert.equal(filesIn().length, 3, filesIn().join());
    });
  });

  it('loses nothing where its recording is deleted meanwhile, which is said', async () => {
    await withServer(inOrder, async (server) => {
      await record(server, async () => {
        await workspace.fs.delete(onlyIn('', '.wav'));
        assert.match(await message('Recording made again'), /meeting\.wav was deleted\. Nothing of it is missing/);
      });
      assert.match(textOf(onlyIn('', '.md')), /\] Part 1 of it\.\n\n\[0:\d\d\] Part 2 of it\.\n$/);
      assertWhole(onlyIn('', '.wav'));
    });
  });

  it('is not there where there is no microphone: no tab, no file, nothing in the status bar', async () => {
    const tabs = (): number => window.tabGroups.all.flatMap((group) => group.tabs).length;
    const logs = (): readonly string[] => {
      const folder = path.join(storageFolder(), 'transcripts');
      return existsSync(folder) ? readdirSync(folder) : [];
    };
    mkdirSync(inWorkspace('talks').fsPath);
    await noMessages();
    const [tabsBefore, logsBefore] = [tabs(), logs()];
    await device().unplug();
    try {
      await commands.executeCommand('minutes.recordMeeting');
      await message('No microphone found');
      await untilStatus(/^\s*$/);
      assert.equal(await ui('count', { selector: `${ITEM}.has-background-color` }), 0);
      assert.deepEqual([filesIn(), tabs(), logs(), kept().unfinished], [[], tabsBefore, logsBefore, []]);
    } finally {
      await device().plug();
    }
  });

  it('is filled on where the engine is killed', async function () {
    needsModel(this);
    const killed = async (): Promise<unknown> => {
      const before = await until(() => engineProcesses().at(0) !== undefined && engineProcesses(), {
        what: 'an engine',
      });
      for (const id of before) process.kill(id, 'SIGKILL');
      return before;
    };
    const [done] = await startRecording('minutes.recordMeeting');
    const note = onlyIn('', '.md');
    const americans = (): number => textIn(note).split(/fellow Americans/i).length - 1;
    await device().play(clip().file);
    await until(() => americans() === 1, { what: 'the first paragraph', timeoutMs: 20_000 });
    await killed();
    await device().play(clip().file);
    await until(() => americans() === 2, { what: 'the second paragraph', timeoutMs: 20_000 });
    await untilStatus(/\d:\d\d/);
    await commands.executeCommand('minutes.recordMeeting');
    await done;
    assert.equal(americans(), 2, textIn(note));
    assert.doesNotMatch(textIn(note), /Not (transcribed|understood)/);
    assertWhole(onlyIn('', '.wav'));
  });
});

/** What an open document holds. */
function textIn(note: Uri): string {
  return workspace.textDocuments.find(({ uri }) => uri.toString() === note.toString())?.getText() ?? '';
}
