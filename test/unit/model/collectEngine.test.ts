import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../speech';
import { temporaryFolder } from '../node/temporaryFolder';

interface Collector {
  readonly ENGINE_PLATFORMS: readonly string[];
  readonly collectEngine: (root: string, platform: string, engine: string) => readonly string[];
}

interface Notices {
  readonly PARTS: Readonly<Record<string, { readonly title: string; readonly licence: string }>>;
}

describe('collectEngine', () => {
  const folder = temporaryFolder();

  const script = async (name: string): Promise<unknown> =>
    import(pathToFileURL(path.join(projectRoot(), 'scripts', name)).href);

  /** A project with the packages of this one and a model of a few bytes. */
  async function project(): Promise<{ readonly root: string; readonly engine: string; readonly model: string }> {
    const [root, engine] = [path.join(folder(), 'project'), path.join(folder(), 'engine')];
    await fs.mkdir(root);
    await fs.mkdir(engine);
    await fs.symlink(path.join(projectRoot(), 'node_modules'), path.join(root, 'node_modules'), 'junction');
    return { root, engine, model: path.join(root, 'build', 'model', 'whisper-base') };
  }

  it('knows every platform for which the engine is packaged, and its notices', async () => {
    const { ENGINE_PLATFORMS, collectEngine } = (await script('collectEngine.mjs')) as Collector;
    const { PARTS } = (await script('notices.mjs')) as Notices;
    assert.deepEqual(ENGINE_PLATFORMS, [
      'darwin-arm64',
      'darwin-x64',
      'linux-arm64',
      'linux-x64',
      'win32-arm64',
      'win32-x64',
    ]);
    const { root, engine } = await project();
    for (const platform of ENGINE_PLATFORMS) {
      const parts = collectEngine(root, platform, engine);
      assert.deepEqual(parts, ['onnxruntime']);
      const runtime = platform === 'darwin-x64' ? 'onnxruntime-web' : 'onnxruntime-node';
      assert.deepEqual(await fs.readdir(path.join(engine, 'node_modules')), ['onnxruntime-common', runtime]);
    }
    for (const { licence } of Object.values(PARTS)) await fs.access(path.join(projectRoot(), licence));
  });

  it('takes the model along, without the note from what it was made, and removes the one before', async () => {
    const { collectEngine } = (await script('collectEngine.mjs')) as Collector;
    const { root, engine, model } = await project();
    await fs.mkdir(model, { recursive: true });
    for (const name of ['model.json', 'encoder.onnx', '.identity']) await fs.writeFile(path.join(model, name), name);
    await fs.mkdir(path.join(engine, 'model'));
    await fs.writeFile(path.join(engine, 'model', 'old.weights'), 'old');
    assert.deepEqual(collectEngine(root, 'linux-x64', engine), ['onnxruntime', 'model']);
    assert.deepEqual(await fs.readdir(path.join(engine, 'model')), ['encoder.onnx', 'model.json']);
  });

  it('takes no model along that is not whole', async () => {
    const { collectEngine } = (await script('collectEngine.mjs')) as Collector;
    const { root, engine, model } = await project();
    await fs.mkdir(model, { recursive: true });
    await fs.writeFile(path.join(model, 'encoder.onnx'), 'half');
    assert.deepEqual(collectEngine(root, 'linux-x64', engine), ['onnxruntime']);
    await assert.rejects(fs.access(path.join(engine, 'model')));
  });
});
