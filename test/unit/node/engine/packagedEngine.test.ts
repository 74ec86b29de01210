import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { NEVER } from '../../../../src/core/async/never';
import type { EmbeddedModel } from '../../../../src/core/models/embeddedModel';
import { findEngineFiles } from '../../../../src/node/engine/engineFiles';
import { LocalEngine } from '../../../../src/node/engine/localEngine';
import { preparedModel } from '../../../preparedModel';
import { projectRoot, skipWithReason } from '../../../speech';
import { temporaryFolder } from '../temporaryFolder';

interface Collector {
  readonly collectEngine: (root: string, platform: string, engine: string) => readonly string[];
}

/** What `npm run package` puts into an extension, far from any `node_modules` of the project. */
describe('The packaged engine', () => {
  const folder = temporaryFolder();
  const engines: LocalEngine[] = [];

  afterEach(() => {
    for (const engine of engines.splice(0)) engine.dispose();
  });

  async function collect(platform: string): Promise<void> {
    const engine = path.join(folder(), 'dist', 'engine');
    await fs.mkdir(engine, { recursive: true });
    for (const bundle of ['main.js', 'whisperWorker.js']) {
      await fs.copyFile(path.join(projectRoot(), 'dist', 'engine', bundle), path.join(engine, bundle));
    }
    const script = pathToFileURL(path.join(projectRoot(), 'scripts', 'collectEngine.mjs')).href;
    const { collectEngine } = (await import(script)) as Collector;
    collectEngine(projectRoot(), platform, engine);
  }

  async function transcribe(model: EmbeddedModel): Promise<string> {
    const files = findEngineFiles(folder(), model);
    assert.ok(files.programFile.startsWith(folder()));
    const engine = new LocalEngine();
    engines.push(engine);
    const lease = await engine.lease(files, NEVER);
    const form = new FormData();
    form.append('model', lease.model);
    form.append(
      'file',
      new Blob([await fs.readFile(path.join(projectRoot(), 'media', 'endpoint-test.wav'))]),
      'audio.wav',
    );
    const headers = { authorization: `Bearer ${lease.token}` };
    const answer = await fetch(`${lease.baseUrl}/audio/transcriptions`, { method: 'POST', body: form, headers });
    return ((await answer.json()) as { text: string }).text;
  }

  it('runs Whisper', async function () {
    const model = await preparedModel();
    if ('absent' in model) skipWithReason(this, model.absent);
    await collect(`${process.platform}-${process.arch}`);
    assert.match(await transcribe({ model }), /fellow america/i);
  });

  it('runs Whisper where there is no library for the platform', async function () {
    const model = await preparedModel();
    if ('absent' in model) skipWithReason(this, model.absent);
    await collect('another-platform');
    assert.match(await transcribe({ model, runtime: 'wasm' }), /fellow america/i);
  });

  for (const platform of ['linux-arm64', 'win32-arm64']) {
    it(`has on ${platform} its platform's library alone`, async () => {
      await collect(platform);
      const all = await fs.readdir(path.join(folder(), 'dist', 'engine'), { recursive: true });
      const binaries = all
        .filter((file) => /\.(node|dll|dylib|so(\.\d+)*|wasm)$/.test(file))
        .map((file) => path.basename(file));
      const library = platform.startsWith('win32') ? 'onnxruntime.dll' : 'libonnxruntime.so.1';
      assert.deepEqual(binaries.sort(), [library, 'onnxruntime_binding.node'].sort());
      assert.ok(all.includes(path.join('node_modules', 'onnxruntime-common', 'dist', 'cjs', 'index.js')));
    });
  }
});
