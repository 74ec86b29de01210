import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { clickNotificationButton, waitForNotification } from '../host/messages';
import { chooseFile, palette } from '../host/quickInput';
import { until } from '../host/until';
import { explorerMenu, waitForEditorText } from '../host/workbench';
import { repeatedSpeech } from '../sampleAudio';
import { jfkWav } from '../speech';
import { contextMenuEntry } from './contextMenu';
import { shootFailures } from './shootFailures';
import { startUserSession, type UserSession } from './userSession';

/** Percent in a progress notification, once a piece is done. */
const SOME_PERCENT_OF_LONG = /long\.wav.*\((?!0 %)\d+ %\)/s;

describe('A user with a recording, offline and without a key', function () {
  this.timeout(120_000);
  let session: UserSession;

  before(async () => {
    session = await startUserSession({
      files: {
        'jfk.wav': jfkWav(),
        'picked.wav': jfkWav(),
        'long.wav': repeatedSpeech(12),
        'notes.txt': Buffer.from('x'),
      },
    });
  });
  after(() => session.close());
  shootFailures(() => session);

  const note = (name: string): string => readFileSync(path.join(session.workspace, name), 'utf8');
  const noteThere = (name: string): Promise<true> =>
    until(() => existsSync(path.join(session.workspace, name)) && note(name) !== '', { what: name, timeoutMs: 60_000 });

  it('finds Transcribe Audio in the context menu of a recording and gets a note beside it', async () => {
    const entry = await contextMenuEntry(session.page, 'jfk.wav', 'Transcribe Audio');
    await session.shoot('user-1-context-menu');
    await entry.click();
    await noteThere('jfk.md');
    await waitForEditorText(session.page, 'my fellow Americans');
    await session.shoot('user-2-note');
    const times = [...note('jfk.md').matchAll(/^\[(\d\d:\d\d:\d\d)\] /gm)].map(([, time]) => time);
    assert.ok(times.length >= 1, note('jfk.md'));
    assert.deepEqual(times, times.toSorted());
    assert.match(
      note('jfk.md'),
      /^# jfk\n\n- Recording: \[jfk.wav\]\(jfk.wav\)\n- Length: 00:00:11\n- Date: \d{4}-\d\d-\d\d \d\d:\d\d\n/,
    );
    assert.match(note('jfk.md'), /embedded engine \(openai\/whisper-base\), on this machine/);
  });

  it('does not find it in the menu of a text file', async () => {
    const menu = await explorerMenu(session.page, 'notes.txt');
    assert.equal(await menu('Transcribe Audio').count(), 0);
    await session.page.keyboard.press('Escape');
  });

  it('chooses a file by keyboard through the palette', async () => {
    await palette(session.page, 'Minutes: Transcribe File…');
    await chooseFile(session.page, path.join(session.workspace, 'picked.wav'));
    await noteThere('picked.md');
    assert.match(note('picked.md'), /fellow Americans/);
  });

  it('cancels a long recording, keeps what was transcribed, and continues', async () => {
    await (await contextMenuEntry(session.page, 'long.wav', 'Transcribe Audio')).click();
    await waitForNotification(session.page, SOME_PERCENT_OF_LONG, 60_000);
    await session.shoot('user-3-progress');
    await clickNotificationButton(session.page, 'Transcribing long.wav', 'Cancel');
    await noteThere('long.md');
    await waitForNotification(session.page, 'Stopped at');
    await session.shoot('user-4-cancelled');
    const stopped = note('long.md');
    assert.match(stopped, /fellow Americans/);
    assert.match(stopped, /\n> \*\*Transcription stopped here, at 00:0\d:\d\d of 00:02:24\.\*\* You stopped it\.\n$/);

    await clickNotificationButton(session.page, 'Stopped at', 'Continue');
    const isWhole = (text: string): boolean => /your country\.?\n$/.test(text) && !text.includes('stopped here');
    await until(() => isWhole(note('long.md')), { what: 'the whole note', timeoutMs: 90_000 });
    const whole = note('long.md');
    assert.ok(
      whole.startsWith(stopped.slice(0, stopped.indexOf('\n> **'))),
      'the text before the stop stays as it was',
    );
    assert.equal([...whole.matchAll(/fellow Americans/g)].length, 12, whole);
    assert.ok(!existsSync(path.join(session.workspace, 'long-2.md')), 'the unfinished note was completed, not doubled');
  });
});
