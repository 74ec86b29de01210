import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { commands, window } from 'vscode';
import { startHubServer, type HubServer } from '../../fakes/hubServer';
import { modelFolder } from '../../models';
import { skipWithReason } from '../../speech';
import { forgetRecordings, kept, startRecording, untilStatus, useMicrophone } from '../microphone';
import {
  bundledModelFacts,
  inWorkspace,
  isInWorkspace,
  message,
  needsUi,
  readWorkspaceFile,
  set,
  tidyUp,
  transcribe,
  ui,
  until,
} from '../window';

const NAME = 'openai/whisper-base';
const ASKS = `Download ${NAME}?`;
const MISSING = 'No speech model is on this machine yet';
const DOWNLOAD = 'Download…';
/** 145 MB from a server beside, checked, prepared and tested, on a machine that may be busy. */
const INSTALL_MS = 240_000;

/** What a user of a package meets that was made without a model: the one of this window is put aside. */
describe('A package without a model', function () {
  this.timeout(300_000);
  const { device, clip } = useMicrophone();
  let folder: string;
  let hub: HubServer | undefined;
  /** What the hub was asked in earlier tests. */
  let earlier = 0;
  /** What was put aside. */
  const aside: string[] = [];

  before(async function () {
    needsUi(this);
    const model = modelFolder('whisper-base');
    if ('absent' in model) skipWithReason(this, model.absent);
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'minutes-models-'));
    hub = await startHubServer({ models: { [NAME]: model.folder }, licenses: { [NAME]: 'apache-2.0' } });
    for (const file of bundledModelFacts()) {
      fs.renameSync(file, `${file}.aside`);
      aside.push(file);
    }
  });
  beforeEach(async () => {
    await set('minutes.embedded.modelsFolder', fs.mkdtempSync(path.join(folder, 'installed-')));
    await set('minutes.embedded.hub', hub?.url);
    earlier = hub?.requests.length ?? 0;
    // Another suite's note of the same recording.
    fs.rmSync(inWorkspace('engine.md').fsPath, { force: true });
  });
  afterEach(async () => {
    await commands.executeCommand('minutes.discardDictation');
    await tidyUp();
    forgetRecordings();
    fs.rmSync(inWorkspace('engine.md').fsPath, { force: true });
  });
  after(async () => {
    for (const file of aside.splice(0)) fs.renameSync(`${file}.aside`, file);
    await hub?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** What the hub was asked in this test, of its large files only where that is wanted. */
  function asked(server?: 'other'): number {
    const requests = hub?.requests.slice(earlier) ?? [];
    return requests.filter((request) => server === undefined || request.server === server).length;
  }

  /** Answers the question what the download takes; the model is installed when it resolves. */
  async function agree(): Promise<void> {
    await ui('waitQuickInput', { has: ASKS });
    assert.match(await ui('rowText', { selector: '.quick-input-list .monaco-list-row', has: 'from 127' }), /147 MB/);
    assert.equal(asked('other'), 0, 'nothing large before the answer');
    await ui('press', { key: 'Enter' });
    await ui('waitForNotification', { text: `${NAME} is installed`, timeoutMs: INSTALL_MS });
  }

  it('says so before it reads a file, downloads one where the user agrees, and goes on', async () => {
    await transcribe(inWorkspace('engine.wav'));
    assert.match(
      await message(MISSING),
      /Download openai\/whisper-base once \(29\d MB\), after which no network is needed/,
    );
    await ui('screenshot', { name: 'integration-model-missing' });
    assert.deepEqual(await ui('notificationButtons', { text: MISSING }), [DOWNLOAD, 'Offline Models…']);
    assert.deepEqual([asked(), isInWorkspace('engine.md')], [0, false]);
    await ui('clickNotificationButton', { text: MISSING, button: DOWNLOAD });
    await agree();
    await until(() => isInWorkspace('engine.md') && readWorkspaceFile('engine.md').includes('country'), {
      what: 'the note',
      timeoutMs: 60_000,
    });
    assert.match(readWorkspaceFile('engine.md'), /embedded engine \(openai\/whisper-base\), on this machine/);
  });

  it('fetches nothing and goes on with nothing where the user does not want it', async () => {
    await transcribe(inWorkspace('engine.wav'));
    await message(MISSING);
    await ui('clickNotificationButton', { text: MISSING, button: DOWNLOAD });
    await ui('pickQuickInput', { label: 'Do not download', has: ASKS });
    await until(async () => (await ui('count', { selector: '.notification-toast' })) === 0, { what: 'no message' });
    assert.equal(asked('other'), 0);
    assert.equal(isInWorkspace('engine.md'), false);
  });

  it('lists none, and recommends one', async () => {
    const done = commands.executeCommand('minutes.chooseEngineModel');
    const [has, selector] = ['Model of the embedded engine', '.quick-input-list .monaco-list-row'];
    await ui('waitQuickInput', { has });
    assert.match(await ui('rowText', { selector, has: 'Auto' }), /^Auto\s*in use · none here yet/);
    assert.match(
      await ui('rowText', { selector, has: NAME }),
      /^openai\/whisper-base\s*recommended · 29\d MB to download/,
    );
    await ui('press', { key: 'Escape' });
    await done;
  });

  it('records a dictation first, keeps it, and writes it when a model is there', async () => {
    const [done] = await startRecording('minutes.dictate');
    await device().play(clip().file);
    await commands.executeCommand('minutes.dictate');
    await done;
    await message(MISSING);
    await untilStatus(/Minutes/);
    assert.deepEqual([kept().recordings.length, kept().unfinished.length, asked()], [1, 1, 0]);
    await ui('clickNotificationButton', { text: MISSING, button: DOWNLOAD });
    await agree();
    await until(() => window.activeTextEditor?.document.getText().includes('Americans'), {
      what: 'the text',
      timeoutMs: 60_000,
    });
    await until(() => kept().recordings.length + kept().unfinished.length === 0, { what: 'the recording is gone' });
    await untilStatus(/^\s*$/);
  });
});
