import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { commands, workspace } from 'vscode';
import { startHubServer, type HubFaults, type HubServer } from '../fakes/hubServer';
import { writeSmallWhisper } from '../smallWhisper';
import { needsUi, set, tidyUp, ui } from './window';

/** The rows of any list. */
export const ROWS = '.quick-input-list .monaco-list-row';
/** The title of the list of models. */
export const LIST = 'Model of the embedded engine';
/** The model that the hub has. */
export const NAME = 'minutes-tests/whisper-small';
/** Comes with Minutes. */
export const BASE = 'openai/whisper-base';
/** The title of the question what a download takes. */
export const ASKS = `Download ${NAME}?`;

/** The small Whisper, and a hub that has it. */
export interface SmallHub {
  /** Its folder. */
  readonly source: () => string;
  /** Plays the hub with the small Whisper, for this window. */
  readonly startHub: (faults?: HubFaults) => Promise<HubServer>;
}

/** For the tests of the suite around the call, each of which begins with no model installed. */
export function smallHub(): SmallHub {
  let folder = '';
  let source = '';
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

  async function startHub(faults: HubFaults = {}): Promise<HubServer> {
    hub = await startHubServer({ models: { [NAME]: source }, faults, licenses: { [NAME]: 'apache-2.0' } });
    await set('minutes.embedded.hub', hub.url);
    return hub;
  }

  return { source: () => source, startHub };
}

/** Opens the list. */
export async function openList(): Promise<readonly [Thenable<unknown>]> {
  const done = commands.executeCommand('minutes.chooseEngineModel');
  await ui('waitQuickInput', { has: LIST });
  return [done];
}

/** Asks for the model by its name; the question what it takes is shown when it resolves. */
export async function askFor(name = NAME): Promise<readonly [Thenable<unknown>]> {
  const [done] = await openList();
  await ui('filterQuickInput', { text: 'Another model', has: LIST });
  await ui('pickQuickInput', { label: 'Another model by its name…', has: LIST });
  await ui('answerQuickInput', { text: name, has: 'Name of a Whisper model' });
  return [done];
}

/** Waits until it is installed. The random one writes nonsense at length, so that its test takes seconds. */
export async function installed(name = NAME): Promise<void> {
  await ui('waitForNotification', { text: `${name} is installed`, timeoutMs: 60_000 });
}

/** Leads from the list to what can be measured and removed. */
export async function manage(): Promise<void> {
  await ui('filterQuickInput', { text: 'Measure or', has: LIST });
  await ui('pickQuickInput', { label: 'Measure or remove a model…', has: LIST });
}

/** Where models are installed. */
export function modelsFolder(): string {
  return workspace.getConfiguration().get<string>('minutes.embedded.modelsFolder') ?? '';
}

/** Whether this one is there with everything. */
export function isInstalled(name = NAME): boolean {
  return fs.existsSync(path.join(modelsFolder(), name.replace('/', '--'), 'model.json'));
}
