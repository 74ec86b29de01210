// Makes the installable package of this platform, build/minutes-<platform>.vsix, with the embedded engine and third-party notices.
//   npm run package [-- --without-engine]      the second form is for platforms for which libvosk has no build
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { collectEngine, isEnginePlatform } from './collectEngine.mjs';
import { collectMicrophone } from './collectMicrophone.mjs';
import { writeNotices } from './notices.mjs';

const root = path.dirname(import.meta.dirname);
const withoutEngine = process.argv.includes('--without-engine');
const platform = `${process.platform}-${process.arch}`;

function run(file, args) {
  const { status } = spawnSync(process.execPath, [path.join(root, file), ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!withoutEngine && !isEnginePlatform(platform)) {
  console.error(
    `libvosk has no build for ${platform}. Package with --without-engine; users then choose another endpoint.`,
  );
  process.exit(1);
}
run('esbuild.mjs', ['--production', '--quiet']);
if (withoutEngine) fs.rmSync(path.join(root, 'dist/engine'), { recursive: true, force: true });
else collectEngine(root, platform);
collectMicrophone(root);
writeNotices(root, ['node-record-lpcm16', 'debug', 'ms', ...(withoutEngine ? [] : ['koffi', 'vosk', 'model'])]);

const target = path.join('build', withoutEngine ? 'minutes-without-engine.vsix' : `minutes-${platform}.vsix`);
run('node_modules/@vscode/vsce/vsce', [
  ...['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--skip-license'],
  ...(withoutEngine ? [] : ['--target', platform]),
  ...['--out', target],
]);
console.log(`${target}  ${(fs.statSync(path.join(root, target)).size / 1e6).toFixed(2)} MB`);
