// Makes the installable package of a platform, build/minutes-<platform>.vsix, with the embedded engine, its model and third-party notices.
//   npm run package [-- --target PLATFORM | --without-engine]
// Without a target it is for this machine's platform; each platform of the engine's can be packaged anywhere. The last form is for all others.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { collectEngine, ENGINE_PLATFORMS } from './collectEngine.mjs';
import { collectMicrophone } from './collectMicrophone.mjs';
import { writeNotices } from './notices.mjs';

const root = path.dirname(import.meta.dirname);
const { values } = parseArgs({
  options: {
    target: { type: 'string', default: `${process.platform}-${process.arch}` },
    'without-engine': { type: 'boolean', default: false },
  },
});
const { target: platform, 'without-engine': withoutEngine } = values;

function run(file, args) {
  const { status } = spawnSync(process.execPath, [path.join(root, file), ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!withoutEngine && !ENGINE_PLATFORMS.includes(platform)) {
  console.error(
    `The engine has no build for ${platform}. Package with --without-engine; users then choose another endpoint.`,
  );
  process.exit(1);
}
run('esbuild.mjs', ['--production', '--quiet']);
if (!withoutEngine) run('build/scripts/model/runFetch.js', []);
const engineParts = withoutEngine ? [] : collectEngine(root, platform);
if (!withoutEngine && !engineParts.includes('model'))
  console.log('The package has no model: Whisper is downloaded on first use.');
if (withoutEngine) fs.rmSync(path.join(root, 'dist/engine'), { recursive: true, force: true });
collectMicrophone(root);
writeNotices(root, ['node-record-lpcm16', 'debug', 'ms', ...engineParts]);

const file = path.join('build', withoutEngine ? 'minutes-without-engine.vsix' : `minutes-${platform}.vsix`);
run('node_modules/@vscode/vsce/vsce', [
  'package',
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--skip-license',
  ...(withoutEngine ? [] : ['--target', platform]),
  '--out',
  file,
]);
console.log(`${file}  ${(fs.statSync(path.join(root, file)).size / 1e6).toFixed(2)} MB`);
