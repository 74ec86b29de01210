import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { takeLock } from '../../../../src/node/system/fileLock';
import { temporaryFolder } from '../temporaryFolder';
import { NEVER } from '../../../../src/core/async/never';
import { hubs, installed } from './engineModels';
import { writeModelFolder } from './modelFolder';

describe('HubEngineModels: a model of Minutes 0.3.0', () => {
  const folder = temporaryFolder();
  const { models } = hubs();
  const store = (): string => path.join(folder(), 'models');

  /** Installs a model and makes it look like one of 0.3.0. @returns its folder */
  async function installOld(config: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const source = path.join(folder(), 'source');
    await writeModelFolder(source);
    const { model } = await installed(models('', store()).addFromFolder(source, NEVER));
    const file = path.join(model.folder, 'model.json');
    const facts = JSON.parse(await fs.readFile(file, 'utf8')) as Record<string, unknown>;
    await fs.writeFile(file, JSON.stringify({ ...facts, graphVersion: 1 }));
    await fs.writeFile(path.join(model.folder, 'config.json'), JSON.stringify(config));
    return model.folder;
  }

  it('is converted when models are listed, once, and keeps its name and its speed', async () => {
    const old = await installOld();
    const one = models('', store());
    const [first, second] = await Promise.all([one.installed(), one.installed()]);
    assert.deepEqual(second, first);
    assert.deepEqual(
      first.map(({ folder: place, installedBytes, speed }) => [place, installedBytes, speed?.realTimeFactor]),
      [[old, 6, 0.25]],
    );
    const made = await fs.stat(path.join(old, 'model.json'));
    assert.deepEqual(await models('', store()).installed(), first);
    assert.equal((await fs.stat(path.join(old, 'model.json'))).mtimeMs, made.mtimeMs);
    assert.deepEqual(await fs.readdir(path.join(store(), '.downloads')), []);
  });

  it('stays as it is, unlisted, where it cannot be converted', async () => {
    const old = await installOld({
      fake: { says: { kind: 'failed', reason: 'decoder.weights is damaged: it is too short' } },
    });
    const before = await fs.readdir(old);
    const one = models('', store());
    assert.deepEqual(await one.installed(), []);
    assert.deepEqual(await one.installed(), []);
    assert.deepEqual(await fs.readdir(old), before);
    assert.deepEqual(await fs.readdir(path.join(store(), '.downloads')), []);
  });

  it('is left to another window that works on it, and converted when that has ended', async () => {
    const old = await installOld();
    const workshop = path.join(store(), '.downloads', path.basename(old));
    await fs.mkdir(workshop, { recursive: true });
    const lock = await takeLock(path.join(workshop, 'lock'));
    assert.ok(lock);
    const one = models('', store());
    assert.deepEqual(await one.installed(), []);
    await lock.release();
    assert.equal((await one.installed()).length, 1);
  });
});
