import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { commands, Uri, window, workspace } from 'vscode';
import { printModelFacts } from '../../../src/core/models/installedFacts';
import { startHubServer, type HubFaults, type HubServer } from '../../fakes/hubServer';
import { writeSmallWhisper } from '../../smallWhisper';
import { inWorkspace, message, needsModel, needsUi, noMessages, set, tidyUp, transcribe, ui, until } from '../window';

const ROWS = '.quick-input-list .monaco-list-row';
const LIST = 'Model of the embedded engine';
const NAME = 'minutes-tests/whisper-small';
/** Comes with Minutes. */
const BASE = 'openai/whisper-base';
const ASKS = `Download ${NAME}?`;

describe('Choose Engine Model', () => {
  let folder: string;
  let source: string;
  let hub: HubServer | undefined;

  before(function () {
    needsUi(this);
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'minutes-models-'));
    source = path.join(folder, 'My Whisper');
    writeSmallWhisper(source);
  });
  beforeEach(async () => {
    await set('minutes.embedded.modelsFolder', fs.mkdtempSync(path.join(folder, 'installed-')));
  });
  afterEach(async () => {
    await tidyUp();
    await hub?.close();
    hub = undefined;
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** Plays the hub with the small Whisper, for this window. */
  async function startHub(faults: HubFaults = {}): Promise<HubServer> {
    hub = await startHubServer({ models: { [NAME]: source }, faults, licenses: { [NAME]: 'apache-2.0' } });
    await set('minutes.embedded.hub', hub.url);
    return hub;
  }

  /** Opens the list. */
  async function openList(): Promise<readonly [Thenable<unknown>]> {
    const done = commands.executeCommand('minutes.chooseEngineModel');
    await ui('waitQuickInput', { has: LIST });
    return [done];
  }

  /** Asks for the model by its name; the question what it takes is shown when it resolves. */
  async function askFor(name = NAME): Promise<readonly [Thenable<unknown>]> {
    const [done] = await openList();
    await ui('filterQuickInput', { text: 'Another model', has: LIST });
    await ui('pickQuickInput', { label: 'Another model by its name…', has: LIST });
    await ui('answerQuickInput', { text: name, has: 'Name of a Whisper model' });
    return [done];
  }

  /** The random one writes nonsense at length, so that its test takes seconds. */
  async function installed(name = NAME): Promise<void> {
    await ui('waitForNotification', { text: `${name} is installed`, timeoutMs: 60_000 });
  }

  /** Leads from the list to what can be measured and removed. */
  async function manage(): Promise<void> {
    await ui('filterQuickInput', { text: 'Measure or', has: LIST });
    await ui('pickQuickInput', { label: 'Measure or remove a model…', has: LIST });
  }

  function modelsFolder(): string {
    return workspace.getConfiguration().get<string>('minutes.embedded.modelsFolder') ?? '';
  }

  /** Whether the last one is there with everything. */
  function isInstalled(name = NAME): boolean {
    return fs.existsSync(path.join(modelsFolder(), name.replace('/', '--'), 'model.json'));
  }

  it('lists the one that comes with Minutes, and what can be downloaded with its size', async function () {
    needsModel(this);
    const [done] = await openList();
    await ui('screenshot', { name: 'integration-engine-models' });
    assert.match(await ui('rowText', { selector: ROWS, has: 'Auto' }), /^Auto\s*in use · now openai\/whisper-base/);
    assert.match(
      await ui('rowText', { selector: ROWS, has: 'comes with Minutes' }),
      /^openai\/whisper-base\s*comes with Minutes · speed not measured yet\s*99 languages · translates/,
    );
    assert.match(
      await ui('rowText', { selector: ROWS, has: 'openai/whisper-small' }),
      /^openai\/whisper-small\s*97\d MB to download · a hundred languages/,
    );
    assert.match(await ui('rowText', { selector: ROWS, has: 'openai/whisper-tiny.en' }), /English only/);
    await ui('filterQuickInput', { text: 'whisper-base', has: LIST });
    const rows = await ui('text', { selector: '.quick-input-list' });
    assert.ok(!rows.includes('recommended'), rows);
    await ui('press', { key: 'Escape' });
    await done;
  });

  it('measures the one that comes with Minutes, and offers not to remove it', async function () {
    needsModel(this);
    const [done] = await openList();
    await manage();
    await ui('filterQuickInput', { text: BASE, has: 'Measure or remove' });
    const rows = await ui('text', { selector: '.quick-input-list' });
    assert.ok(rows.includes(`Measure ${BASE}`) && !rows.includes('Remove'), rows);
    await ui('pickQuickInput', { label: `Measure ${BASE}`, has: 'Measure or remove' });
    await ui('waitForNotification', { text: `${BASE} is`, timeoutMs: 60_000 });
    await ui('waitQuickInput', { has: LIST });
    assert.match(
      await ui('rowText', { selector: ROWS, has: 'comes with Minutes' }),
      /comes with Minutes · ([\d.]+ times (faster|slower)|as fast as) ?(than )?speech here/,
    );
    await ui('press', { key: 'Escape' });
    await done;
  });

  it('lists it once beside a copy, which can be removed', async function () {
    needsModel(this);
    const copy = path.join(modelsFolder(), BASE.replace('/', '--'));
    fs.mkdirSync(copy);
    const facts = { name: BASE, installedBytes: 9_000_000, parameterCount: 1, languages: ['en'], canTranslate: false };
    fs.writeFileSync(path.join(copy, 'model.json'), printModelFacts(facts));
    await set('minutes.embedded.model', BASE);
    const [done] = await openList();
    assert.match(
      await ui('rowText', { selector: ROWS, has: 'comes with Minutes' }),
      /in use · comes with.*99 languages/s,
    );
    await manage();
    const label = `Remove the copy of ${BASE}`;
    await ui('pickQuickInput', { label, has: 'Measure or remove' });
    await ui('pickQuickInput', { label, has: `${label}?` });
    await message(`The copy of ${BASE} is removed`);
    await ui('waitQuickInput', { has: LIST });
    await ui('rowText', { selector: ROWS, has: 'comes with Minutes' });
    await ui('press', { key: 'Escape' });
    await done;
    assert.ok(!fs.existsSync(copy));
    assert.equal(workspace.getConfiguration().get('minutes.embedded.model'), BASE, 'it is still here');
  });

  it('downloads no copy of the one that comes with Minutes where its name is typed', async function () {
    needsModel(this);
    const { requests } = await startHub();
    const [done] = await askFor(BASE);
    assert.equal(await done, true);
    assert.equal(workspace.getConfiguration().get('minutes.embedded.model'), BASE);
    assert.equal(requests.length, 0);
  });

  it('takes the small model that a user of earlier versions chose for auto', async function () {
    needsModel(this);
    await set('minutes.embedded.model', 'vosk-small-en-us');
    const [done] = await openList();
    assert.match(await ui('rowText', { selector: ROWS, has: 'Auto' }), /^Auto\s*in use · now openai\/whisper-base/);
    await ui('press', { key: 'Escape' });
    await done;
    await transcribe(inWorkspace('engine.wav'));
    assert.match(window.activeTextEditor?.document.getText() ?? '', /embedded engine \(openai\/whisper-base\)/);
  });

  it('says what a download takes, downloads, prepares and uses it', async () => {
    const { requests } = await startHub();
    const [done] = await askFor();
    await ui('waitQuickInput', { has: ASKS });
    assert.match(
      await ui('rowText', { selector: ROWS, has: 'Download 5' }),
      /Download 5\.\d MB\s*from 127\.0\.0\.1:\d+\s*Takes .* of the disk for a while and .* for good; .* are free\./,
    );
    assert.match(await ui('rowText', { selector: ROWS, has: 'Licence' }), /Licence: apache-2\.0/);
    await ui('screenshot', { name: 'integration-engine-model-consent' });
    // Nothing large before the answer.
    assert.ok(!requests.some(({ server }) => server === 'other'));
    await ui('press', { key: 'Enter' });
    await installed();
    await done;
    assert.ok(isInstalled());
    for (const { headers } of requests) {
      assert.equal(headers.authorization, undefined);
      assert.match(headers['user-agent'] ?? '', /^Minutes\/\d/);
    }
    const [again] = await openList();
    assert.match(await ui('rowText', { selector: ROWS, has: 'licence apache-2.0' }), new RegExp(`^${NAME}`));
    await ui('pickQuickInput', { label: NAME, has: LIST });
    await again;
    assert.equal(workspace.getConfiguration().get('minutes.embedded.model'), NAME);
  });

  it('fetches nothing where the user does not want it', async () => {
    const { requests } = await startHub();
    const [done] = await askFor();
    await ui('pickQuickInput', { label: 'Do not download', has: ASKS });
    assert.equal(await done, false);
    assert.ok(!requests.some(({ server }) => server === 'other'));
    assert.ok(!isInstalled());
  });

  it('keeps what arrived when it is cancelled, shows how far it is, and goes on from there', async () => {
    const { faults, requests } = await startHub({ bytesPerS: 600_000 });
    const [done] = await askFor();
    await ui('waitQuickInput', { has: ASKS });
    await ui('press', { key: 'Enter' });
    // The large file, which goes on in its middle, comes behind a third of small ones.
    const isFar = async (): Promise<boolean> => / of 5\.\d MB \([4-8]\d %/.test(await message(`Installing ${NAME}`));
    await until(isFar, { what: 'a part of the large file' });
    // A second one of the same model is none.
    const [second] = await askFor();
    await message('is being installed already');
    await second;
    await ui('screenshot', { name: 'integration-engine-model-download' });
    await ui('clickNotificationButton', { text: `Installing ${NAME}`, button: 'Cancel' });
    await done;
    assert.match(await message('are kept; the download continues there'), /Stopped\. [\d.]+ MB of 5\.\d MB of/);
    assert.ok(!isInstalled());
    await noMessages();
    const [list] = await openList();
    assert.match(await ui('rowText', { selector: ROWS, has: NAME }), /continue, [\d.]+ MB of 5\.\d MB/);
    delete faults.bytesPerS;
    await ui('pickQuickInput', { label: NAME, has: LIST });
    await ui('waitQuickInput', { has: ASKS });
    assert.match(await ui('rowText', { selector: ROWS, has: 'Continue' }), /Continue: [\d.]+ MB of 5\.\d MB are left/);
    await ui('press', { key: 'Enter' });
    await installed();
    await list;
    assert.ok(requests.some(({ server, headers }) => server === 'other' && /bytes=[1-9]/.test(headers.range ?? '')));
  });

  it('says that what arrived is not what was announced, and tries again', async () => {
    const { faults } = await startHub({ wrongByte: 'model.safetensors' });
    const [done] = await askFor();
    await ui('waitQuickInput', { has: ASKS });
    await ui('press', { key: 'Enter' });
    await message('arrived damaged');
    await done;
    assert.deepEqual(await ui('notificationButtons', { text: 'arrived damaged' }), ['Open Setting', 'Try Again']);
    assert.ok(!isInstalled());
    delete faults.wrongByte;
    await ui('clickNotificationButton', { text: 'arrived damaged', button: 'Try Again' });
    await installed();
    assert.ok(isInstalled());
  });

  it('says what is missing in a repository that is no whole model', async () => {
    await startHub({ missing: ['tokenizer.json'] });
    const [done] = await askFor();
    assert.match(await message('lacks what the embedded engine needs'), /tokenizer\.json/);
    await done;
  });

  it('says that a model is unknown, and that the hub cannot be reached', async () => {
    const { url } = await startHub();
    const [done] = await askFor('minutes-tests/no-such-model');
    await message('has no model "minutes-tests/no-such-model"');
    await done;
    await noMessages();
    await hub?.close();
    const [unreachable] = await askFor();
    const text = `${new URL(url).host} cannot be reached`;
    await message(text);
    await unreachable;
    assert.deepEqual(await ui('notificationButtons', { text }), [
      'Add Model from Folder…',
      'Open Setting',
      'Try Again',
    ]);
  });

  it('adds a model from a folder, measures and removes it by keyboard', async () => {
    assert.equal(await commands.executeCommand('minutes.addEngineModel', Uri.file(source)), true);
    const name = 'local/My-Whisper';
    await installed(name);
    await noMessages();
    await set('minutes.embedded.model', name);
    await commands.executeCommand('minutes.showPrompt');
    const shown = window.activeTextEditor?.document.getText() ?? '';
    assert.match(shown, new RegExp(`${name} on this machine reads this text|no words worth naming`));
    const [done] = await openList();
    await manage();
    await ui('pickQuickInput', { label: `Remove ${name}`, has: 'Measure or remove' });
    await ui('pickQuickInput', { label: `Remove ${name}`, has: `Remove ${name}?` });
    await message(`${name} is removed`);
    await ui('waitQuickInput', { has: LIST });
    await ui('press', { key: 'Escape' });
    await done;
    assert.ok(!isInstalled(name));
    // What is not here any more is not asked for.
    assert.equal(workspace.getConfiguration().get('minutes.embedded.model'), 'auto');
    assert.ok(fs.existsSync(path.join(source, 'model.safetensors')), 'the folder stays as it is');
  });

  it('says of a model that is set and not here where to get it', async () => {
    await set('minutes.embedded.model', NAME);
    await transcribe(inWorkspace('engine.wav'));
    const text = `The model "${NAME}" is chosen for the embedded engine and is not on this machine.`;
    await message(text);
    assert.deepEqual(await ui('notificationButtons', { text }), ['Choose Engine Model…', 'Open Setting', 'Try Again']);
  });
});
