import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { findProgram } from '../../../../src/node/system/findProgram';
import { findRecorders } from '../../../../src/node/microphone/recorders';
import { temporaryFolder } from '../temporaryFolder';

const ENDING = process.platform === 'win32' ? '.exe' : '';

describe('findRecorders', () => {
  const folder = temporaryFolder();

  const install = (name: string): Promise<void> =>
    fs.writeFile(path.join(folder(), name + ENDING), '', { mode: 0o755 });

  it('gives those on the PATH, the best for this system first', async () => {
    for (const name of ['arecord', 'sox', 'sox_ng', 'parec', 'ffmpeg']) await install(name);
    const found = await findRecorders({ PATH: folder() });
    const expected = { linux: ['parec', 'sox', 'sox_ng', 'arecord'], win32: ['sox_ng', 'sox'] }[
      process.platform as string
    ];
    assert.deepEqual(
      found,
      (expected ?? ['sox', 'sox_ng']).map((kind) => ({ kind, program: path.join(folder(), kind + ENDING) })),
    );
  });

  it('finds one that was installed since it looked last', async () => {
    const here = async (): Promise<boolean> =>
      (await findRecorders({ PATH: folder() })).some(({ program }) => program.startsWith(folder()));
    assert.equal(await here(), false);
    await install('sox');
    assert.equal(await here(), true);
  });

  it('looks into the folders of installers last', async () => {
    const name = 'minutes-test-recorder';
    await install(name);
    assert.equal(await findProgram(name, {}), undefined);
    assert.equal(await findProgram(name, {}, [folder()]), path.join(folder(), name + ENDING));
  });
});
