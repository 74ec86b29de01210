import fs from 'node:fs/promises';
import path from 'node:path';
import type { InstalledModel, MeasuredSpeed } from '../../core/models/engineModel';
import {
  CONVERTIBLE_GRAPH_VERSION,
  GRAPH_VERSION,
  parseModelFacts,
  printModelFacts,
  type ModelFacts,
} from '../../core/models/installedFacts';
import { folderNameOf } from '../../core/models/modelName';
import { errnoOf } from '../system/fileProblems';
import { takeLock } from '../system/fileLock';
import { replaceFile } from '../system/replaceFile';

const FACTS = 'model.json';
/** No model's folder begins with a dot. */
const DOWNLOADS = '.downloads';
/** The measured speed of the model that comes with Minutes. Updates replace that model's own folder, and it may be read-only. */
const BUNDLED = '.bundled';
const [LOCK, MADE, REPLACED] = ['lock', 'made', 'replaced'];
const LEFTOVERS: readonly string[] = [MADE, REPLACED];

/** Where one model's files lie. All of them are below one folder, so that a finished model moves to its place in one step. */
export interface ModelPlaces {
  /** The finished model. */
  readonly model: string;
  /** The folder for everything that is not finished. */
  readonly workshop: string;
  readonly lock: string;
  /** The model that the engine is making, before it moves to `model`. */
  readonly made: string;
  /** The former model, while it is exchanged for the new one. */
  readonly replaced: string;
  /** The downloaded files of a commit. */
  readonly commit: (commit: string) => string;
}

/** The folder of installed models: lists, adds and removes models. */
export class ModelFolders {
  constructor(readonly root: string) {}

  of(name: string): ModelPlaces {
    const workshop = path.join(this.root, DOWNLOADS, folderNameOf(name));
    return {
      model: path.join(this.root, folderNameOf(name)),
      workshop,
      lock: path.join(workshop, LOCK),
      made: path.join(workshop, MADE),
      replaced: path.join(workshop, REPLACED),
      commit: (commit) => path.join(workshop, commit),
    };
  }

  /** The finished models, in the order of their names. Everything else in the folder is left out. */
  async list(): Promise<readonly InstalledModel[]> {
    return this.listOf(GRAPH_VERSION);
  }

  /** Models of Minutes 0.3.0, which the engine cannot run before they are converted. In the order of their names. */
  async convertible(): Promise<readonly InstalledModel[]> {
    return this.listOf(CONVERTIBLE_GRAPH_VERSION);
  }

  /** Puts what was made in its place; from then on it is a model. */
  async publish(name: string, facts: ModelFacts): Promise<InstalledModel> {
    const { made, model, replaced } = this.of(name);
    await replaceFile(path.join(made, FACTS), printModelFacts(facts));
    await fs.rm(replaced, { recursive: true, force: true });
    await fs.rename(model, replaced).catch((error: unknown) => {
      if (errnoOf(error) !== 'ENOENT') throw error;
    });
    await fs.rename(made, model);
    await fs.rm(replaced, { recursive: true, force: true });
    return { ...facts, folder: model };
  }

  /**
   * Writes down how quick a model is. The caller holds the lock.
   *
   * @returns undefined where the model was removed or exchanged since it was measured; then nothing is written
   */
  async remember(measured: InstalledModel, speed: MeasuredSpeed): Promise<InstalledModel | undefined> {
    if (measured.isBundled) return this.rememberBundled(measured, speed);
    const model = await readModel(this.of(measured.name).model);
    if (!model || model.commit !== measured.commit) return undefined;
    const { folder, ...facts } = { ...model, speed };
    await replaceFile(path.join(folder, FACTS), printModelFacts(facts));
    return { ...facts, folder };
  }

  /** How quick the bundled model is here; undefined where it was not measured, or where the measured one came with an earlier Minutes. */
  async speedOfBundled({ name, commit, installedBytes }: InstalledModel): Promise<MeasuredSpeed | undefined> {
    const measured = await readFacts(path.join(this.root, BUNDLED));
    const isSame = measured?.name === name && measured.commit === commit && measured.installedBytes === installedBytes;
    return isSame ? measured.speed : undefined;
  }

  /** Deletes a model. Its facts go first, so that it is no longer listed while the rest is deleted. The caller holds the lock. */
  async remove(name: string): Promise<void> {
    const { model } = this.of(name);
    await fs.rm(path.join(model, FACTS), { force: true });
    await fs.rm(model, { recursive: true, force: true, maxRetries: 3 });
    await this.removeDownload(name);
  }

  /** Deletes everything of a model that is not finished. The caller holds the lock; the lock's file stays. */
  async removeDownload(name: string): Promise<void> {
    const { workshop } = this.of(name);
    for (const entry of await fs.readdir(workshop)) {
      if (entry !== LOCK) await fs.rm(path.join(workshop, entry), { recursive: true, force: true, maxRetries: 3 });
    }
  }

  /** The workshops of all models for which something was begun. */
  async workshops(): Promise<readonly Pick<ModelPlaces, 'workshop' | 'lock' | 'model'>[]> {
    const downloads = path.join(this.root, DOWNLOADS);
    return (await fs.readdir(downloads).catch(() => [])).map((name) => {
      const workshop = path.join(downloads, name);
      return { workshop, lock: path.join(workshop, LOCK), model: path.join(this.root, name) };
    });
  }

  private async rememberBundled(measured: InstalledModel, speed: MeasuredSpeed): Promise<InstalledModel | undefined> {
    const facts = await readFacts(measured.folder);
    if (!facts) return undefined;
    const kept = path.join(this.root, BUNDLED);
    await fs.mkdir(kept, { recursive: true });
    await replaceFile(path.join(kept, FACTS), printModelFacts({ ...facts, speed }));
    return { ...measured, speed };
  }

  /** Deletes unfinished models of processes that are gone. Their downloads stay for the next try. */
  async removeLeftovers(): Promise<void> {
    for (const { workshop, lock: file, model } of await this.workshops()) {
      const found = await fs.readdir(workshop).catch(() => []);
      if (!found.some((entry) => LEFTOVERS.includes(entry))) continue;
      const lock = await takeLock(file).catch(() => undefined);
      if (!lock) continue;
      // A process was killed during the exchange: the former model is put back.
      await fs.rename(path.join(workshop, REPLACED), model).catch(() => undefined);
      for (const entry of LEFTOVERS) {
        await fs.rm(path.join(workshop, entry), { recursive: true, force: true }).catch(() => undefined);
      }
      await lock.release();
    }
  }

  private async listOf(graphVersion: number): Promise<readonly InstalledModel[]> {
    const entries = await fs.readdir(this.root, { withFileTypes: true }).catch(() => []);
    const folders = entries.filter((entry) => !entry.name.startsWith('.') && !entry.isFile());
    const models = await Promise.all(folders.map(({ name }) => readModel(path.join(this.root, name), graphVersion)));
    return models
      .filter((model) => model !== undefined)
      .filter(({ name, folder }) => path.basename(folder) === folderNameOf(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** A finished model with the facts of its own file. @returns undefined where there is none, or its graph has another version */
export async function readModel(folder: string, graphVersion = GRAPH_VERSION): Promise<InstalledModel | undefined> {
  const facts = await readFacts(folder, graphVersion);
  return facts && { ...facts, folder };
}

async function readFacts(folder: string, graphVersion = GRAPH_VERSION): Promise<ModelFacts | undefined> {
  try {
    return parseModelFacts(await fs.readFile(path.join(folder, FACTS), 'utf8'), graphVersion);
  } catch {
    return undefined;
  }
}
