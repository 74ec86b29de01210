import path from 'node:path';
import type { InstalledModel } from '../../core/engineModels/engineModel';
import { MinutesError } from '../../core/errors';
import type { RequestLog } from '../../core/requestLog';
import { FetchTransport } from '../http/fetchTransport';
import { proxyInForce, type EditorProxy } from '../http/proxyInForce';
import { RoutedTransport } from '../http/routedTransport';
import { TRANSPORT_TIMEOUTS } from '../http/transport';
import { UndiciTransport } from '../http/undiciTransport';
import { HubEngineModels } from './hubEngineModels';

export interface EngineModelsOptions {
  /** Where the extension lies: the engine's parts and the self-test's clip are below it. */
  readonly extensionFolder: string;
  /** Where installed models lie; asked every time, as settings change. */
  readonly modelsFolder: () => string;
  /** The setting `minutes.embedded.hub`. */
  readonly hub: () => string;
  readonly version: string;
  readonly editorProxy: () => EditorProxy;
  readonly log: RequestLog;
}

/** A hub is quick to answer and its bytes come all the time; a connection without any for so long is dead. */
const TIMEOUTS = { ...TRANSPORT_TIMEOUTS, answerMs: 30_000, bodyMs: 30_000 };

/** The embedded engine's models with real parts. Loads undici: import this on first use only. */
export function openEngineModels(options: EngineModelsOptions): HubEngineModels {
  const { extensionFolder, modelsFolder, hub, version, editorProxy, log } = options;
  return new HubEngineModels({
    ...{ modelsFolder, hub, version },
    engineProgram: path.join(extensionFolder, 'dist', 'engine', 'main.js'),
    measureSpeed: (model: InstalledModel) =>
      Promise.reject(new MinutesError({ code: 'engineFailed', reason: `cannot measure ${model.name} yet` })),
    transport: new RoutedTransport({
      ...{ direct: new UndiciTransport(TIMEOUTS), editor: new FetchTransport(TIMEOUTS), log },
      proxyInForce: () => proxyInForce(editorProxy(), process.env),
    }),
  });
}
