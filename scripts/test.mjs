// `npm test`: everything. `npm run test:unit`, `test:integration`, `test:user`: one part. Words after `--` go to mocha's grep.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const [part, ...grep] = process.argv.slice(2);

/** Runs a step and ends everything where it fails. */
function step(title, command, args, env = {}) {
  console.log(`\n=== ${title}`);
  const started = Date.now();
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (error) console.error(error.message);
  if (status !== 0) {
    console.error(`=== ${title}: failed`);
    process.exit(status ?? 1);
  }
  console.log(`=== ${title}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

const node = (title, file, args = [], env = {}) => step(title, process.execPath, [path.join(root, file), ...args], env);

/** Mocha finds the files; finding none is a failure, not a success. */
const mocha = (title, folder) =>
  node(title, 'node_modules/mocha/bin/mocha.js', [
    '--reporter',
    path.join(root, 'test/reporter.cjs'),
    '--timeout',
    '60000',
    '--forbid-only',
    '--exit',
    ...(grep.length > 0 ? ['--grep', grep.join(' ')] : []),
    `build/test/${folder}/**/*.test.js`,
  ]);

const steps = {
  check: () => {
    node('Types', 'node_modules/typescript/bin/tsc', ['--noEmit']);
    node('Lint', 'node_modules/eslint/bin/eslint.js', ['.']);
    node('Format', 'node_modules/prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']);
  },
  setup: () => node('What the tests need besides npm', 'build/test/host/setup.js'),
  unit: () => mocha('Unit tests', 'unit'),
  integration: () => node('Integration tests in VS Code', 'build/test/integration/run.js', grep),
  package: () => node('Package', 'scripts/package.mjs'),
  user: () => mocha('User flows', 'user'),
};

node('Build', 'esbuild.mjs', ['--quiet']);
if (part === undefined) {
  steps.check();
  steps.setup();
  steps.unit();
  steps.integration();
  steps.package();
  steps.user();
} else {
  if (part !== 'unit') steps.setup();
  if (part === 'user') steps.package();
  const run = steps[part];
  if (!run) throw new Error(`There is no part "${part}".`);
  run();
}
