// `npm run demo`: installs what it needs, packages the extension, and does a user's first job with a real recording in a real VS Code.
// `npm run demo -- --open`: opens your own VS Code on a sample workspace with the extension instead.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);

function step(title, file, args = []) {
  console.log(`\n=== ${title}`);
  const { status } = spawnSync(process.execPath, [path.join(root, file), ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (process.argv.includes('--open')) {
  step('Build', 'esbuild.mjs', ['--quiet']);
  const sample = path.join(root, 'build/sample');
  fs.mkdirSync(sample, { recursive: true });
  const speech = path.join(root, 'test/fixtures/speech/jfk.wav');
  fs.copyFileSync(speech, path.join(sample, 'jfk.wav'));
  // On Windows `code` is a .cmd file, which only a shell can run.
  const shell = process.platform === 'win32';
  const args = ['--new-window', `--extensionDevelopmentPath=${root}`, sample];
  const { error, status } = spawnSync('code', shell ? args.map((arg) => `"${arg}"`) : args, {
    stdio: 'inherit',
    shell,
  });
  if (error || status !== 0) {
    console.error(
      'The command "code" did not start VS Code. In VS Code, run "Shell Command: Install \'code\' command in PATH" first.',
    );
    process.exit(1);
  }
  console.log('In the window that opened: right-click jfk.wav, Transcribe Audio.');
} else {
  step('Build', 'esbuild.mjs', ['--quiet']);
  step('What the demo needs besides npm', 'build/test/host/setup.js');
  step('Package', 'scripts/package.mjs');
  step('Demo', 'build/test/user/demo.js');
}
