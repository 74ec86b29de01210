import assert from 'node:assert/strict';
import { commands, window } from 'vscode';
import { error, groqVerboseJson, spoken } from '../../fakes/speechAnswers';
import { fieldValues, withServer } from '../speechServer';
import { message, needsUi, tidyUp, ui } from '../window';

const ADDRESS = 'https://example.com/talks/launch%20day.mp3?token=public';

async function transcribeUrl(address: string): Promise<void> {
  const done = commands.executeCommand('minutes.transcribeUrl');
  await ui('answerQuickInput', { text: address, has: 'Address of the recording' });
  await done;
}

describe('Transcribe URL', () => {
  before(function () {
    needsUi(this);
  });
  afterEach(tidyUp);

  it('has the endpoint fetch the audio, and shows the note', async () => {
    await withServer([groqVerboseJson(spoken('Said far away.'))], async (server) => {
      await transcribeUrl(` ${ADDRESS} `);
      const [request] = server.requests;
      assert.deepEqual(fieldValues(request, 'url'), [ADDRESS]);
      assert.deepEqual(request?.files, [], 'nothing is uploaded');
      const document = window.activeTextEditor?.document;
      assert.equal(document?.isUntitled, true);
      assert.equal(document.languageId, 'markdown');
      assert.match(
        document.getText(),
        /^# launch day\n\n- Recording: launch day\.mp3\n- Length: 00:00:\d\d\n- Date: .*\n- Transcribed by: .*\n\n\[00:00:00\] Said far away\.\n$/,
      );
    });
  });

  it('leaves out the length where nobody knows it', async () => {
    await withServer([{ body: '{"text": "Said far away."}' }], async () => {
      await transcribeUrl(ADDRESS);
      assert.match(window.activeTextEditor?.document.getText() ?? '', /\n- Recording: launch day\.mp3\n- Date: /);
    });
  });

  it('translates it, and the note says so', async () => {
    const script = [
      groqVerboseJson(spoken('Said far away.')),
      groqVerboseJson({ ...spoken('Dit.'), language: 'French' }),
    ];
    await withServer(script, async (server) => {
      const done = commands.executeCommand('minutes.translateUrl');
      await ui('answerQuickInput', { text: ADDRESS, has: 'Address of the recording' });
      await done;
      assert.deepEqual(
        server.requests.map((request) => [request.path, fieldValues(request, 'url')]),
        ['translations', 'transcriptions'].map((task) => [`/v1/audio/${task}`, [ADDRESS]]),
      );
      assert.deepEqual(fieldValues(server.requests[0], 'model'), ['whisper-large-v3']);
      assert.match(
        window.activeTextEditor?.document.getText() ?? '',
        /\n- Translation: from French into English, by machine\n[^]*\n\n\[00:00:00\] Said far away\.\n$/,
      );
    });
  });

  it('says what the endpoint says where it cannot fetch it', async () => {
    await withServer([error(400, { message: 'could not fetch the url: 404' })], async (server) => {
      await transcribeUrl(ADDRESS);
      const text = await message('could not fetch the url');
      for (const part of [server.host, 'Try Again']) assert.ok(text.includes(part), text);
      assert.equal(window.activeTextEditor, undefined);
    });
  });

  it('takes https addresses only', async () => {
    await withServer([], async (server) => {
      const done = commands.executeCommand('minutes.transcribeUrl');
      await ui('answerQuickInput', { text: 'http://example.com/a.mp3', has: 'Address of the recording' });
      await ui('waitQuickInput', { has: 'begins with https://' });
      await ui('press', { key: 'Escape' });
      await done;
      assert.equal(server.requests.length, 0);
    });
  });

  it('says that the embedded engine cannot fetch, and what to do, before it asks for an address', async () => {
    await commands.executeCommand('minutes.transcribeUrl');
    assert.equal(await ui('count', { selector: '.quick-input-widget:visible' }), 0);
    const cannot = 'The embedded engine cannot fetch audio itself. Download the file and transcribe it';
    await message(cannot);
    assert.deepEqual(await ui('notificationButtons', { text: cannot }), ['Open Setting']);
  });
});
