import { DOWNLOAD_TIMEOUTS, openTransport, type TransportOptions } from '../http/openTransport';
import { findEngineProgram } from '../engine/engineFiles';
import { readBundledModel } from './bundledModel';
import { HubEngineModels } from './hubEngineModels';
import { measureSpeed } from './selfTest';

/** What the extension knows of folders, settings and the version. */
export interface EngineModelsOptions extends TransportOptions {
  /** The extension's folder: the engine's parts and the self-test's clip are below it. */
  readonly extensionFolder: string;
  /** The folder of installed models. Called every time, since settings change. */
  readonly modelsFolder: () => string;
  /** The setting `minutes.embedded.hub`. */
  readonly hub: () => string;
  readonly version: string;
}

/** The embedded engine's models with real parts. Loads undici: import this on first use only. */
export function openEngineModels(options: EngineModelsOptions): HubEngineModels {
  const { extensionFolder, modelsFolder, hub, version } = options;
  const transport = openTransport(options, DOWNLOAD_TIMEOUTS);
  return new HubEngineModels({
    modelsFolder,
    hub,
    version,
    transport,
    bundledModel: () => readBundledModel(extensionFolder),
    engineProgram: () => findEngineProgram(extensionFolder),
    measureSpeed: (model, signal) => measureSpeed(extensionFolder, model, signal),
  });
}
