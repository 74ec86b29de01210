import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { findProgram } from '../../../../src/node/system/findProgram';
import { skipWithReason } from '../../../speech';
import { temporaryFolder } from '../temporaryFolder';

/** A name that no package manager installs. */
const NAME = 'minutes-test-program';
const FILE = process.platform === 'win32' ? `${NAME}.exe` : NAME;

describe('findProgram', () => {
  const folder = temporaryFolder();

  async function program(...where: readonly string[]): Promise<string> {
    const file = path.join(folder(), ...where, FILE);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, '', { mode: 0o755 });
    return file;
  }

  const search = (...folders: readonly string[]): Promise<string | undefined> =>
    findProgram(NAME, { PATH: folders.join(path.delimiter) });

  it('gives the first on the PATH', async () => {
    const [first, second] = [await program('a'), await program('b')];
    assert.equal(await search(path.dirname(first), path.dirname(second)), first);
    assert.equal(await search(path.join(folder(), 'none'), path.dirname(second)), second);
  });

  it('knows the PATH by the name it has on Windows', async () => {
    const file = await program('a');
    assert.equal(await findProgram(NAME, { Path: path.dirname(file) }), file);
  });

  it('leaves out relative and empty entries: they would run what lies in the workspace', async () => {
    const file = await program('bin');
    const before = process.cwd();
    process.chdir(path.dirname(file));
    try {
      assert.equal(await search('', '.', path.join('..', 'bin')), undefined);
    } finally {
      process.chdir(before);
    }
  });

  it('leaves out a folder of that name', async () => {
    await fs.mkdir(path.join(folder(), FILE));
    assert.equal(await search(folder()), undefined);
  });

  it('leaves out a file that cannot be run', async function () {
    if (process.platform === 'win32') skipWithReason(this, 'Windows has no execute permission');
    const file = await program('a');
    await fs.chmod(file, 0o644);
    assert.equal(await search(path.dirname(file)), undefined);
  });

  it('finds nothing without a PATH', async () => {
    assert.equal(await findProgram(NAME, {}), undefined);
  });
});
