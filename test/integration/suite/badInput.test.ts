import assert from 'node:assert/strict';
import path from 'node:path';
import { window } from 'vscode';
import {
  inWorkspace,
  isInWorkspace,
  message,
  needsModel,
  needsUi,
  readWorkspaceFile,
  set,
  tidyUp,
  transcribe,
} from '../window';

describe('A bad input gets one clear message with the next step:', () => {
  before(function () {
    needsUi(this);
  });
  afterEach(tidyUp);

  const refusedFile = (name: string, ...parts: readonly string[]): void => {
    it(name, async () => {
      await transcribe(inWorkspace(name));
      // Not by the file's name alone: the progress bears it, too.
      const text = await message(parts[0] ?? name);
      for (const part of [name, ...parts]) assert.ok(text.includes(part), text);
      assert.equal(isInWorkspace(`${path.parse(name).name}.md`), false, 'no note without text');
    });
  };
  refusedFile('text.wav', 'is not readable audio', 'Check that it plays');
  refusedFile('empty.wav', 'is empty', 'Choose another recording');
  refusedFile('silence.wav', 'No speech in', 'muted');
  refusedFile('absent.wav', 'cannot be read (ENOENT)', 'Check that it is there');

  it('a recording cut short is transcribed as far as it goes, and the note says so', async function () {
    needsModel(this);
    await transcribe(inWorkspace('truncated.wav'));
    const note = readWorkspaceFile('truncated.md');
    assert.match(note, /- Length: 00:00:08\n/);
    assert.match(note, /\n> The recording is cut short: everything up to its end was transcribed\./);
    assert.match(note, /fellow Americans/);
  });

  const refusedEndpoint = (title: string, endpoint: string, ...parts: readonly string[]): void => {
    it(title, async () => {
      await set('minutes.endpoint', endpoint);
      await transcribe(inWorkspace('again.wav'));
      const text = await message(parts[0] ?? '');
      for (const part of parts) assert.ok(text.includes(part), text);
    });
  };
  refusedEndpoint('an endpoint that is none', 'grok', '"grok" is no endpoint', 'Open Setting');
  refusedEndpoint(
    'http to another machine',
    'http://speech.example/v1',
    'The endpoint is not encrypted: http://speech.example',
    'https',
  );
  // Port 9 (discard) is closed on machines of this century.
  refusedEndpoint(
    'an endpoint that does not answer',
    'http://127.0.0.1:9/v1',
    '127.0.0.1:9 cannot be reached (ECONNREFUSED)',
    'Try Again',
  );

  it('a language that the embedded engine does not know', async function () {
    needsModel(this);
    await set('minutes.language', 'xx');
    await transcribe(inWorkspace('again.wav'));
    assert.match(await message('does not know the language "xx"'), /This model.*many languages.*minutes\.language/s);
  });

  it('a file opened twice at once is transcribed once', async function () {
    needsModel(this);
    const first = transcribe(inWorkspace('saved.wav'));
    await transcribe(inWorkspace('saved.wav'));
    await message('is being transcribed already');
    await first;
    assert.ok(isInWorkspace('saved.md'));
    assert.equal(isInWorkspace('saved-2.md'), false);
  });

  it('nothing chosen does nothing', async () => {
    await transcribe();
    assert.equal(window.activeTextEditor, undefined);
  });
});
