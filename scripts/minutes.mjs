// `npm run minutes -- transcribe FILE`: builds what is missing, then runs the command line.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const build = spawnSync(process.execPath, [path.join(root, 'esbuild.mjs'), '--quiet'], { stdio: ['ignore', 2, 2] });
if (build.status !== 0) process.exit(build.status ?? 1);
const run = spawnSync(process.execPath, [path.join(root, 'build/cli.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
