import assert from 'node:assert/strict';
import { commands, workspace } from 'vscode';
import { needsUi, set, tidyUp, ui } from '../window';

const ROWS = '.quick-input-list .monaco-list-row';
const QUESTION = 'Who turns speech into text';

function endpoint(): unknown {
  return workspace.getConfiguration().get('minutes.endpoint');
}

/** Opens the list; it is shown when this resolves. */
async function list(): Promise<Thenable<unknown>[]> {
  const done = commands.executeCommand('minutes.chooseEndpoint');
  await ui('waitQuickInput', { has: QUESTION });
  return [done];
}

describe('Choose Endpoint', () => {
  before(function () {
    needsUi(this);
  });
  afterEach(tidyUp);

  it('has the one in use first, and changes nothing without an answer', async () => {
    const [first] = await list();
    assert.match(await ui('text', { selector: ROWS }), /^Embedded engine.*in use/);
    await ui('press', { key: 'Escape' });
    await first;
    assert.equal(endpoint(), 'embedded');
    await set('minutes.endpoint', 'mistral');
    const [second] = await list();
    assert.match(await ui('text', { selector: ROWS }), /^Mistral.*in use/);
    await ui('press', { key: 'Escape' });
    await second;
    assert.equal(endpoint(), 'mistral');
  });

  it('takes one by its name, and asks for the key that it wants', async () => {
    const [done] = await list();
    await ui('pickQuickInput', { label: 'Groq', has: QUESTION });
    await ui('waitQuickInput', { has: 'API key for api.groq.com' });
    await ui('press', { key: 'Escape' });
    await done;
    assert.equal(endpoint(), 'groq');
  });

  it('takes one by its address, and the engine again', async () => {
    const [done] = await list();
    await ui('pickQuickInput', { label: 'Another compatible server…', has: QUESTION });
    await ui('answerQuickInput', { text: 'http://127.0.0.1:9/v1', has: 'Base address' });
    await done;
    assert.equal(endpoint(), 'http://127.0.0.1:9/v1');
    const [back] = await list();
    await ui('pickQuickInput', { label: 'Embedded engine', has: QUESTION });
    await back;
    assert.equal(endpoint(), 'embedded');
  });

  it('is one click away from the setting, which takes an address as well', async () => {
    await set('minutes.endpoint', 'http://127.0.0.1:9/v1');
    // The window of these tests is a remote one, where this setting belongs to the remote machine.
    await commands.executeCommand('workbench.action.openRemoteSettings', { query: '@id:minutes.endpoint' });
    const box = '.settings-editor .setting-item-control input';
    assert.equal(await ui('value', { selector: box }), 'http://127.0.0.1:9/v1');
    await ui('screenshot', { name: 'integration-setting-endpoint' });
    await ui('click', { selector: '.settings-editor .setting-item-description a:text("Choose one from a list")' });
    await ui('waitQuickInput', { has: QUESTION });
    await ui('press', { key: 'Escape' });
  });
});
