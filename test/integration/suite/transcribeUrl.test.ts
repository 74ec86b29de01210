import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commands, window } from 'vscode';
import { FileServer, type FileFaults, type ServedFile } from '../../fakes/fileServer';
import { error, groqVerboseJson, spoken } from '../../fakes/speechAnswers';
import { storageFolder } from '../microphone';
import { fieldValues, outOfOrder, withServer } from '../speechServer';
import { inWorkspace, message, needsModel, needsUi, noMessages, tidyUp, ui, until } from '../window';

/** Nobody answers there, so that the endpoint is asked to fetch it. */
const AWAY = 'https://recordings.invalid/talks/launch%20day.mp3?token=public';

async function enter(address: string, command = 'minutes.transcribeUrl'): Promise<void> {
  const done = commands.executeCommand(command);
  await ui('answerQuickInput', { text: address, has: 'Address of the recording' });
  await done;
}

/** What stands in the active editor. */
function noteText(): string {
  return window.activeTextEditor?.document.getText() ?? '';
}

/** What is kept of downloads. */
function downloads(): readonly string[] {
  const folder = path.join(storageFolder(), 'downloads');
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
}

/** Speech on a server of files, as long as the test acts. */
async function withFile(
  act: (server: FileServer) => Promise<void>,
  file: Partial<ServedFile> = {},
  faults: FileFaults = {},
): Promise<void> {
  const bytes = readFileSync(inWorkspace('jfk.wav').fsPath);
  const server = await FileServer.start({ bytes, etag: '"one"', ...file }, faults);
  try {
    await act(server);
  } finally {
    await server.close();
  }
}

describe('Transcribe URL', function () {
  this.timeout(60_000);
  before(function () {
    needsUi(this);
  });
  afterEach(tidyUp);

  it('downloads a recording, sends it as any other, and shows the note', async () => {
    await withFile(async (files) => {
      await withServer([groqVerboseJson(spoken('Said far away.'))], async (server) => {
        await enter(` ${files.origin}/talks/2026-03-01%2014.02.05%20launch.wav?token=canary `);
        const [request] = server.requests;
        assert.deepEqual(fieldValues(request, 'url'), [], 'the address stays here');
        assert.equal(request?.files.length, 1);
        assert.equal(window.activeTextEditor?.document.isUntitled, true);
        assert.match(
          noteText(),
          /^# 2026-03-01 14\.02\.05 launch\n\n- Recording: 2026-03-01 14\.02\.05 launch\.wav\n- Length: 00:00:11\n- Date: .*2026.*\n- Transcribed by: .*\n\n\[00:00:00\] Said far away\.\n$/,
        );
        assert.ok(!noteText().includes('canary'));
        assert.deepEqual(downloads(), [], 'the text is safe, and the recording is gone');
      });
    });
  });

  it('downloads it for the embedded engine, and says so before it asks', async function () {
    needsModel(this);
    await withFile(async (files) => {
      const done = commands.executeCommand('minutes.transcribeUrl');
      await ui('waitQuickInput', { has: 'hears it on this machine' });
      await ui('answerQuickInput', { text: `${files.origin}/jfk.wav`, has: 'Address of the recording' });
      await done;
      assert.match(noteText(), /ask not what your country can do/i);
      assert.deepEqual(downloads(), []);
    });
  });

  it('keeps what came when it is cancelled, and goes on there', async () => {
    await withFile(
      async (files) => {
        await withServer([groqVerboseJson(spoken('Said far away.'))], async (server) => {
          const done = enter(`${files.origin}/jfk.wav`);
          await until(() => files.sentBytes > 60_000, { what: 'some of the recording' });
          await ui('clickNotificationButton', { text: 'Downloading jfk.wav', button: 'Cancel' });
          await done;
          await message('are kept for a week; the same address goes on there');
          assert.equal(server.requests.length, 0);
          delete files.faults.bytesPerS;
          delete files.faults.dripBytes;
          await ui('clickNotificationButton', { text: 'are kept for a week', button: 'Continue' });
          await until(() => noteText().includes('Said far away.'), { what: 'the note' });
          assert.match(files.ranges.at(-1) ?? '', /^bytes=[1-9]\d*-$/);
        });
      },
      {},
      { bytesPerS: 100_000, dripBytes: 10_000 },
    );
  });

  it('keeps the recording until its text is there, and asks for it no second time', async () => {
    await withFile(async (files) => {
      const failing = Array.from({ length: 5 }, () => outOfOrder());
      await withServer([...failing, groqVerboseJson(spoken('Said far away.'))], async () => {
        await enter(`${files.origin}/jfk.wav`);
        await message('out of order');
        assert.ok(downloads().some((name) => name.endsWith('jfk.wav')));
        const { sentBytes } = files;
        await ui('clickNotificationButton', { text: 'out of order', button: 'Try Again' });
        await until(() => noteText().includes('Said far away.'), { what: 'the note' });
        await until(() => downloads().length === 0, { what: 'the end of the download' });
        assert.equal(files.sentBytes, sentBytes);
      });
    });
  });

  it('says that an address leads to a page, or to nothing', async () => {
    await withFile(
      async (files) => {
        await withServer([], async (server) => {
          await enter(`${files.origin}/share/1?key=canary`);
          const text = await message('The address leads to a page, not to a recording.');
          assert.ok(!text.includes('canary') && !text.includes('Try Again'), text);
          await noMessages();
          files.faults.refuse = { status: 404, times: 1 };
          await enter(`${files.origin}/share/2`);
          await message('No recording is at that address');
          assert.equal(server.requests.length, 0);
        });
      },
      { bytes: Buffer.from('<!doctype html><title>Shared with you</title>'), type: 'text/html' },
    );
  });

  it('has the endpoint fetch what cannot be reached from here, and shows the note', async () => {
    await withServer([groqVerboseJson(spoken('Said far away.'))], async (server) => {
      await enter(` ${AWAY} `);
      const [request] = server.requests;
      assert.deepEqual(fieldValues(request, 'url'), [AWAY]);
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
      await enter(AWAY);
      assert.match(noteText(), /\n- Recording: launch day\.mp3\n- Date: /);
    });
  });

  it('translates it, and the note says so', async () => {
    const script = [
      groqVerboseJson(spoken('Said far away.')),
      groqVerboseJson({ ...spoken('Dit.'), language: 'French' }),
    ];
    await withServer(script, async (server) => {
      await enter(AWAY, 'minutes.translateUrl');
      assert.deepEqual(
        server.requests.map((request) => [request.path, fieldValues(request, 'url')]),
        ['translations', 'transcriptions'].map((task) => [`/v1/audio/${task}`, [AWAY]]),
      );
      assert.deepEqual(fieldValues(server.requests[0], 'model'), ['whisper-large-v3']);
      assert.match(
        noteText(),
        /\n- Translation: from French into English, by machine\n[^]*\n\n\[00:00:00\] Said far away\.\n$/,
      );
    });
  });

  it('says what the endpoint says where it cannot fetch it', async () => {
    await withServer([error(400, { message: 'could not fetch the url: 404' })], async (server) => {
      await enter(AWAY);
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
});
