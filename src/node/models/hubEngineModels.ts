import fs from 'node:fs/promises';
import path from 'node:path';
import { defined } from '../../core/async/defined';
import { parseHub } from '../../core/models/hubAddress';
import type { InstalledModel, InstallEvent, ModelOffer, UnfinishedModel } from '../../core/models/engineModel';
import { parseModelName } from '../../core/models/modelName';
import type { ModelFacts } from '../../core/models/installedFacts';
import { isTrainedToTranslate } from '../../core/models/translates';
import { MinutesError } from '../../core/errors';
import type { Clock } from '../../core/async/clock';
import type { EngineModels } from '../../core/models/engineModels';
import { errnoOf } from '../system/fileProblems';
import type { HttpTransport } from '../http/transport';
import { SYSTEM_CLOCK } from '../system/systemClock';
import { withBundled } from './bundledModel';
import { freeBytesOf } from '../system/diskSpace';
import { downloadModel } from './hub/downloadModel';
import { eventsOf } from '../../core/async/eventsOf';
import { HubClient } from './hub/hubClient';
import { FollowedRequests } from '../downloads/followedRequests';
import { problemFrom } from './installProblems';
import { ModelFolders } from './modelFolders';
import { OldModels } from './oldModels';
import { fetchedBytes, planModel, type ModelPlan } from './hub/modelPlan';
import { prepareWithEngine } from './prepareWithEngine';
import { openSourceFolder } from './sourceFolder';
import { noteDownload, unfinishedModels } from './unfinishedModels';
import { holdModel, makeModel } from './workOnModel';

/** What installing and listing models needs. */
export interface HubEngineModelsOptions {
  /** The folder of installed models. Called every time, since settings change. */
  readonly modelsFolder: () => string;
  /** The setting `minutes.embedded.hub`. */
  readonly hub: () => string;
  /** The model that comes with Minutes; undefined where the package was made without one. */
  readonly bundledModel: () => Promise<InstalledModel | undefined>;
  /** The engine's program. @throws MinutesError `engineFilesMissing` */
  readonly engineProgram: () => string;
  /** Measures a model in the engine. @returns seconds of work per second of audio. @throws MinutesError `engineFailed` */
  readonly measureSpeed: (model: InstalledModel, signal: AbortSignal) => Promise<number>;
  readonly transport: HttpTransport;
  readonly version: string;
  readonly clock?: Clock;
}

/** The model that has to be made, and its source. */
interface Making {
  readonly facts: Pick<ModelFacts, 'name' | 'commit' | 'license'>;
  readonly sourceFolder: string;
}

type Tell = (event: InstallEvent) => void;

/** The models of the embedded engine: fetched from a hub or a folder, prepared by the engine's own program, kept in one folder. */
export class HubEngineModels implements EngineModels {
  private readonly requests: FollowedRequests;
  private readonly clock: Clock;
  /** Plans by name and commit, so that the hub is not asked again for a model that was offered. */
  private readonly plans = new Map<string, ModelPlan>();
  private readonly oldModels: OldModels;

  constructor(private readonly options: HubEngineModelsOptions) {
    this.requests = new FollowedRequests(options.transport, `Minutes/${options.version}`);
    this.clock = options.clock ?? SYSTEM_CLOCK;
    this.oldModels = new OldModels(options.engineProgram);
  }

  async installed(): Promise<readonly InstalledModel[]> {
    const folders = this.folders();
    await folders.removeLeftovers();
    await this.oldModels.convertAll(folders);
    return this.list(folders);
  }

  async unfinished(): Promise<readonly UnfinishedModel[]> {
    return unfinishedModels(this.folders());
  }

  async inspect(name: string, signal: AbortSignal): Promise<ModelOffer> {
    // Throws where the engine is missing, before the download begins.
    this.options.engineProgram();
    const hub = this.hub();
    const plan = await planModel(hub, parseModelName(name), signal);
    this.plans.set(`${plan.name}@${plan.commit}`, plan);
    const downloadBytes = plan.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const folders = this.folders();
    const doneBytes = await fetchedBytes(plan.files, folders.of(plan.name).commit(plan.commit));
    const { installedBytes, commit, license } = plan;
    const remainingBytes = downloadBytes - doneBytes;
    return defined({
      name: plan.name,
      commit,
      downloadBytes,
      remainingBytes,
      installedBytes,
      host: hub.address.host,
      license,
      pageUrl: `${hub.address.baseUrl}/${plan.name}`,
      neededBytes: remainingBytes + installedBytes,
      freeBytes: await freeBytesOf(folders.root).catch((error: unknown) => {
        throw problemFrom(error, plan.name, folders.root);
      }),
    });
  }

