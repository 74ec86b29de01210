// `npm run bench -- NAME [--json FILE]`: measures; see test/bench/run.ts for the names.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
for (const args of [
  ['esbuild.mjs', '--quiet'],
  ['build/test/bench/run.js', ...process.argv.slice(2)],
]) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
