import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { defined } from '../../../../src/core/async/defined';
import type { WhisperRuntime } from '../../../../src/core/engineProtocol';
import type { InstalledModel } from '../../../../src/core/models/engineModel';
import { findEngineFiles, type EngineFiles } from '../../../../src/node/engine/engineFiles';
import { problemWith } from '../problems';
import { temporaryFolder } from '../temporaryFolder';

describe('findEngineFiles', () => {
  const folder = temporaryFolder();

  async function put(...files: readonly (readonly string[])[]): Promise<void> {
    for (const parts of files) {
      const file = path.join(folder(), ...parts);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, '');
    }
  }

  const PROGRAM = ['dist', 'engine', 'main.js'];
  const model = (): InstalledModel => ({
    name: 'openai/whisper-base',
    folder: path.join(folder(), 'models', 'openai--whisper-base'),
    installedBytes: 1,
    parameterCount: 1,
    languages: ['en'],
    canTranslate: true,
  });
  const installed = ['models', 'openai--whisper-base', 'model.json'] as const;
  /** As a promise, so that what it throws is read like everything else. */
  const whisper = (platform = 'linux-x64', runtime?: WhisperRuntime): Promise<EngineFiles> =>
    Promise.resolve().then(() => findEngineFiles(folder(), defined({ model: model(), runtime }), platform));

  for (const [platform, runtime, name] of [
    ['linux-x64', 'native', 'onnxruntime-node'],
    ['linux-arm64', 'native', 'onnxruntime-node'],
    ['darwin-arm64', 'native', 'onnxruntime-node'],
    ['win32-x64', 'native', 'onnxruntime-node'],
    ['win32-arm64', 'native', 'onnxruntime-node'],
    ['darwin-x64', 'wasm', 'onnxruntime-web'],
    ['freebsd-x64', 'wasm', 'onnxruntime-web'],
  ] as const) {
    it(`takes ${name} on ${platform}, packaged or while developing`, async () => {
      await put(PROGRAM, installed);
      assert.equal((await problemWith('engineFilesMissing', whisper(platform))).missing, name);
      for (const where of [['node_modules'], ['dist', 'engine', 'node_modules']]) {
        await put([...where, name, 'package.json']);
        assert.deepEqual(await whisper(platform), {
          programFile: path.join(folder(), ...PROGRAM),
          recogniser: {
            runtime,
            modelFolder: model().folder,
            modelName: 'openai/whisper-base',
            preparedMs: 0,
          },
        });
        await fs.rm(path.join(folder(), ...where), { recursive: true });
        await put(PROGRAM);
      }
    });
  }

  it('takes the other runtime where told', async () => {
    await put(PROGRAM, installed, ['node_modules', 'onnxruntime-web', 'package.json']);
    assert.equal((await whisper('linux-x64', 'wasm')).recogniser.runtime, 'wasm');
  });

  it('tells a model that was installed again from the one before, and not one that was measured again', async () => {
    await put(PROGRAM, installed, ['node_modules', 'onnxruntime-node', 'package.json']);
    const weights = ['models', 'openai--whisper-base', 'decoder.weights'] as const;
    await put(weights);
    const before = await whisper();
    await fs.utimes(path.join(folder(), ...installed), 1, 1);
    assert.deepEqual(await whisper(), before);
    await fs.utimes(path.join(folder(), ...weights), 1, 1);
    assert.notDeepEqual(await whisper(), before);
  });

  it('says that the model is gone, and that the engine is', async () => {
    await put(['node_modules', 'onnxruntime-node', 'package.json']);
    assert.equal((await problemWith('engineFilesMissing', whisper())).missing, 'engine');
    await put(PROGRAM);
    assert.equal((await problemWith('modelNotInstalled', whisper())).model, 'openai/whisper-base');
  });
});
