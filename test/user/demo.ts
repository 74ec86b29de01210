import fs from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../host/hostPaths';
import { until } from '../host/until';
import { waitForEditorText } from '../host/workbench';
import { contextMenuEntry } from './contextMenu';
import { jfkWav } from '../speech';
import { startUserSession } from './userSession';

/** `npm run demo`: what a user does first, in the real VS Code, with a real recording; prints the note and leaves pictures. */
async function demo(): Promise<void> {
  const shotsFolder = path.join(projectRoot, 'build', 'demo');
  console.log('Starting VS Code with the packaged extension …');
  const session = await startUserSession({ files: { 'jfk.wav': jfkWav() }, shotsFolder });
  try {
    const entry = await contextMenuEntry(session.page, 'jfk.wav', 'Transcribe Audio');
    await session.shoot('1-context-menu');
    console.log('Right-click on jfk.wav, Transcribe Audio …');
    await entry.click();
    const note = path.join(session.workspace, 'jfk.md');
    await until(() => fs.existsSync(note) && fs.statSync(note).size > 0, { what: 'the note', timeoutMs: 60_000 });
    await waitForEditorText(session.page, '[00:00:0');
    await session.shoot('2-note');
    console.log(`\n${fs.readFileSync(note, 'utf8')}`);
    console.log(`Pictures: ${path.relative(projectRoot, shotsFolder)}/1-context-menu.png, 2-note.png`);
  } catch (error) {
    await session.shoot('failed');
    throw error;
  } finally {
    await session.close();
  }
}

demo().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
