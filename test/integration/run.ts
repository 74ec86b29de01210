import { runTests } from '@vscode/test-electron';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { defined } from '../../src/core/async/defined';
import { codeExecutable, projectRoot } from '../host/hostPaths';
import { repeatedSpeech, silence, truncatedSpeech } from '../sampleAudio';
import { jfkWav } from '../speech';

/**
 * `npm run test:integration`: the suite inside a real extension host, over a workspace made for it. On Linux in the VS Code that
 * `npm run setup` installed, elsewhere in the desktop VS Code that @vscode/test-electron downloads.
 */
async function run(): Promise<void> {
  const workspace = mkdtempSync(path.join(os.tmpdir(), 'minutes-workspace-'));
  const file = (name: string): string => path.join(workspace, name);
  for (const name of ['jfk.wav', 'picked.wav', 'again.wav', 'key.wav', 'engine.wav', 'saved.wav'])
    copyFileSync(jfkWav(), file(name));
  writeFileSync(file('pieces.wav'), repeatedSpeech(6));
  writeFileSync(file('chinese.wav'), repeatedSpeech(6));
  writeFileSync(file('stopped.wav'), repeatedSpeech(6));
  writeFileSync(file('secret.wav'), repeatedSpeech(6));
  writeFileSync(file('silence.wav'), silence(3));
  writeFileSync(file('truncated.wav'), truncatedSpeech(8));
  writeFileSync(file('empty.wav'), '');
  writeFileSync(file('text.wav'), 'This is no recording at all, whatever its name says.\n'.repeat(20));
  writeFileSync(file('notes.md'), '# Mine\n');
  copyFileSync(jfkWav(), file('notes.wav'));
  const isStandIn = process.platform === 'linux' && process.arch === 'x64';
  const launchArgs: string[] = [workspace];
  try {
    await runTests(
      defined({
        vscodeExecutablePath: isStandIn ? codeExecutable : undefined,
        extensionDevelopmentPath: projectRoot,
        extensionTestsPath: path.join(projectRoot, 'build/test/integration/entry.js'),
        launchArgs,
        extensionTestsEnv:
          process.argv[2] === undefined ? undefined : { MINUTES_GREP: process.argv.slice(2).join(' ') },
      }),
    );
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
