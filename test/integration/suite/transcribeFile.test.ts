import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { commands, window } from 'vscode';
import type { ScriptedAnswer } from '../../fakes/scriptedServer';
import { flacParts } from '../../../src/core/audio/flac';
import { bytesToInt16 } from '../../../src/core/audio/pcm';
import { SAMPLE_RATE_HZ } from '../../../src/core/model';
import { groqVerboseJson, spoken } from '../../fakes/speechAnswers';
import { jfkWav } from '../../speech';
import { uploadedSamples } from '../../fakes/uploads';
import { fieldValues, outOfOrder, withServer } from '../speechServer';
import {
  activeName,
  inWorkspace,
  isInWorkspace,
  message,
  needsModel,
  needsUi,
  readWorkspaceFile,
  set,
  tidyUp,
  transcribe,
  ui,
  until,
} from '../window';

describe('Transcribe Audio', () => {
  afterEach(tidyUp);

  it('makes a note beside the recording with the embedded engine and opens it', async function () {
    needsModel(this);
    await transcribe(inWorkspace('jfk.wav'));
    assert.equal(activeName(), 'jfk.md');
    const note = readWorkspaceFile('jfk.md');
    assert.match(note, /^# jfk\n/);
    assert.match(note, /\n- Transcribed by: embedded engine \(openai\/whisper-base\), on this machine\n/);
    assert.match(note, /\n\n\[00:00:0\d\] And so,? my fellow Americans,? ask not/);
    assert.equal(window.activeTextEditor?.document.isDirty, false);
  });

  it('reads FLAC where there is no ffmpeg', async () => {
    const wav = readFileSync(jfkWav());
    const samples = bytesToInt16(wav.subarray(wav.indexOf('data', 12, 'latin1') + 8));
    writeFileSync(inWorkspace('packed.flac').fsPath, Buffer.concat([...flacParts(samples)]));
    const { PATH } = process.env;
    await withServer([groqVerboseJson(spoken('Unpacked here.'))], async (server) => {
      process.env['PATH'] = '';
      try {
        await transcribe(inWorkspace('packed.flac'));
      } finally {
        process.env['PATH'] = PATH;
      }
      assert.match(readWorkspaceFile('packed.md'), /- Length: 00:00:11\n[^]*Unpacked here\./);
      assert.ok(
        uploadedSamples(server.requests[0]?.files[0]).length > 10 * SAMPLE_RATE_HZ * 2,
        'it went as samples, not as a file',
      );
    });
  });

  it('overwrites no file of the user', async function () {
    needsModel(this);
    await transcribe(inWorkspace('notes.wav'));
    assert.equal(readWorkspaceFile('notes.md'), '# Mine\n');
    assert.match(readWorkspaceFile('notes-2.md'), /Americans/);
  });

  it('asks for a file when started from the palette', async function () {
    needsUi(this);
    needsModel(this);
    const done = commands.executeCommand('minutes.transcribeFile');
    await ui('chooseFile', { absolutePath: inWorkspace('picked.wav').fsPath });
    await done;
    assert.match(readWorkspaceFile('picked.md'), /Americans/);
  });

  it('sends the chosen model, language and temperature, the samples of the recording, and the key that was set', async function () {
    needsUi(this);
    await withServer([groqVerboseJson(spoken('Scripted.', 1, 2))], async (server) => {
      await set('minutes.meeting.model', 'my-model');
      await set('minutes.dictation.model', 'another-model');
      await set('minutes.language', 'en');
      await set('minutes.temperature', 0.4);
      const keySet = commands.executeCommand('minutes.setApiKey');
      await ui('pickQuickInput', { label: server.host, has: 'Which endpoint' });
      await ui('answerQuickInput', { text: 'secret-key', has: 'API key for' });
      await keySet;
      await transcribe(inWorkspace('key.wav'));
      const [request] = server.requests;
      assert.ok(request);
      assert.equal(request.path, '/v1/audio/transcriptions');
      assert.equal(request.headers.authorization, 'Bearer secret-key');
      assert.match(request.headers['user-agent'] ?? '', /^Minutes\/\d/);
      assert.deepEqual(fieldValues(request, 'model'), ['my-model']);
      assert.deepEqual(fieldValues(request, 'language'), ['en']);
      assert.deepEqual(fieldValues(request, 'temperature'), ['0.4']);
      assert.deepEqual(fieldValues(request, 'response_format'), ['verbose_json']);
      const sent = uploadedSamples(request.files[0]);
      assert.ok(sent.length > 0 && readFileSync(inWorkspace('key.wav').fsPath).includes(sent));
      assert.match(readWorkspaceFile('key.md'), /\[00:00:01\] Scripted\.\n$/);
    });
  });

  it('keeps what was transcribed before an endpoint failed, marks where it ends, and asks only for the rest afterwards', async function () {
    needsUi(this);
    let [isBroken, answered] = [true, 0];
    const script = (): ScriptedAnswer =>
      isBroken && answered >= 2 ? outOfOrder(402) : groqVerboseJson(spoken(`Piece ${answered++}.`));
    await withServer(script, async () => {
      await transcribe(inWorkspace('pieces.wav'));
      const partial = readWorkspaceFile('pieces.md');
      assert.match(partial, /Piece 0\.\n\n.*Piece 1\.\n\n> \*\*Transcription stopped here, at 00:0/);
      assert.match(partial, /out of order/);
      assert.match(await message('out of order'), /Try Again/);
      isBroken = false;
      await ui('clickNotificationButton', { text: 'out of order', button: 'Try Again' });
      await until(() => readWorkspaceFile('pieces.md').endsWith('Piece 2.\n'), { what: 'the whole note' });
      assert.match(readWorkspaceFile('pieces.md'), /Piece 0\.\n\n.*Piece 1\.\n\n.*Piece 2\./);
      assert.equal(isInWorkspace('pieces-2.md'), false);
    });
  });

  it('writes Chinese in the script that was chosen, whichever the endpoint writes', async () => {
    const told = ['这个会议', '這個會議'];
    const script = (_: unknown, index: number): ScriptedAnswer =>
      groqVerboseJson({ ...spoken(told[index % 2] ?? ''), language: 'Chinese' });
    await withServer(script, async () => {
      await set('minutes.chineseScript', 'traditional');
      await transcribe(inWorkspace('chinese.wav'));
      const note = readWorkspaceFile('chinese.md');
      assert.ok((note.match(/這個會議/g)?.length ?? 0) >= 2, note);
      assert.doesNotMatch(note, /这个会议/);
    });
  });

  it('goes on in the same note, below what the user made of it', async function () {
    needsUi(this);
    let [isBroken, answered] = [true, 0];
    const script = (): ScriptedAnswer =>
      isBroken && answered >= 1 ? outOfOrder(402, 'closed for today') : groqVerboseJson(spoken(`Piece ${answered++}.`));
    await withServer(script, async () => {
      await transcribe(inWorkspace('stopped.wav'));
      await message('closed for today');
      writeFileSync(inWorkspace('stopped.md').fsPath, 'My own words.\n');
      isBroken = false;
      await ui('clickNotificationButton', { text: 'closed for today', button: 'Try Again' });
      await until(() => readWorkspaceFile('stopped.md').includes('Piece 2.'), { what: 'the rest' });
      assert.match(readWorkspaceFile('stopped.md'), /^My own words\.\n\n\[.*\] Piece 1\.\n\n\[.*\] Piece 2\.\n$/);
      assert.equal(isInWorkspace('stopped-2.md'), false);
    });
  });
});
