import type { RequestLog } from '../../core/transcription/requestLog';
import { FetchTransport } from '../http/fetchTransport';
import { proxyInForce, type EditorProxy } from '../http/proxyInForce';
import { RoutedTransport } from '../http/routedTransport';
import { TRANSPORT_TIMEOUTS } from '../http/transport';
import { UndiciTransport } from '../http/undiciTransport';
import { findEngineProgram } from '../engine/engineFiles';
import { readBundledModel } from './bundledModel';
import { HubEngineModels } from './hubEngineModels';
import { measureSpeed } from './selfTest';

/** What the extension knows of folders, settings and the version. */
export interface EngineModelsOptions {
  /** The extension's folder: the engine's parts and the self-test's clip are below it. */
  readonly extensionFolder: string;
  /** The folder of installed models. Called every time, since settings change. */
  readonly modelsFolder: () => string;
  /** The setting `minutes.embedded.hub`. */
  readonly hub: () => string;
  readonly version: string;
  readonly editorProxy: () => EditorProxy;
  readonly log: RequestLog;
}

/** A hub answers quickly and sends bytes all the time. A connection without bytes for this long is dead. */
const TIMEOUTS = { ...TRANSPORT_TIMEOUTS, answerMs: 30_000, bodyMs: 30_000 };

/** The embedded engine's models with real parts. Loads undici: import this on first use only. */
export function openEngineModels(options: EngineModelsOptions): HubEngineModels {
  const { extensionFolder, modelsFolder, hub, version, editorProxy, log } = options;
  const transport = new RoutedTransport({
    direct: new UndiciTransport(TIMEOUTS),
    editor: new FetchTransport(TIMEOUTS),
    log,
    proxyInForce: () => proxyInForce(editorProxy(), process.env),
  });
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
