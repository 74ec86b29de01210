import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { commands, window } from 'vscode';
import { ScriptedServer } from '../../fakes/scriptedServer';
import { error, groqVerboseJson, spoken } from '../../fakes/speechAnswers';
import {
  activeName,
  needsUi,
  inWorkspace,
  isInWorkspace,
  message,
  readWorkspaceFile,
  set,
  tidyUp,
  transcribe,
  ui,
  until,
} from '../window';

describe('Transcribe Audio', () => {
  afterEach(tidyUp);

  it('makes a note beside the recording with the embedded engine and opens it', async () => {
    await transcribe(inWorkspace('jfk.wav'));
    assert.equal(activeName(), 'jfk.md');
    const note = readWorkspaceFile('jfk.md');
    assert.match(note, /^# jfk\n/);
    assert.match(note, /\n\n\[00:00:0\d\] And my fellow americans\.\n/);
    assert.equal(window.activeTextEditor?.document.isDirty, false);
  });

  it('overwrites no file of the user', async () => {
    await transcribe(inWorkspace('notes.wav'));
    assert.equal(readWorkspaceFile('notes.md'), '# Mine\n');
    assert.match(readWorkspaceFile('notes-2.md'), /americans/);
  });

  it('asks for a file when started from the palette', async function () {
    needsUi(this);
    const done = commands.executeCommand('minutes.transcribeFile');
    await ui('chooseFile', { absolutePath: inWorkspace('picked.wav').fsPath });
    await done;
    assert.match(readWorkspaceFile('picked.md'), /americans/);
  });

  it('sends the chosen model and language, the samples of the recording, and the key that was set', async function () {
    needsUi(this);
    const server = await ScriptedServer.start([groqVerboseJson(spoken('Scripted.', 1, 2))]);
    try {
      await set('minutes.endpoint', server.origin);
      await set('minutes.model', 'my-model');
      await set('minutes.language', 'en');
      const keySet = commands.executeCommand('minutes.setApiKey');
      await ui('answerQuickInput', { text: 'secret-key', has: 'API key for' });
      await keySet;
      await transcribe(inWorkspace('key.wav'));
      const [request] = server.requests;
      assert.ok(request);
      assert.equal(request.path, '/v1/audio/transcriptions');
      assert.equal(request.headers.authorization, 'Bearer secret-key');
      assert.match(request.headers['user-agent'] ?? '', /^Minutes\/\d/);
      const fields = Object.fromEntries(request.fields);
      assert.equal(fields['model'], 'my-model');
      assert.equal(fields['language'], 'en');
      assert.equal(fields['response_format'], 'verbose_json');
      const sent = request.files[0]?.bytes.subarray(44);
      assert.ok(sent && sent.length > 0 && readFileSync(inWorkspace('key.wav').fsPath).includes(sent));
      assert.match(readWorkspaceFile('key.md'), /\[00:00:01\] Scripted\.\n$/);
    } finally {
      await server.close();
    }
  });

  it('keeps what was transcribed before an endpoint failed, marks where it ends, and asks only for the rest afterwards', async function () {
    needsUi(this);
    let isBroken = true;
    const server = await ScriptedServer.start((_, index) =>
      isBroken && index >= 2
        ? error(500, { message: 'out of order' })
        : groqVerboseJson(spoken(`Piece of request ${index}.`)),
    );
    try {
      await set('minutes.endpoint', server.origin);
      await transcribe(inWorkspace('pieces.wav'));
      const partial = readWorkspaceFile('pieces.md');
      assert.match(
        partial,
        /Piece of request 0\.\n\n.*Piece of request 1\.\n\n> \*\*Transcription stopped here, at 00:0/,
      );
      assert.match(partial, /out of order/);
      assert.match(await message('out of order'), /Try Again/);
      isBroken = false;
      await ui('clickNotificationButton', { text: 'out of order', button: 'Try Again' });
      await until(() => readWorkspaceFile('pieces.md').endsWith('request 3.\n'), { what: 'the whole note' });
      const whole = readWorkspaceFile('pieces.md');
      assert.match(whole, /Piece of request 0\.\n\n.*Piece of request 1\.\n\n.*Piece of request 3\./);
      assert.equal(isInWorkspace('pieces-2.md'), false);
    } finally {
      await server.close();
    }
  });

  it('leaves an unfinished note alone that the user has changed, and writes another', async function () {
    needsUi(this);
    let isBroken = true;
    const server = await ScriptedServer.start((_, index) =>
      isBroken && index >= 1
        ? error(503, { message: 'closed for today' })
        : groqVerboseJson(spoken(`Request ${index}.`)),
    );
    try {
      await set('minutes.endpoint', server.origin);
      await transcribe(inWorkspace('stopped.wav'));
      await message('closed for today');
      writeFileSync(inWorkspace('stopped.md').fsPath, 'My own words.\n');
      isBroken = false;
      await ui('clickNotificationButton', { text: 'closed for today', button: 'Try Again' });
      await until(() => isInWorkspace('stopped-2.md') && readWorkspaceFile('stopped-2.md').includes('Request 3.'), {
        what: 'another note',
      });
      assert.equal(readWorkspaceFile('stopped.md'), 'My own words.\n');
    } finally {
      await server.close();
    }
  });
});
