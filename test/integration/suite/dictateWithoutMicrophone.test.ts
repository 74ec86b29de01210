import assert from 'node:assert/strict';
import path from 'node:path';
import { commands, Position } from 'vscode';
import { kept, startRecording, untilStatus } from '../microphone';
import { message, needsModel, ui, until } from '../window';
import { between, NOTHING_KEPT, open, SAID, stop, TEXT, useDictation } from '../dictation';

const TOAST_ABOUT_SPEECH = '.notification-toast:has-text("peech")';

/** Waits until the status bar says so, which it does for a moment. */
async function heardNothing(): Promise<void> {
  await until(async () => (await ui('text', { selector: '.statusbar' })).includes('Nothing heard.'), {
    what: 'the word of the status bar',
    intervalMs: 100,
  });
}

describe('Dictate', function () {
  this.timeout(25_000);
  const { device, clip, files, dictate } = useDictation('unheard');
  let mine = '';
  beforeEach(() => {
    ({ mine } = files());
  });

  it('warns of a microphone that gives silence, and says beside the clock that nothing was heard', async () => {
    const { document } = await open(mine, new Position(1, 0));
    const [done] = await startRecording('minutes.dictate');
    assert.match(await message('nothing but silence'), /not muted.*the recording goes on/s);
    // Less counts as an accident.
    await untilStatus(/0:0[3-9]/);
    await Promise.all([stop(done), heardNothing()]);
    assert.equal(await ui('count', { selector: TOAST_ABOUT_SPEECH }), 0);
    assert.equal(document.getText(), TEXT);
    assert.deepEqual(
      kept().recordings.map((name) => path.extname(name)),
      ['.wav'],
    );
    assert.deepEqual(kept().unfinished, []);
    await untilStatus(/^\s*$/);
  });

  it('keeps nothing of a key that was pressed twice by accident', async () => {
    const { document } = await open(mine, new Position(1, 0));
    const [done] = await startRecording('minutes.dictate');
    await Promise.all([stop(done), heardNothing()]);
    assert.equal(document.getText(), TEXT);
    assert.deepEqual(kept(), NOTHING_KEPT);
    assert.equal(await ui('count', { selector: '.notification-toast' }), 0);
    await untilStatus(/^\s*$/);
  });

  it('keeps what was said before the microphone went away', async function () {
    needsModel(this);
    const { document } = await open(mine, new Position(1, 0));
    const [done] = await startRecording('minutes.dictate');
    await device().play(clip().file);
    await device().unplug();
    try {
      assert.match(await message('Microphone lost'), /\nMicrophone lost at 0:\d\d; text kept\.$/);
      await done;
      assert.match(document.getText(), between('First line.\n', SAID, '\nLast line.\n'));
    } finally {
      await device().plug();
    }
  });

  it('names the next step where there is no microphone, and works when there is one again', async function () {
    needsModel(this);
    const { document } = await open(mine, new Position(1, 0));
    await device().unplug();
    try {
      await commands.executeCommand('minutes.dictate');
      assert.match(await message('No microphone found'), /No microphone found\. Plug one in, or choose one/);
      // The message tells it; nothing in the status bar stays behind.
      await untilStatus(/^\s*$/);
      assert.equal(document.getText(), TEXT);
      assert.deepEqual(kept(), NOTHING_KEPT);
    } finally {
      await device().plug();
    }
    await dictate();
    assert.match(document.getText(), between('First line.\n', SAID, '\nLast line.\n'));
    await untilStatus(/^\s*$/);
  });
});
