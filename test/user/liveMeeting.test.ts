import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { palette } from '../host/quickInput';
import { until } from '../host/until';
import { editorText, waitForEditorText, waitForStatusBar } from '../host/workbench';
import { shootLooks } from './shootLooks';
import { useSpeakingUser } from './speakingUser';
import { makeSpokenMeeting } from './spokenMeeting';
import { statusItem } from './statusItem';

describe('A user in a meeting', function () {
  this.timeout(300_000);
  const user = useSpeakingUser();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'minutes-meeting-'));
  const meeting = path.join(folder, 'meeting.wav');
  let playing: Promise<void> = Promise.resolve();

  before(() => makeSpokenMeeting(meeting));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('sees the words that are being said, and paragraphs when the speaker pauses, beside what they type', async () => {
    const { page, shoot } = user.session();
    await palette(page, 'Minutes: Record Meeting');
    await waitForStatusBar(page, '0:0', 20_000);
    playing = user.microphone().play(meeting);
    await page.keyboard.type('Ask for the schedule');
    await until(async () => (await page.locator('.monaco-editor [class*="ced-"]').count()) > 0, {
      what: 'dimmed words',
    });
    await page.waitForTimeout(2000);
    await shoot('user-60-first-words');
    await waitForEditorText(page, '[0:0', 60_000);
    await shoot('user-61-first-paragraph');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Next: the budget');
    await page.waitForTimeout(12_000);
    await shoot('user-62-later');
    await shootLooks(user.session(), 'user-63-live-meeting');
  });

  it('takes back what they typed, and no paragraph', async () => {
    const { page } = user.session();
    const paragraphs = async (): Promise<string> => (await editorText(page)).split('Transcript').at(-1) ?? '';
    const before = await paragraphs();
    await page.keyboard.press('Control+Z');
    await until(async () => !(await editorText(page)).includes('budget'), { what: 'undo' });
    assert.ok((await paragraphs()).startsWith(before.trimEnd()), 'the paragraphs stay');
    await page.keyboard.press('Control+Y');
    await until(async () => (await editorText(page)).includes('budget'), { what: 'redo' });
  });

  it('marks a moment, pauses, goes on and stops', async () => {
    const session = user.session();
    const { page, shoot } = session;
    await page.keyboard.press('Alt+Shift+B');
    await waitForEditorText(page, 'Marked', 20_000);
    await palette(page, 'Minutes: Pause Meeting');
    await waitForStatusBar(page, 'PAUSED', 10_000);
    await shoot('user-64-paused');
    await palette(page, 'Minutes: Resume Meeting');
    await waitForStatusBar(page, 'REC', 10_000);
    await playing;
    await statusItem(page).click();
    await waitForEditorText(page, 'model: embedded', 60_000);
    await shoot('user-65-complete');
    const name = readdirSync(session.workspace).find((entry) => entry.endsWith('-meeting.md')) ?? '';
    const note = readFileSync(path.join(session.workspace, name), 'utf8');
    assert.match(note, /## Notes\n\nAsk for the schedule\nNext: the budget\n\n/);
    assert.match(note, /\n\[0:\d\d\] And so,? my fellow Americans/);
    assert.match(note, /\n\[\d:\d\d\] \*\*Marked\*\*\n/);
    assert.match(note, /\n> Paused at \d:\d\d, for 0:0\d\n/);
  });
});
