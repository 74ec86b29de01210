import assert from 'node:assert/strict';
import { commands, workspace } from 'vscode';
import type { RecordedRequest, ScriptedAnswer } from '../../fakes/scriptedServer';
import { groqVerboseJson, spoken } from '../../fakes/speechAnswers';
import { withEnglishModel } from '../englishModel';
import { fieldValues, withServer } from '../speechServer';
import {
  activeName,
  inWorkspace,
  isInWorkspace,
  message,
  needsUi,
  readWorkspaceFile,
  set,
  tidyUp,
  ui,
  until,
} from '../window';

/** Says the same in French and in English, as it is asked; only the French answer tells what was spoken. */
function bilingual({ path }: RecordedRequest): ScriptedAnswer {
  return path.endsWith('/translations')
    ? groqVerboseJson(spoken('Ask what you can do.'))
    : groqVerboseJson({ ...spoken('Demandez ce que vous pouvez faire.'), language: 'French' });
}

async function translate(): Promise<void> {
  await commands.executeCommand('minutes.translateAudio', inWorkspace('again.wav'));
}

describe('Translate File to English', () => {
  before(function () {
    needsUi(this);
  });
  afterEach(async () => {
    await tidyUp();
    for (const note of await workspace.findFiles('again*.md')) await workspace.fs.delete(note);
  });

  it('makes a note that says that it is a translation, and from which language', async () => {
    await withServer(bilingual, async (server) => {
      const done = commands.executeCommand('minutes.translateFile');
      await ui('chooseFile', { absolutePath: inWorkspace('again.wav').fsPath });
      await done;
      assert.equal(activeName(), 'again.en.md');
      assert.match(
        readWorkspaceFile('again.en.md'),
        /^# again\n\n- Recording: .*\n- Length: .*\n- Date: .*\n- Translation: from French into English, by machine\n- Transcribed by: .*\(whisper-large-v3\)\n\n\[00:00:00\] Ask what you can do\.\n$/,
      );
      const [translation] = server.requests;
      assert.equal(translation?.path, '/v1/audio/translations');
      assert.deepEqual(fieldValues(translation, 'model'), ['whisper-large-v3']);
      assert.deepEqual(fieldValues(translation, 'language'), [], 'endpoints take none beside English');
    });
  });

  it('believes the user about the language, and asks nobody', async () => {
    await withServer(bilingual, async (server) => {
      await set('minutes.language', 'de');
      await translate();
      assert.match(readWorkspaceFile('again.en.md'), /- Translation: from German into English, by machine\n/);
      assert.deepEqual(
        server.requests.map(({ path }) => path),
        ['/v1/audio/translations'],
      );
    });
  });

  it('leaves the transcription of the same file alone', async () => {
    await withServer(bilingual, async () => {
      await commands.executeCommand('minutes.transcribeAudio', inWorkspace('again.wav'));
      await translate();
      assert.match(readWorkspaceFile('again.md'), /Demandez/);
      assert.doesNotMatch(readWorkspaceFile('again.md'), /Translation/);
      assert.match(readWorkspaceFile('again.en.md'), /Ask what/);
    });
  });

  it('is answered before a request where the model cannot, with the button to switch', async () => {
    await withServer(bilingual, async (server) => {
      await set('minutes.translation.model', 'whisper-large-v3-turbo');
      await translate();
      await message(
        `"whisper-large-v3-turbo" cannot translate. Another model of ${server.host} can: "whisper-large-v3".`,
      );
      assert.deepEqual(await ui('notificationButtons', { text: 'cannot translate' }), ['Use whisper-large-v3']);
      assert.equal(server.requests.length + server.questions.length, 0);
      assert.equal(isInWorkspace('again.en.md'), false);
      await ui('clickNotificationButton', { text: 'cannot translate', button: 'Use whisper-large-v3' });
      await until(() => isInWorkspace('again.en.md'), { what: 'the note' });
      assert.equal(workspace.getConfiguration().get('minutes.translation.model'), 'whisper-large-v3');
      assert.deepEqual(fieldValues(server.requests[0], 'model'), ['whisper-large-v3']);
    });
  });

  it('says that no model of the endpoint can, before a request and before a key is asked for', async () => {
    await set('minutes.endpoint', 'https://127.0.0.1:9/v1');
    await set('minutes.translation.model', 'voxtral-mini-latest');
    await translate();
    assert.match(
      await message('cannot translate'),
      /"voxtral-mini-latest" cannot translate\. Another model of 127\.0\.0\.1:9 can/,
    );
  });

  it('says that an English model of the embedded engine cannot, and leads to one that can', async () => {
    await withEnglishModel(async () => {
      await translate();
      const cannot = 'The model of the embedded engine cannot translate. Choose one that knows many languages';
      await message(cannot);
      assert.deepEqual(await ui('notificationButtons', { text: cannot }), ['Offline Models…']);
    });
  });
});
