import fs from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../host/hostPaths';
import { until } from '../host/until';
import { palette } from '../host/quickInput';
import { startVirtualMicrophone, type VirtualMicrophone } from '../host/virtualMicrophone';
import { editorText, waitForEditorText, waitForStatusBar } from '../host/workbench';
import { jfkWav } from '../speech';
import { contextMenuEntry } from './contextMenu';
import { statusItem } from './statusItem';
import { startUserSession, type UserSession } from './userSession';

/** What Kennedy says. Marks between the words are a matter of taste. */
const SAID = 'And so my fellow Americans ask not what your country can do for you ask what you can do for your country';

/**
 * `npm run demo`: what a user does first, in the real VS Code, with a real recording and the model that comes with Minutes; prints the note
 * and leaves pictures. Fails where the note says something else.
 */
async function demo(): Promise<void> {
  if (!fs.existsSync(path.join(projectRoot, 'build', 'model', 'whisper-base', 'model.json')))
    throw new Error('The package was made without a model, as no source had Whisper base: the demo needs one.');
  const shotsFolder = path.join(projectRoot, 'build', 'demo');
  console.log('Starting VS Code with the packaged extension …');
  const microphone = await startVirtualMicrophone();
  const session = await startUserSession({
    files: { 'jfk.wav': jfkWav() },
    env: microphone.env,
    shotsFolder,
  });
  try {
    const entry = await contextMenuEntry(session.page, 'jfk.wav', 'Transcribe Audio');
    await session.shoot('1-context-menu');
    console.log('Right-click on jfk.wav, Transcribe Audio …');
    await entry.click();
    const note = path.join(session.workspace, 'jfk.md');
    await until(() => fs.existsSync(note) && fs.statSync(note).size > 0, { what: 'the note', timeoutMs: 60_000 });
    await waitForEditorText(session.page, '[00:00:0');
    await session.shoot('2-note');
    const text = fs.readFileSync(note, 'utf8');
    console.log(`\n${text}`);
    checkWords(text);
    console.log(`Written by: ${/^- Transcribed by: (.*)$/m.exec(text)?.[1] ?? 'nobody knows'}\n`);
    console.log('Click on the microphone, the same words spoken into it, another click …');
    console.log(`\n${await dictate(session, microphone)}\n`);
    const pictures = fs.readdirSync(shotsFolder).filter((name) => name.endsWith('.png'));
    console.log(`Pictures in ${path.relative(projectRoot, shotsFolder)}: ${pictures.sort().join(', ')}`);
  } catch (error) {
    await session.shoot('failed');
    throw error;
  } finally {
    await session.close();
    await microphone.stop();
  }
}

/** @throws Error where a note says other words, has no capitals, or does not end with a full stop */
function checkWords(note: string): void {
  const spoken = note.split('\n').flatMap((line) => /^\[[\d:]+\] (.*)$/.exec(line)?.[1] ?? []);
  const text = spoken.join(' ');
  const words = text.replace(/[.,;:]/g, '');
  if (words.toLowerCase() !== SAID.toLowerCase())
    throw new Error(`The note says "${text}", but what was said is "${SAID}"`);
  if (!/^And so,? my fellow Americans\b.*\.$/.test(text)) throw new Error(`"${text}" lacks a capital or its full stop`);
}

/** Dictates into a new document; gives what stands in it. */
async function dictate({ page, shoot }: UserSession, microphone: VirtualMicrophone): Promise<string> {
  await palette(page, 'File: New Untitled Text File');
  await page.locator('.tab.active[data-resource-name^="Untitled"]').waitFor();
  await statusItem(page).click();
  await waitForStatusBar(page, '0:0', 20_000);
  await shoot('3-recording');
  await microphone.play(jfkWav());
  await statusItem(page).click();
  const text = await waitForEditorText(page, 'country', 60_000).then(() => editorText(page));
  await shoot('4-dictated');
  return text;
}

demo().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
