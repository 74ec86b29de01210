import assert from 'node:assert/strict';
import { commands, workspace } from 'vscode';
import { groqVerboseJson, spoken } from '../../fakes/speechAnswers';
import { SpeechServer } from '../speechServer';
import { inWorkspace, message, needsUi, noMessages, set, tidyUp, transcribe, ui, until } from '../window';

const ROWS = '.quick-input-list .monaco-list-row';

/** Set API Key… as the palette runs it: an endpoint is picked, then a key is typed. */
async function setApiKey(endpoint: string, key: string): Promise<void> {
  const done = commands.executeCommand('minutes.setApiKey');
  await ui('pickQuickInput', { label: endpoint, has: 'Which endpoint' });
  await ui('answerQuickInput', { text: key, has: 'API key for' });
  await done;
}

/** What Set API Key… tells of an endpoint before one is picked. */
async function rowOf(endpoint: string): Promise<string> {
  const done = commands.executeCommand('minutes.setApiKey');
  await ui('waitQuickInput', { has: 'Which endpoint' });
  const text = await ui('rowText', { selector: ROWS, has: endpoint });
  await ui('press', { key: 'Escape' });
  await done;
  return text;
}

describe('Set API Key', function () {
  this.timeout(40_000);
  let [one, other]: SpeechServer[] = [];

  before(function () {
    needsUi(this);
  });
  beforeEach(async () => {
    const works = (): ReturnType<typeof groqVerboseJson> => groqVerboseJson(spoken('It works.'));
    [other, one] = [await SpeechServer.start(works), await SpeechServer.start(works)];
  });
  afterEach(async () => {
    await tidyUp();
    await one?.close();
    await other?.close();
  });

  it('keeps a key for each endpoint, replaces one, and removes one with an empty input', async () => {
    assert.ok(one && other);
    /** What came with the last recording. */
    const sentTo = async (server: SpeechServer): Promise<string | undefined> => {
      await set('minutes.endpoint', server.baseUrl);
      await transcribe(inWorkspace('again.wav'));
      await tidyUpNotes();
      return server.requests.at(-1)?.headers.authorization;
    };
    await setApiKey(one.host, 'first-key');
    await message(`The API key is set. Recordings are transcribed by ${one.host}.`);
    await noMessages();
    assert.match(await rowOf(one.host), /in use · a key is set/);

    await set('minutes.endpoint', other.baseUrl);
    await setApiKey(other.host, 'second-key');
    await noMessages();
    // The endpoint that is not in force any more is listed because it has a key.
    assert.match(await rowOf(one.host), /a key is set/);
    assert.doesNotMatch(await rowOf(one.host), /in use/);
    assert.equal(await sentTo(other), 'Bearer second-key');
    assert.equal(await sentTo(one), 'Bearer first-key');

    await setApiKey(one.host, 'third-key');
    await noMessages();
    assert.equal(await sentTo(one), 'Bearer third-key');
    assert.equal(await sentTo(other), 'Bearer second-key');

    await setApiKey(one.host, '');
    await message(`The API key for ${one.host} is removed`);
    await noMessages();
    assert.equal(await sentTo(one), undefined);
    assert.equal(await sentTo(other), 'Bearer second-key');
    await setApiKey(other.host, '');
    await noMessages();
    assert.equal(await sentTo(other), undefined);
  });

  it('asks whether to use the endpoint where another is in force, and switches when told to', async () => {
    assert.ok(one && other);
    const done = commands.executeCommand('minutes.setApiKey');
    await ui('pickQuickInput', { label: 'Another compatible server…', has: 'Which endpoint' });
    await ui('answerQuickInput', { text: other.baseUrl, has: 'Base address' });
    await ui('answerQuickInput', { text: 'another-key', has: `API key for ${other.host}` });
    await done;
    await message(`The API key for ${other.host} is set. Recordings are still transcribed by ${one.host}`);
    assert.equal(workspace.getConfiguration().get('minutes.endpoint'), one.baseUrl);
    await ui('clickNotificationButton', { text: 'Recordings are still', button: `Use ${other.host}` });
    const used = other.baseUrl;
    await until(() => workspace.getConfiguration().get('minutes.endpoint') === used, { what: 'the other endpoint' });
    await transcribe(inWorkspace('again.wav'));
    await tidyUpNotes();
    assert.equal(other.requests[0]?.headers.authorization, 'Bearer another-key');
    assert.equal(one.requests.length, 0);
    await setApiKey(other.host, '');
  });

  it('uses the endpoint at once where the embedded engine was in force', async () => {
    await set('minutes.endpoint', undefined);
    await setApiKey('Groq', 'key-of-nobody');
    await message('Recordings are transcribed by api.groq.com');
    assert.equal(workspace.getConfiguration().get('minutes.endpoint'), 'groq');
    await noMessages();
    await setApiKey('Groq', '');
    await message('The API key for api.groq.com is removed');
  });

  it('takes no key with a space in it, and nothing at all with Escape', async () => {
    assert.ok(one);
    const done = commands.executeCommand('minutes.setApiKey', one.host);
    await ui('answerQuickInput', { text: 'two words', has: `API key for ${one.host}` });
    await ui('waitQuickInput', { has: 'A key has no spaces' });
    await ui('press', { key: 'Escape' });
    await done;
    await transcribe(inWorkspace('again.wav'));
    await tidyUpNotes();
    assert.equal(one.requests[0]?.headers.authorization, undefined);
  });
});

/** Notes of a recording that is transcribed again and again. */
async function tidyUpNotes(): Promise<void> {
  await commands.executeCommand('workbench.action.closeAllEditors');
  for (const note of await workspace.findFiles('again*.md')) await workspace.fs.delete(note);
}
