import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { openRecording } from '../../../../src/node/audio/openRecording';
import { skipWithReason } from '../../../speech';
import { problemWith } from '../problems';
import { temporaryFolder } from '../temporaryFolder';

describe('openRecording', () => {
  const folder = temporaryFolder();
  const file = (name: string): string => path.join(folder(), name);

  it('tells name, size and time of a file', async () => {
    await fs.writeFile(file('Réunion 3.m4a'), 'abc');
    await fs.utimes(file('Réunion 3.m4a'), 1000, 2000);
    assert.deepEqual(await openRecording(file('Réunion 3.m4a')), {
      name: 'Réunion 3.m4a',
      path: file('Réunion 3.m4a'),
      sizeBytes: 3,
      modifiedMs: 2_000_000,
    });
  });

  it('takes the name that the user knows', async () => {
    await fs.writeFile(file('copy-17'), 'abc');
    assert.equal((await openRecording(file('copy-17'), 'talk.mp3')).name, 'talk.mp3');
  });

  it('refuses a missing file', async () => {
    const problem = await problemWith('fileUnreadable', openRecording(file('gone.wav')));
    assert.deepEqual([problem.file, problem.reason], ['gone.wav', 'ENOENT']);
  });

  it('refuses a folder', async () => {
    await fs.mkdir(file('talks.wav'));
    const problem = await problemWith('fileUnreadable', openRecording(file('talks.wav')));
    assert.equal(problem.file, 'talks.wav');
  });

  it('refuses an empty file', async () => {
    await fs.writeFile(file('empty.wav'), '');
    assert.deepEqual(await problemWith('fileEmpty', openRecording(file('empty.wav'))), {
      code: 'fileEmpty',
      file: 'empty.wav',
    });
  });

  it('refuses a file that it may not read', async function () {
    if (process.platform === 'win32') skipWithReason(this, 'Windows has no read permission of this kind');
    await fs.writeFile(file('secret.wav'), 'abc', { mode: 0o000 });
    // Root may read everything; somebody else, whom it becomes for a moment, may not.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) await fs.chmod(path.dirname(file('secret.wav')), 0o755);
    if (isRoot) process.seteuid?.('nobody');
    try {
      const problem = await problemWith('fileUnreadable', openRecording(file('secret.wav')));
      assert.equal(problem.reason, 'EACCES');
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});
