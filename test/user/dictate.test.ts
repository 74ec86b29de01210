import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { palette } from '../host/quickInput';
import { until } from '../host/until';
import { editorText, focusEditor, openFile, waitForEditorText, waitForStatusBar } from '../host/workbench';
import { jfkWav } from '../speech';
import { useSpeakingUser } from './speakingUser';
import { statusItem } from './statusItem';

describe('A user who speaks', function () {
  this.timeout(120_000);
  const user = useSpeakingUser({ 'notes.md': Buffer.from('First line.\n\nLast line.\n') });

  it('clicks the microphone, speaks, clicks again, and the text stands at the cursor', async () => {
    const session = user.session();
    const { page } = session;
    await openFile(page, path.join(session.workspace, 'notes.md'));
    await focusEditor(page);
    await session.shoot('user-20-idle');
    await statusItem(page).click();
    await waitForStatusBar(page, '0:0', 20_000);
    await session.shoot('user-21-recording');
    await user.microphone().play(jfkWav());
    await statusItem(page).click();
    await waitForStatusBar(page, 'Transcribing', 10_000);
    await session.shoot('user-22-transcribing');
    await waitForEditorText(page, 'country', 30_000);
    await session.shoot('user-23-dictated');
    const text = await editorText(page);
    assert.match(text, /Last line\./);
    assert.match(text, /And so,? my fellow Americans/);
  });
  it('undoes a dictation in one step', async () => {
    const session = user.session();
    const { page } = session;
    await page.keyboard.press('Control+Z');
    await until(async () => !(await editorText(page)).includes('country'), { what: 'undo' });
    assert.match(await editorText(page), /First line\.\s+Last line\./);
  });
  it('discards with Escape', async () => {
    const session = user.session();
    const { page } = session;
    await focusEditor(page);
    await page.keyboard.press('Alt+Shift+M');
    await waitForStatusBar(page, '0:0', 20_000);
    await user
      .microphone()
      .play(jfkWav(), AbortSignal.timeout(2000))
      .catch(() => undefined);
    await page.keyboard.press('Escape');
    await until(async () => !(await statusItem(page).innerText()).includes('0:'), { what: 'idle again' });
    await page.waitForTimeout(500);
    await session.shoot('user-24-discarded');
    assert.doesNotMatch(await editorText(page), /country/);
    const kept = readdirSync(path.join(session.storageFolder, 'recordings')).filter((name) => name.endsWith('.wav'));
    assert.deepEqual(kept, []);
  });
  it('records a meeting into a note', async () => {
    const session = user.session();
    const { page } = session;
    await palette(page, 'Minutes: Record Meeting');
    await waitForStatusBar(page, '0:0', 20_000);
    await page.keyboard.type('My own line.');
    await session.shoot('user-25-meeting');
    await user.microphone().play(jfkWav());
    await statusItem(page).click();
    await waitForEditorText(page, 'model: embedded', 40_000);
    await session.shoot('user-26-meeting-note');
    const names = readdirSync(session.workspace).filter((name) => /^\d{4}-.*-meeting\./.test(name));
    assert.deepEqual(names.map((name) => path.extname(name)).sort(), ['.jsonl', '.md', '.wav']);
    const note = readFileSync(path.join(session.workspace, names.find((name) => name.endsWith('.md')) ?? ''), 'utf8');
    assert.match(note, /^---\ntitle: Meeting\ndate: .*\nlength: 00:00:1\d\nlanguage: en\nmodel: embedded/);
    assert.match(note, /## Notes\n\nMy own line\.\n\n## Action items\n\n## Transcript\n\n\[0:0\d\] And so,? my fellow/);
  });
});
