import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commands, workspace } from 'vscode';
import { moveFormerModel } from '../../../src/shell/contributed/moveFormerModel';
import { ScriptedServer } from '../../fakes/scriptedServer';
import { groqVerboseJson, spoken } from '../../fakes/speechAnswers';
import { fieldValues, withServer } from '../speechServer';
import { withEnglishModel } from '../englishModel';
import { storageFolder } from '../microphone';
import { inWorkspace, needsModel, needsUi, set, tidyUp, transcribe, ui, until } from '../window';

const ROWS = '.quick-input-list .monaco-list-row';

function setting(name: string): string | undefined {
  return workspace.getConfiguration().get(`minutes.${name}`);
}

function formerModel(): unknown {
  return workspace.getConfiguration().inspect('minutes.model')?.globalValue;
}

function settingsFile(name: string): string {
  return path.join(storageFolder(), '../../..', name);
}

function readSettings(name: string): Record<string, unknown> {
  const file = settingsFile(name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
}

/** Writes it into the file, as VS Code sets no setting that package.json does not declare. */
async function setFormerModel(file: string, value: unknown): Promise<void> {
  writeFileSync(settingsFile(file), JSON.stringify({ ...readSettings(file), 'minutes.model': value }));
  // The host of these tests reads the file in User anew only when it writes there itself.
  await set('minutes.language', 'en');
  await until(() => formerModel() === value, { what: 'VS Code has read the setting' });
}

/** Begins to choose a model; the list of models is shown when it resolves. */
async function modelsFor(job: string): Promise<Thenable<unknown>[]> {
  const done = commands.executeCommand('minutes.chooseModel');
  await ui('pickQuickInput', { label: job, has: 'Choose a model for' });
  await ui('waitQuickInput', { has: `for ${job}` });
  return [done];
}

describe('Online Models', () => {
  before(function () {
    needsUi(this);
  });
  afterEach(tidyUp);

  it("shows price, speed and errors of Groq's models, and sets the one for meetings alone", async () => {
    await set('minutes.endpoint', 'groq');
    const [done] = await modelsFor('meetings and files');
    // The one in use is the first.
    assert.match(await ui('text', { selector: ROWS }), /^whisper-large-v3-turbo/);
    assert.match(
      await ui('rowText', { selector: ROWS, has: 'turbo' }),
      /\$0\.04 per audio hour · 216× real time · 12 % of words wrong/,
    );
    assert.match(
      await ui('rowText', { selector: ROWS, has: '0.111' }),
      /^whisper-large-v3\s*\$0\.111 per audio hour · 189× real time · 10\.3 % of words wrong · translates/,
    );
    await ui('screenshot', { name: 'integration-models-groq' });
    await ui('pickQuickInput', { label: 'whisper-large-v3', has: 'for meetings and files' });
    await done;
    assert.equal(setting('meeting.model'), 'whisper-large-v3');
    assert.deepEqual([setting('dictation.model'), setting('translation.model')], ['', '']);
  });

  it('offers for translations only what translates', async () => {
    await set('minutes.endpoint', 'groq');
    const [done] = await modelsFor('translation to English');
    assert.equal(await ui('count', { selector: ROWS }), 2);
    assert.match(await ui('text', { selector: ROWS }), /^whisper-large-v3\s*\$/);
    await ui('press', { key: 'Escape' });
    await done;
    assert.equal(setting('translation.model'), '');
  });

  it('lists what another server says that it has; one chosen for dictations goes with no file', async () => {
    await withServer([groqVerboseJson(spoken('It works.'))], async (server) => {
      const [done] = await modelsFor('dictation');
      assert.match(await ui('rowText', { selector: ROWS, has: 'parakeet' }), /^parakeet-tdt/);
      assert.deepEqual(
        server.questions.map(({ path }) => path),
        ['/v1/models'],
      );
      await ui('pickQuickInput', { label: 'parakeet-tdt', has: 'for dictation' });
      await done;
      assert.equal(setting('dictation.model'), 'parakeet-tdt');
      await transcribe(inWorkspace('again.wav'));
      await workspace.fs.delete(inWorkspace('again.md'));
      assert.deepEqual(fieldValues(server.requests[0], 'model'), ['whisper-large-v3-turbo']);
    });
  });

  it('takes a default of earlier versions that stands in the settings for the usual model', async () => {
    await set('minutes.endpoint', 'openai');
    for (const [name, inUse] of [
      ['whisper-large-v3-turbo', 'whisper-1'],
      ['', 'whisper-1'],
      ['gpt-4o-transcribe', 'gpt-4o-transcribe'],
    ] as const) {
      await set('minutes.dictation.model', name);
      const [done] = await modelsFor('dictation');
      assert.match(await ui('text', { selector: ROWS }), new RegExp(`^${inUse}`));
      await ui('press', { key: 'Escape' });
      await done;
    }
  });

  it('takes any name that is typed', async () => {
    await withServer([], async (server) => {
      const [done] = await modelsFor('meetings and files');
      await ui('pickQuickInput', { label: 'Another model…', has: 'for meetings and files' });
      await ui('answerQuickInput', { text: ' Systran/faster-whisper-small ', has: `Model of ${server.host}` });
      await done;
      assert.equal(setting('meeting.model'), 'Systran/faster-whisper-small');
    });
  });

  it('takes a name also where the server does not answer', async () => {
    await set('minutes.endpoint', 'http://127.0.0.1:9/v1');
    const [done] = await modelsFor('dictation');
    assert.match(await ui('rowText', { selector: ROWS, has: 'turbo' }), /^whisper-large-v3-turbo/);
    await ui('press', { key: 'Escape' });
    await done;
    assert.equal(setting('dictation.model'), '');
  });

  it('offers the usual ones where the server lists none', async () => {
    const list = { headers: { 'content-type': 'application/json' }, body: '{"object": "list", "data": []}' };
    const server = await ScriptedServer.start(() => list);
    try {
      await set('minutes.endpoint', server.baseUrl);
      const [done] = await modelsFor('dictation');
      assert.equal(server.requests.length, 1);
      assert.match(await ui('rowText', { selector: ROWS, has: 'turbo' }), /^whisper-large-v3-turbo/);
      await ui('press', { key: 'Escape' });
      await done;
    } finally {
      await server.close();
    }
  });

  it('leads to the models of the embedded engine where that is in force', async () => {
    const done = commands.executeCommand('minutes.chooseModel');
    await ui('waitQuickInput', { has: 'Model of the embedded engine' });
    await ui('press', { key: 'Escape' });
    await done;
  });
});

describe('The one model of 0.1.0', () => {
  // Only the host of these tests tells where its settings files are.
  before(function () {
    needsUi(this);
  });
  afterEach(tidyUp);

  for (const file of ['Machine/settings.json', 'User/settings.json']) {
    it(`becomes that of dictations, meetings and files, and is gone from ${file}`, async () => {
      await setFormerModel(file, ' parakeet-tdt ');
      await moveFormerModel();
      assert.deepEqual(
        [setting('dictation.model'), setting('meeting.model'), setting('translation.model')],
        ['parakeet-tdt', 'parakeet-tdt', ''],
      );
      assert.equal(formerModel(), undefined);
      assert.equal('minutes.model' in readSettings(file), false);
    });
  }

  it('leaves a model that is chosen already, a default as any other', async () => {
    await set('minutes.meeting.model', 'whisper-large-v3-turbo');
    await setFormerModel('Machine/settings.json', 'parakeet-tdt');
    await moveFormerModel();
    assert.deepEqual(
      [setting('dictation.model'), setting('meeting.model')],
      ['parakeet-tdt', 'whisper-large-v3-turbo'],
    );
    assert.equal(formerModel(), undefined);
  });

  for (const value of ['', 7]) {
    it(`is cleared where it is ${JSON.stringify(value)}, and sets nothing`, async () => {
      await setFormerModel('Machine/settings.json', value);
      await moveFormerModel();
      const settings = workspace.getConfiguration();
      assert.equal(settings.inspect('minutes.dictation.model')?.globalValue, undefined);
      assert.equal(settings.inspect('minutes.meeting.model')?.globalValue, undefined);
      assert.equal(formerModel(), undefined);
    });
  }
});

describe('Choose Language', () => {
  before(function () {
    needsUi(this);
  });
  afterEach(tidyUp);

  it('sets the code of a language that is picked by its name, and the request has it', async () => {
    await withServer([groqVerboseJson(spoken('Es geht.')), groqVerboseJson(spoken('It works.'))], async (server) => {
      const choose = async (label: string): Promise<void> => {
        const done = commands.executeCommand('minutes.chooseLanguage');
        await ui('pickQuickInput', { label, has: 'Which language is spoken?' });
        await done;
      };
      const languageSent = async (): Promise<readonly string[]> => {
        await transcribe(inWorkspace('again.wav'));
        await workspace.fs.delete(inWorkspace('again.md'));
        return fieldValues(server.requests.at(-1), 'language');
      };
      // The first rows are in view without typing.
      await choose('Afrikaans');
      assert.equal(setting('language'), 'af');
      assert.deepEqual(await languageSent(), ['af']);
      await choose('Detect automatically');
      assert.equal(setting('language'), 'auto');
      assert.deepEqual(await languageSent(), []);
    });
  });

  it('shows the languages that the chosen model knows, and where that is one, the way to more', async () => {
    await withEnglishModel(async () => {
      const done = commands.executeCommand('minutes.chooseLanguage');
      await ui('waitQuickInput', { has: 'Which language is spoken?' });
      assert.equal(await ui('count', { selector: ROWS }), 3);
      await ui('pickQuickInput', { label: 'More languages…', has: 'Which language is spoken?' });
      await ui('waitQuickInput', { has: 'Model of the embedded engine' });
      await ui('press', { key: 'Escape' });
      await done;
    });
  });

  it('shows all languages of the model that comes with Minutes', async function () {
    needsModel(this);
    const done = commands.executeCommand('minutes.chooseLanguage');
    await ui('filterQuickInput', { text: 'Ukrainian', has: 'Which language is spoken?' });
    assert.match(await ui('rowText', { selector: ROWS, has: 'Ukrainian' }), /^Ukrainian\s*uk/);
    await ui('press', { key: 'Escape' });
    await done;
    assert.equal(setting('language'), 'auto');
  });
});
