// `npm run setup`: installs what the VS Code tests need, and says in one line what is there.
import { ensureHost } from './ensureHost';

ensureHost({
  print: (line) => {
    console.log(line);
  },
}).then(
  (host) => {
    console.log('missing' in host ? host.missing : `The VS Code for tests is ready in ${host.folder}`);
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