  install(offer: ModelOffer, signal: AbortSignal): AsyncIterable<InstallEvent> {
    return eventsOf<InstallEvent>(async (tell, running) => {
      const { name, commit } = offer;
      const folders = this.folders();
      const made = await holdModel(name, folders, async () => {
        const hub = this.hub();
        const plan = this.plans.get(`${name}@${commit}`) ?? (await planModel(hub, name, running));
        const sourceFolder = folders.of(name).commit(plan.commit);
        const parts = {
          requests: this.requests,
          clock: this.clock,
          urlOf: (file: string) => hub.fileUrl(name, plan.commit, file),
        };
        const missingBytes = await missingOf(plan, sourceFolder);
        await this.requireSpace(folders.root, missingBytes + plan.installedBytes);
        await removeOthers(folders.of(name).workshop, [plan.commit, path.basename(folders.of(name).lock)]);
        await noteDownload(sourceFolder, plan);
        await downloadModel(plan, sourceFolder, parts, tell, running);
        const { license } = plan;
        const facts = defined({ name, commit: plan.commit, license });
        const model = await this.make({ facts, sourceFolder }, folders, tell, running);
        // The model is installed; a failure to delete its source does not matter.
        await fs.rm(sourceFolder, { recursive: true, force: true }).catch(() => undefined);
        return model;
      });
      await this.finish(made, folders, tell, running);
    }, signal);
  }

  addFromFolder(folder: string, signal: AbortSignal): AsyncIterable<InstallEvent> {
    return eventsOf<InstallEvent>(async (tell, running) => {
      const { name, commit, folder: sourceFolder, installedBytes } = await openSourceFolder(folder);
      const folders = this.folders();
      const made = await holdModel(name, folders, async () => {
        await this.requireSpace(folders.root, installedBytes);
        const facts = defined({ name, commit });
        return this.make({ facts, sourceFolder }, folders, tell, running);
      });
      await this.finish(made, folders, tell, running);
    }, signal);
  }

  async measure(name: string, signal: AbortSignal): Promise<InstalledModel> {
    const folders = this.folders();
    const model = (await this.list(folders)).find((one) => one.name === name);
    if (!model) throw new MinutesError({ code: 'modelNotInstalled', model: name });
    return this.measured(model, folders, signal);
  }

  async remove(name: string): Promise<void> {
    const folders = this.folders();
    await this.deleting(name, folders.of(name).model, folders, () => folders.remove(name));
  }

  async removeDownload(name: string): Promise<void> {
    const folders = this.folders();
    await this.deleting(name, folders.of(name).workshop, folders, () => folders.removeDownload(name));
  }

  /** Ends every request. */
  async dispose(): Promise<void> {
    await this.requests.dispose();
  }

  private async list(folders: ModelFolders): Promise<readonly InstalledModel[]> {
    const bundled = await this.options.bundledModel();
    return withBundled(await folders.list(), bundled, bundled && (await folders.speedOfBundled(bundled)));
  }

  private folders(): ModelFolders {
    return new ModelFolders(this.options.modelsFolder());
  }

  /** @throws MinutesError `hubInvalid` */
  private hub(): HubClient {
    return new HubClient(parseHub(this.options.hub(), process.env['HF_ENDPOINT']), this.requests, this.clock);
  }

  /** @throws MinutesError `modelBusy`, `fileUnreadable` */
  private async deleting(name: string, file: string, folders: ModelFolders, work: () => Promise<void>): Promise<void> {
    await holdModel(name, folders, () =>
      work().catch((error: unknown) => {
        const reason = errnoOf(error) ?? String(error);
        throw new MinutesError({ code: 'fileUnreadable', file, reason }, { cause: error });
      }),
    );
  }

  private async requireSpace(folder: string, neededBytes: number): Promise<void> {
    const freeBytes = await freeBytesOf(folder);
    if (freeBytes < neededBytes) {
      throw new MinutesError({ code: 'modelTooLargeForDisk', path: folder, neededBytes, freeBytes });
    }
  }

  /** Makes a model from weights and moves it to its place. */
  private async make(
    { facts, sourceFolder }: Making,
    folders: ModelFolders,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<InstalledModel> {
    const { name } = facts;
    return makeModel(name, folders, async (targetFolder) => {
      const order = { program: this.options.engineProgram(), model: name, sourceFolder, targetFolder };
      const progress = (doneBytes: number, totalBytes: number): void => {
        tell({ kind: 'preparing', doneBytes, totalBytes });
      };
      const prepared = await prepareWithEngine(order, progress, signal);
      return { ...facts, ...prepared, canTranslate: prepared.canTranslate && isTrainedToTranslate(name) };
    });
  }

  /**
   * Measures the new model and tells that it is installed. A model that was not measured is installed all the same: a user who stopped the
   * test is told so, and a model that the engine cannot run gives its error when it is used.
   */
  private async finish(model: InstalledModel, folders: ModelFolders, tell: Tell, signal: AbortSignal): Promise<void> {
    tell({ kind: 'measuring' });
    tell({ kind: 'installed', model: await this.measured(model, folders, signal).catch(() => model) });
  }

  private async measured(model: InstalledModel, folders: ModelFolders, signal: AbortSignal): Promise<InstalledModel> {
    const realTimeFactor = await this.options.measureSpeed(model, signal);
    const speed = { realTimeFactor, measuredMs: this.clock.nowMs() };
    const measured = await holdModel(model.name, folders, () => folders.remember(model, speed));
    if (!measured) throw new MinutesError({ code: 'modelNotInstalled', model: model.name });
    return measured;
  }
}

async function missingOf({ files }: ModelPlan, folder: string): Promise<number> {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) - (await fetchedBytes(files, folder));
}

/** Deletes the parts of other commits, which would never be used. */
async function removeOthers(workshop: string, kept: readonly string[]): Promise<void> {
  for (const name of await fs.readdir(workshop)) {
    if (!kept.includes(name)) await fs.rm(path.join(workshop, name), { recursive: true, force: true });
  }
}
