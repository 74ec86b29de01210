import fs from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../host/hostPaths';
import { until } from '../host/until';
import { waitForNotification } from '../host/messages';
import { chooseFile, palette } from '../host/quickInput';
import { startVirtualMicrophone, type VirtualMicrophone } from '../host/virtualMicrophone';
import { editorText, waitForEditorText, waitForStatusBar } from '../host/workbench';
import { modelFolder } from '../models';
import { jfkWav } from '../speech';
import { contextMenuEntry, extensionIsReady } from './contextMenu';
import { statusItem } from './statusItem';
import { startUserSession, type UserSession } from './userSession';

const modelsFolder = path.join(projectRoot, 'build', 'demo-models');
/** On a machine that is busy with something else. */
const PREPARE_MS = 180_000;

/** `npm run demo`: what a user does first, in the real VS Code, with a real recording; prints the note and leaves pictures. */
async function demo(): Promise<void> {
  const shotsFolder = path.join(projectRoot, 'build', 'demo');
  console.log('Starting VS Code with the packaged extension …');
  const microphone = await startVirtualMicrophone();
  const session = await startUserSession({
    files: { 'jfk.wav': jfkWav() },
    // Kept: the next demo finds the model installed.
    settings: { 'minutes.embedded.modelsFolder': modelsFolder },
    env: microphone.env,
    shotsFolder,
  });
  try {
    await bringModel(session);
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

/** Installs the Whisper model of `MINUTES_MODELS` where none is installed; without one the small model that comes with Minutes writes. */
async function bringModel({ page, shoot }: UserSession): Promise<void> {
  if (installedModels().length > 0) {
    console.log(`Installed: ${installedModels().join(', ')}`);
    return;
  }
  const model = modelFolder('whisper-base');
  if ('absent' in model) {
    console.log(`No Whisper model (${model.absent}): the small one that comes with Minutes writes the text.`);
    return;
  }
  console.log('Minutes: Add Model from Folder… with whisper-base, which the engine prepares for itself …');
  await extensionIsReady(page, 'jfk.wav');
  await palette(page, 'Minutes: Add Model from Folder…');
  await chooseFile(page, model.folder);
  const told = await waitForNotification(page, 'is installed', PREPARE_MS);
  await shoot('0-model');
  console.log(await told.innerText());
}

/** By the names of their folders. */
function installedModels(): readonly string[] {
  if (!fs.existsSync(modelsFolder)) return [];
  return fs.readdirSync(modelsFolder).filter((name) => fs.existsSync(path.join(modelsFolder, name, 'model.json')));
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
