import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { EngineModelStart, WhisperRuntime } from '../../core/engineProtocol';
import type { EmbeddedModel } from '../../core/models/embeddedModel';
import type { InstalledModel } from '../../core/models/engineModel';
import { MinutesError } from '../../core/errors';

/** What the engine's program needs to begin. */
export interface EngineFiles {
  /** The bundle of the engine's program. */
  readonly programFile: string;
  readonly recogniser: WhisperParts;
}

/** What the engine is started with. */
export interface WhisperParts extends EngineModelStart {
  /** When the weights were written, milliseconds since 1970. It tells a model from one that was installed later under the same name. */
  readonly preparedMs: number;
}

/** The builds in the npm package onnxruntime-node 1.30.0. */
const NATIVE_PLATFORMS: ReadonlySet<string> = new Set([
  'linux-x64',
  'linux-arm64',
  'darwin-arm64',
  'win32-x64',
  'win32-arm64',
]);
const RUNTIME_PACKAGES: Readonly<Record<WhisperRuntime, string>> = {
  native: 'onnxruntime-node',
  wasm: 'onnxruntime-web',
};

/** A file of every prepared Whisper. */
const WEIGHTS = 'decoder.weights';

/**
 * Finds the engine's parts in the packaged extension, or in `node_modules` while developing.
 *
 * @throws MinutesError `engineFilesMissing`, `modelNotInstalled`
 */
export function findEngineFiles(
  extensionFolder: string,
  { model, runtime }: EmbeddedModel,
  platform = `${process.platform}-${process.arch}`,
): EngineFiles {
  const programFile = findEngineProgram(extensionFolder);
  const runtimeHere = runtime ?? (NATIVE_PLATFORMS.has(platform) ? 'native' : 'wasm');
  return { programFile, recogniser: findWhisper(new PartFinder(extensionFolder), runtimeHere, model) };
}

/** Finds the engine's program, which also prepares models. @throws MinutesError `engineFilesMissing` */
export function findEngineProgram(extensionFolder: string): string {
  const find = new PartFinder(extensionFolder);
  return find.part('engine', find.inEngine('main.js'));
}

/**
 * Where the model that comes with Minutes may lie. The first folder exists only while developing: the setup puts the model there. The
 * second belongs to the package; while developing it holds what was packaged last.
 */
export function bundledModelFolders(extensionFolder: string): readonly string[] {
  return [
    path.join(extensionFolder, 'build', 'model', 'whisper-base'),
    new PartFinder(extensionFolder).inEngine('model'),
  ];
}

function findWhisper(find: PartFinder, runtime: WhisperRuntime, model: InstalledModel): WhisperParts {
  const name = RUNTIME_PACKAGES[runtime];
  find.part(name, find.inEngine('node_modules', name), find.inPackages(name));
  // An installation writes this file last, and a removal deletes it first, perhaps in another window.
  if (!existsSync(path.join(model.folder, 'model.json'))) {
    throw new MinutesError({ code: 'modelNotInstalled', model: model.name });
  }
  // The time of model.json would be wrong: it is written anew whenever the model is measured.
  const { mtimeMs: preparedMs = 0 } = statSync(path.join(model.folder, WEIGHTS), { throwIfNoEntry: false }) ?? {};
  return { runtime, modelFolder: model.folder, modelName: model.name, preparedMs };
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
