import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { InstalledModel, InstallEvent } from '../../../../src/core/models/engineModel';
import type { Clock } from '../../../../src/core/async/clock';
import type { EngineModels } from '../../../../src/core/models/engineModels';
import { TRANSPORT_TIMEOUTS } from '../../../../src/node/http/transport';
import { UndiciTransport } from '../../../../src/node/http/undiciTransport';
import { HubEngineModels, type HubEngineModelsOptions } from '../../../../src/node/models/hubEngineModels';
import { projectRoot } from '../../../speech';
import { startHubServer, type HubServer, type HubServerOptions } from '../../../fakes/hubServer';

/** Waits take no time, but are told. */
export class HastyClock implements Clock {
  readonly waitsMs: number[] = [];
  nowMs = (): number => Date.now();
  sleep = (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    this.waitsMs.push(ms);
    return Promise.resolve();
  };
}

/** A program that plays the engine's preparation: copies what it was given, and takes no time. */
export const FAKE_ENGINE = path.join(projectRoot(), 'test', 'unit', 'node', 'models', 'fakeEngine.cjs');

export interface Hubs {
  readonly hub: (options: HubServerOptions) => Promise<HubServer>;
  readonly models: (hub: string, folder: string, changes?: Partial<HubEngineModelsOptions>) => HubEngineModels;
}

/** Hubs and stores for a test; all end behind it. */
export function hubs(): Hubs {
  const opened: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });
  return {
    hub: async (options) => {
      const server = await startHubServer(options);
      opened.push(() => server.close());
      return server;
    },
    models: (hub, folder, changes = {}) => {
      const made = new HubEngineModels({
        modelsFolder: () => folder,
        hub: () => hub,
        engineProgram: () => FAKE_ENGINE,
        version: '1.2.3',
        bundledModel: () => Promise.resolve(undefined),
        measureSpeed: () => Promise.resolve(0.25),
        transport: new UndiciTransport(TRANSPORT_TIMEOUTS),
        clock: new HastyClock(),
        ...changes,
      });
      opened.push(() => made.dispose());
      return made;
    },
  };
}

/** Reads to the end. @returns the model, and what was told on the way */
export async function installed(
  events: AsyncIterable<InstallEvent>,
): Promise<{ readonly model: InstalledModel; readonly events: readonly InstallEvent[] }> {
  const told: InstallEvent[] = [];
  for await (const event of events) told.push(event);
  const last = told.at(-1);
  if (last?.kind !== 'installed') throw new Error(`the last event is ${JSON.stringify(last)}`);
  return { model: last.model, events: told };
}

/** Asks and installs. */
export async function install(models: EngineModels, name: string, signal = NEVER): ReturnType<typeof installed> {
  return installed(models.install(await models.inspect(name, signal), signal));
}
