import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ConfigurationTarget, Uri, window, workspace, type Memento } from 'vscode';
import { gitFacts } from '../../../src/shell/meetings/gitFacts';
import { MeetingNotes, openMeetingNote, type PlannedMeeting } from '../../../src/shell/meetings/meetingNote';
import { offerIgnore } from '../../../src/shell/meetings/offerIgnore';
import { inWorkspace, message, needsUi, noMessages, set, tidyUp, ui, until } from '../window';

const AT = new Date(2026, 10, 28, 16, 45);

async function setInWorkspace(setting: string, value: unknown): Promise<void> {
  await workspace.getConfiguration().update(setting, value, ConfigurationTarget.Workspace);
}

/** A memory that lasts as long as a test. */
function memory(): Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, otherwise?: T) => (values.get(key) ?? otherwise) as T,
    update: (key: string, value: unknown) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
}

describe('Record Meeting: its note', function () {
  this.timeout(25_000);
  const told: string[] = [];
  let storage: Uri;
  let notes: MeetingNotes;

  beforeEach(() => {
    told.length = 0;
    storage = Uri.file(mkdtempSync(path.join(os.tmpdir(), 'minutes-storage-')));
    const log = { write: (entry: object): void => void told.push(JSON.stringify(entry)) };
    notes = new MeetingNotes({ recordingsFolder: storage, homeFolder: storage, log });
  });
  afterEach(async () => {
    await tidyUp();
    for (const name of ['template', 'folder', 'fileName']) await setInWorkspace(`minutes.notes.${name}`, undefined);
    for (const name of ['made', 'template.md', '.vscode'])
      rmSync(inWorkspace(name).fsPath, { recursive: true, force: true });
    rmSync(storage.fsPath, { recursive: true, force: true });
  });

  it('is made from the template of the workspace, in the folder and under the name that it says', async () => {
    writeFileSync(inWorkspace('template.md').fsPath, '# {title} {date}\n\nOn {branch}: {caret}{nonsense}\n');
    await setInWorkspace('minutes.notes.template', 'template.md');
    await setInWorkspace('minutes.notes.folder', 'made/here');
    await setInWorkspace('minutes.notes.fileName', 'stand up {time}');
    const meeting = await notes.plan(AT);
    assert.equal(meeting.uri.toString(), inWorkspace('made/here/stand-up-1645.md').toString());
    assert.deepEqual(meeting.places.recording, meeting.places.note);
    await openMeetingNote(meeting.uri, meeting.note);
    const editor = window.activeTextEditor;
    assert.equal(editor?.document.getText(), '# Meeting 2026-11-28\n\nOn : {nonsense}\n\n## Transcript\n');
    assert.deepEqual([editor.selection.active.line, editor.selection.active.character], [2, 'On : '.length]);
    const next = await notes.plan(AT);
    assert.equal(path.basename(next.uri.path), 'stand-up-1645-2.md');
    assert.equal(told.length, 1, 'the unknown placeholder is told once');
    assert.match(told[0] ?? '', /minutes\.notes\.template.*\{nonsense\}/);
  });

  it('opens a note that is there as it is', async () => {
    const meeting = await notes.plan(AT);
    writeFileSync(meeting.uri.fsPath, 'Mine.\n');
    await openMeetingNote(meeting.uri, meeting.note);
    assert.equal(window.activeTextEditor?.document.getText(), 'Mine.\n');
    rmSync(meeting.uri.fsPath);
  });

  it('lets a workspace lead to no file and no folder outside of it', async () => {
    writeFileSync(path.join(storage.fsPath, 'secret.md'), 'secret');
    await setInWorkspace('minutes.notes.template', path.join(storage.fsPath, 'secret.md'));
    await setInWorkspace('minutes.notes.folder', '../elsewhere');
    const meeting = await notes.plan(AT);
    assert.equal(Uri.joinPath(meeting.uri, '..').toString(), inWorkspace('').toString().replace(/\/$/, ''));
    assert.doesNotMatch(meeting.note.text, /secret/);
    assert.match(meeting.note.text, /^---\ntitle: Meeting\n/);
    assert.equal(told.length, 2);
    assert.equal(existsSync(inWorkspace('../elsewhere').fsPath), false);
  });

  it('is made where the user’s own settings say, and from their template', async () => {
    writeFileSync(path.join(storage.fsPath, 'own.md'), '# Own\n');
    await set('minutes.notes.template', path.join(storage.fsPath, 'own.md'));
    await set('minutes.notes.folder', '~/notes');
    const meeting = await notes.plan(AT);
    assert.equal(meeting.uri.fsPath, path.join(storage.fsPath, 'notes', '2026-11-28-1645-meeting.md'));
    assert.match(meeting.note.text, /^# Own\n/);
  });

  it('is made from the built-in template where the user’s is gone, which is logged', async () => {
    await set('minutes.notes.template', 'nowhere.md');
    const meeting = await notes.plan(AT);
    assert.match(meeting.note.text, /^---\ntitle: Meeting\n/);
    assert.match(told.join(), /cannot be read/);
  });

  it('has its recording in the storage where the setting says so', async () => {
    await set('minutes.recordings.place', 'storage');
    writeFileSync(path.join(storage.fsPath, '2026-11-28-1645-meeting.wav'), '');
    const meeting = await notes.plan(AT);
    assert.equal(meeting.places.recording.toString(), storage.toString());
    assert.equal(meeting.name, '2026-11-28-1645-meeting-2', 'a name that is free in both folders');
  });

  it('knows nothing of git where its extension is off', async () => {
    assert.deepEqual(await gitFacts(inWorkspace('')), {});
  });
});

describe('Record Meeting: what git ignores', function () {
  this.timeout(25_000);
  let folder: Uri;
  let meeting: PlannedMeeting;

  beforeEach(function () {
    needsUi(this);
    folder = inWorkspace('repository');
    mkdirSync(path.join(folder.fsPath, 'notes'), { recursive: true });
    execFileSync('git', ['init', '--quiet'], { cwd: folder.fsPath });
    const note = Uri.joinPath(folder, 'notes');
    meeting = {
      startedAt: AT,
      name: '2026-11-28-1645-meeting',
      namePattern: '{date}-{time}-meeting',
      places: { note, recording: note },
      uri: Uri.joinPath(note, '2026-11-28-1645-meeting.md'),
      note: { text: '', caretOffset: 0, transcriptHeading: '', blocks: [], unknown: [] },
    };
  });
  afterEach(async () => {
    await tidyUp();
    rmSync(folder.fsPath, { recursive: true, force: true });
  });

  const ignored = (name: string): boolean => {
    try {
      execFileSync('git', ['check-ignore', '--quiet', `notes/${name}`], { cwd: folder.fsPath });
      return true;
    } catch {
      return false;
    }
  };

  it('is added where the user says so, and asked about once', async () => {
    writeFileSync(path.join(folder.fsPath, '.gitignore'), 'build\r\n');
    const remembered = memory();
    const offered = offerIgnore(meeting, remembered);
    assert.match(await message('Git does not ignore recordings'), /Not Now/);
    await ui('clickNotificationButton', { text: 'Git does not ignore', button: 'Add to .gitignore' });
    await offered;
    const file = path.join(folder.fsPath, '.gitignore');
    await until(() => readFileSync(file, 'utf8').includes('jsonl'), { what: 'the patterns' });
    assert.equal(
      readFileSync(file, 'utf8'),
      'build\r\n\r\n# Minutes: recordings of meetings and their logs\r\n????-??-??-????-meeting*.wav\r\n*.minutes.jsonl\r\n',
    );
    for (const name of ['2026-11-28-1645-meeting.wav', '2026-11-28-1645-meeting-2.wav', 'a.minutes.jsonl'])
      assert.ok(ignored(name), name);
    assert.ok(!ignored('2026-11-28-1645-meeting.md') && !ignored('talk.wav'));
    rmSync(file);
    // A question would wait for an answer.
    await offerIgnore(meeting, remembered);
  });

  it('is asked about nobody where git ignores it already, or there is no repository', async () => {
    writeFileSync(path.join(folder.fsPath, 'notes', '.gitignore'), '*.wav\n');
    writeFileSync(path.join(folder.fsPath, '.git', 'info', 'exclude'), '*.jsonl\n');
    await offerIgnore(meeting, memory());
    rmSync(path.join(folder.fsPath, '.git'), { recursive: true });
    await offerIgnore(meeting, memory());
    await noMessages();
  });

  it('is told by git’s extension, where it is on: branch and repository', async () => {
    execFileSync('git', ['checkout', '--quiet', '-b', 'feature/live'], { cwd: folder.fsPath });
    await set('git.enabled', true);
    try {
      await until(async () => (await gitFacts(folder)).branch !== undefined, { what: 'the branch' });
      assert.deepEqual(await gitFacts(folder), { branch: 'feature/live', repository: 'repository' });
    } finally {
      await set('git.enabled', false);
    }
  });
});
