import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commands, Position, window } from 'vscode';
import { BYTES_PER_SAMPLE } from '../../../src/core/audio/pcm';
import { groqVerboseJson, rateLimited, spoken } from '../../fakes/speechAnswers';
import { uploadedSamples } from '../../fakes/uploads';
import { kept, startRecording, storageFolder, untilStatus } from '../microphone';
import { fieldValues, outOfOrder, withServer } from '../speechServer';
import { inWorkspace, message, ui, until } from '../window';
import { NOTHING_KEPT, open, stop, TEXT, useDictation } from '../dictation';

describe('Dictate', function () {
  this.timeout(25_000);
  const { device, clip, files, dictate, stopAfterClip } = useDictation('sent');
  let [mine, other] = ['', ''];
  beforeEach(() => {
    ({ mine, other } = files());
  });

  it('discards while it transcribes, too', async () => {
    await withServer([{ hang: true }], async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [done] = await stopAfterClip();
      await server.received(1);
      await commands.executeCommand('minutes.discardDictation');
      await done;
      assert.equal(document.getText(), TEXT);
      assert.deepEqual(kept(), NOTHING_KEPT);
    });
  });

  it('sends what was said, every sample, and the words that Show Words Sent shows', async () => {
    await withServer([groqVerboseJson(spoken('Scripted.'))], async (server) => {
      writeFileSync(inWorkspace(other).fsPath, 'class LedgerExporter:\n  def flushQueue(self): pass\n');
      await open(other, new Position(0, 0));
      await open(mine, new Position(1, 0));
      // The folder's files are read again after some seconds: the prompt is that of now when it names the file of this test.
      const shown = await until(
        async () => {
          await commands.executeCommand('minutes.showPrompt');
          const text = window.activeTextEditor?.document.getText() ?? '';
          return text.includes(path.parse(mine).name) ? text : undefined;
        },
        { what: 'the prompt with the new file', timeoutMs: 15_000 },
      );
      const prompt = /```text\n(.*)\n```/.exec(shown)?.[1];
      assert.ok(prompt?.includes('LedgerExporter'), shown);
      await open(mine, new Position(1, 0));
      await dictate();
      const [request] = server.requests;
      assert.equal(server.requests.length, 1);
      assert.deepEqual(fieldValues(request, 'prompt'), [prompt]);
      const upload = uploadedSamples(request?.files[0]);
      const { missingAtStart, missingAtEnd } = overlap(upload, clip().samples);
      // The cut at a pause may leave out what is silent in the clip, and no more.
      console.log(`      left out: ${missingAtStart} samples of the clip's beginning, ${missingAtEnd} of its end`);
      assert.ok(missingAtStart + missingAtEnd < 8000);
    });
  });

  it('keeps the recording where the endpoint fails, and tries again', async () => {
    let isBroken = true;
    await withServer(
      () => (isBroken ? outOfOrder() : groqVerboseJson(spoken('Scripted at last.'))),
      async () => {
        const { document } = await open(mine, new Position(1, 0));
        await dictate();
        assert.match(await message('out of order'), /Try Again/);
        await untilStatus(/Minutes/);
        assert.equal(document.getText(), TEXT);
        const [recording, ...others] = kept().recordings;
        assert.ok(recording !== undefined && others.length === 0);
        assert.equal(kept().unfinished.length, 1);
        const samples = readFileSync(path.join(storageFolder(), 'recordings', recording));
        assert.ok(samples.includes(clip().samples), 'every sample that was said');
        isBroken = false;
        await ui('clickNotificationButton', { text: 'out of order', button: 'Try Again' });
        await until(() => window.activeTextEditor?.document.getText() === 'Scripted at last.', { what: 'the text' });
        assert.equal(window.activeTextEditor?.document.isUntitled, true);
        assert.equal(document.getText(), TEXT);
        await until(() => kept().recordings.length === 0, { what: 'the recording is gone' });
        await untilStatus(/^\s*$/);
      },
    );
  });

  it('goes on recording while an earlier dictation is tried again', async () => {
    let isBroken = true;
    await withServer(
      () => (isBroken ? outOfOrder() : groqVerboseJson(spoken('Scripted at last.'))),
      async () => {
        await dictate();
        await message('out of order');
        const { document } = await open(mine, new Position(1, 0));
        const [done] = await startRecording('minutes.dictate');
        isBroken = false;
        await ui('clickNotificationButton', { text: 'out of order', button: 'Try Again' });
        await until(() => kept().recordings.length === 1, { what: 'only the new recording' });
        await untilStatus(/\d:\d\d/);
        await device().play(clip().file);
        await stop(done);
        assert.equal(document.getText(), 'First line.\nScripted at last.\nLast line.\n');
      },
    );
  });

  it('opens the connection while the user speaks, and sends the recording over it', async () => {
    await withServer([groqVerboseJson(spoken('Scripted.'))], async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [done] = await startRecording('minutes.dictate');
      await until(() => server.questions.length === 1, { what: 'the connection' });
      assert.equal(server.questions[0]?.path, '/v1/models');
      assert.equal(server.requests.length, 0);
      await device().play(clip().file);
      await stop(done);
      assert.equal(document.getText(), 'First line.\nScripted.\nLast line.\n');
      assert.deepEqual([server.requests.length, server.connectionCount], [1, 1]);
    });
  });

  it('counts down where the endpoint asks to wait, and has the text then', async () => {
    await withServer([rateLimited('3s', 3), groqVerboseJson(spoken('Scripted.'))], async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [done] = await stopAfterClip();
      const text = await message('The dictation waits');
      assert.match(text, new RegExp(`The dictation waits: ${server.host} asks to wait: 0:0\\d`));
      assert.equal(document.getText(), TEXT);
      await done;
      assert.equal(document.getText(), 'First line.\nScripted.\nLast line.\n');
      assert.equal(server.requests.length, 2);
      await until(async () => (await ui('count', { selector: '.notification-toast' })) === 0, { what: 'no message' });
    });
  });

  it('keeps the recording where the user does not want to wait, and tries again', async () => {
    await withServer([rateLimited('1m', 60)], async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [done] = await stopAfterClip();
      await ui('clickNotificationButton', { text: 'The dictation waits', button: 'Cancel' });
      await done;
      await message('The dictation is kept. It is offered again at the next start.');
      assert.deepEqual(await ui('notificationButtons', { text: 'The dictation is kept' }), ['Try Again']);
      assert.equal(document.getText(), TEXT);
      assert.equal(kept().recordings.length, 1);
      assert.equal(kept().unfinished.length, 1);
      assert.equal(server.requests.length, 1);
    });
  });
});

/** Where a clip lies in what was sent, every sample of it that lies there being the clip's own. */
function overlap(sent: Buffer, clip: Buffer): { readonly missingAtStart: number; readonly missingAtEnd: number } {
  const middle = Math.floor(clip.length / 4) * BYTES_PER_SAMPLE;
  const at = sent.indexOf(clip.subarray(middle, middle + 3200)) - middle;
  assert.ok(at + middle >= 0, 'the middle of the clip was not sent');
  const from = Math.max(0, -at);
  const to = Math.min(clip.length, sent.length - at);
  assert.ok(sent.subarray(at + from, at + to).equals(clip.subarray(from, to)), 'samples differ');
  return { missingAtStart: from / BYTES_PER_SAMPLE, missingAtEnd: (clip.length - to) / BYTES_PER_SAMPLE };
}
