import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { commands, Uri, window, workspace } from 'vscode';
import { printModelFacts } from '../../../src/core/models/installedFacts';
import { inWorkspace, message, needsModel, noMessages, set, transcribe, ui, until } from '../window';
import {
  askFor,
  BASE,
  installed,
  isInstalled,
  LIST,
  manage,
  modelsFolder,
  NAME,
  openList,
  ROWS,
  smallHub,
} from '../engineModelList';

describe('Offline Models', () => {
  const { source, startHub } = smallHub();

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
    // The title comes a moment before the rows.
    const rows = await until(
      async () => {
        const text = await ui('text', { selector: '.quick-input-list' });
        return text.includes(`Measure ${BASE}`) ? text : undefined;
      },
      { what: 'the rows of the list' },
    );
    assert.ok(!rows.includes('Remove'), rows);
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

  it('adds a model from a folder, measures and removes it by keyboard', async () => {
    assert.equal(await commands.executeCommand('minutes.addEngineModel', Uri.file(source())), true);
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
    assert.ok(fs.existsSync(path.join(source(), 'model.safetensors')), 'the folder stays as it is');
  });

  it('says of a model that is set and not here where to get it', async () => {
    await set('minutes.embedded.model', NAME);
    await transcribe(inWorkspace('engine.wav'));
    const text = `"${NAME}" is not on this machine.`;
    await message(text);
    assert.deepEqual(await ui('notificationButtons', { text }), ['Offline Models…', 'Open Setting']);
  });
});
