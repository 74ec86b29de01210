import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { RunFolders } from '../../../../src/node/system/runFolders';
import { temporaryFolder } from '../temporaryFolder';

describe('RunFolders', () => {
  const folder = temporaryFolder();

  it('gives a new name every time', async () => {
    const folders = new RunFolders(path.join(folder(), 'not', 'there', 'yet'));
    const names = [await folders.next(), await folders.next(), await folders.next()];
    assert.equal(new Set(names).size, 3);
    for (const name of names) assert.equal(path.dirname(name), path.join(folder(), 'not', 'there', 'yet'));
  });

  it('gives two callers at once different names', async () => {
    const folders = new RunFolders(folder());
    const names = await Promise.all([folders.next(), folders.next()]);
    assert.notEqual(names[0], names[1]);
  });

  it('removes what a dead process left, and nothing of a living one or of somebody else', async () => {
    // A process id that was given a moment ago and is free now.
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const living = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    try {
      const names = [`${dead}-0`, `${dead}-13`, `${living.pid ?? ''}-0`, 'journal', '12x', '-1-0', '0-1'];
      for (const name of names) {
        await fs.mkdir(path.join(folder(), name));
        await fs.writeFile(path.join(folder(), name, 'prepared.pcm'), 'samples');
      }
      await new RunFolders(folder()).next();
      assert.deepEqual((await fs.readdir(folder())).sort(), names.slice(2).sort());
    } finally {
      const ended = once(living, 'exit');
      living.stdin.end();
      await ended;
    }
  });

  it('keeps its own folders when it is asked again', async () => {
    const folders = new RunFolders(folder());
    const first = await folders.next();
    await fs.mkdir(first);
    await folders.next();
    assert.ok((await fs.stat(first)).isDirectory());
  });
});
