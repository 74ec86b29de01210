import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { prepareModel } from '../../../src/engine/vosk/prepareModel';
import { skipWithReason } from '../../speech';
import { temporaryFolder } from '../node/temporaryFolder';

const FILES: Readonly<Record<string, string>> = {
  'am/final.mdl': 'acoustics',
  'conf/mfcc.conf': '--use-energy=false\n--dither=1.0\n',
  'conf/model.conf': '--min-active=200\n--beam=10.0\n',
  'graph/phones/word_boundary.int': '1 nonword',
  README: 'About this model',
};

describe('prepareModel', () => {
  const folder = temporaryFolder();
  const model = (): string => path.join(folder(), 'model');
  const cache = (): string => path.join(folder(), 'not', 'there', 'yet');

  async function put(root: string, files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await fs.mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await fs.writeFile(path.join(root, name), content);
    }
  }

  /** Every file below a folder with its content, by its path with slashes. */
  async function contentsOf(root: string): Promise<Record<string, string>> {
    const contents: Record<string, string> = {};
    for (const entry of await fs.readdir(root, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (!entry.isDirectory()) {
        contents[path.relative(root, file).split(path.sep).join('/')] = await fs.readFile(file, 'utf8');
      }
    }
    return contents;
  }

  const PREPARED = {
    ...FILES,
    'conf/mfcc.conf': '--use-energy=false\n--dither=0\n',
    'conf/model.conf': '--min-active=200\n--beam=12.0\n--max-active=5000\n--lattice-beam=4.0\n',
  };

  beforeEach(() => put(model(), FILES));

  it('gives a folder with the same files and our options', async () => {
    assert.deepEqual(await contentsOf(await prepareModel(model(), cache())), PREPARED);
  });

  it('leaves the model’s own folder as it is', async () => {
    const before = (await fs.stat(path.join(model(), 'conf', 'mfcc.conf'))).mtimeMs;
    await prepareModel(model(), cache());
    assert.deepEqual(await contentsOf(model()), FILES);
    assert.equal((await fs.stat(path.join(model(), 'conf', 'mfcc.conf'))).mtimeMs, before);
  });

  it('adds a configuration that the model lacks', async () => {
    await fs.rm(path.join(model(), 'conf'), { recursive: true });
    const contents = await contentsOf(await prepareModel(model(), cache()));
    assert.equal(contents['conf/mfcc.conf'], '--dither=0\n');
  });

  it('uses again what it made before', async () => {
    const first = await prepareModel(model(), cache());
    await fs.writeFile(path.join(first, 'marker'), '');
    assert.equal(await prepareModel(model(), cache()), first);
    await fs.access(path.join(first, 'marker'));
    assert.equal((await fs.readdir(cache())).length, 1);
  });

  it('makes another folder when a file of the model changes, comes or goes', async () => {
    const made = new Set([await prepareModel(model(), cache())]);
    await fs.utimes(path.join(model(), 'am', 'final.mdl'), 1000, 1000);
    made.add(await prepareModel(model(), cache()));
    await fs.writeFile(path.join(model(), 'conf', 'model.conf'), '--beam=11.0\n');
    made.add(await prepareModel(model(), cache()));
    await put(model(), { 'ivector/final.ie': 'voices' });
    made.add(await prepareModel(model(), cache()));
    await fs.rm(path.join(model(), 'README'));
    made.add(await prepareModel(model(), cache()));
    assert.equal(made.size, 5);
  });

  it('keeps two models apart', async () => {
    const other = path.join(folder(), 'other');
    await put(other, FILES);
    assert.notEqual(await prepareModel(model(), cache()), await prepareModel(other, cache()));
  });

  it('never uses a half-made folder, its own or of another process', async () => {
    const ready = await prepareModel(model(), cache());
    await fs.rm(ready, { recursive: true });
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    for (const owner of [process.pid, dead]) await put(`${ready}.${owner}.part`, { 'am/final.mdl': 'half' });
    assert.equal(await prepareModel(model(), cache()), ready);
    assert.deepEqual(await contentsOf(ready), PREPARED);
  });

  it('fails on a folder that is not there, and leaves nothing behind', async () => {
    await assert.rejects(prepareModel(path.join(folder(), 'gone'), cache()), { code: 'ENOENT' });
    await assert.rejects(fs.access(cache()));
  });

  it('follows links inside the model, as download caches make them', async function () {
    if (process.platform === 'win32') skipWithReason(this, 'Windows lets few make symbolic links');
    const blob = path.join(folder(), 'blobs', '0f3a');
    await put(folder(), { 'blobs/0f3a': 'linked acoustics' });
    const mdl = path.join(model(), 'am', 'final.mdl');
    await fs.rm(mdl);
    await fs.symlink(path.relative(path.dirname(mdl), blob), mdl);
    const contents = await contentsOf(await prepareModel(model(), cache()));
    assert.equal(contents['am/final.mdl'], 'linked acoustics');
    await fs.rm(blob);
    const { 'am/final.mdl': gone, ...others } = await contentsOf(await prepareModel(model(), cache()));
    assert.equal(gone, undefined, 'a link that leads nowhere is no file');
    assert.equal(others['README'], FILES['README']);
  });
});
