import assert from 'node:assert/strict';
import path from 'node:path';
import { commands } from 'vscode';
import { inWorkspace, isInWorkspace, minutes, needsModel, tidyUp, transcribe, until } from '../window';

/** The files of ours that this extension host has loaded. */
function loaded(): string[] {
  const dist = path.join(minutes().extensionPath, 'dist') + path.sep;
  return Object.keys(require.cache)
    .flatMap((file) => (file.startsWith(dist) ? [path.basename(file)] : []))
    .sort();
}

// The first file of the suite by its name, so that nothing has been used yet.
describe('activation', () => {
  after(tidyUp);

  it('comes by itself, and loads neither the network code nor the microphone nor the engine', async () => {
    await until(() => minutes().isActive, { what: 'the extension is active' });
    // It looks for recordings that an earlier window did not finish.
    await until(() => loaded().includes('recordingStore.js'), { what: 'the look for unfinished recordings' });
    assert.deepEqual(loaded(), ['extension.js', 'recordingStore.js']);
  });

  it('registers every command of the manifest', async () => {
    const manifest = minutes().packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = new Set(await commands.getCommands(true));
    for (const { command } of manifest.contributes.commands) assert.ok(registered.has(command), command);
  });

  it('loads the network code when the first recording is transcribed', async function () {
    needsModel(this);
    await transcribe(inWorkspace('engine.wav'));
    assert.ok(isInWorkspace('engine.md'));
    assert.deepEqual(loaded(), [
      'extension.js',
      'fileTranscription.js',
      'openEngineModels.js',
      'recordingStore.js',
      'transcriptFolder.js',
    ]);
  });
});
