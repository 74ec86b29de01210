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
/** What was measured of the model that comes with Minutes, whose own folder is replaced by updates and may be read-only. */
const BUNDLED = '.bundled';
const [LOCK, MADE, REPLACED] = ['lock', 'made', 'replaced'];
const LEFTOVERS: readonly string[] = [MADE, REPLACED];

/** Where one model's files lie. Everything is below one folder, so that what is finished moves to its place in one step. */
export interface ModelPlaces {
  /** The finished model. */
  readonly model: string;
  /** All that is not finished. */
  readonly workshop: string;
  readonly lock: string;
  /** What the engine makes, before it moves to `model`. */
  readonly made: string;
  /** The model that stood there before, for the moment of the exchange. */
  readonly replaced: string;
  /** What is downloaded of a commit. */
  readonly commit: (commit: string) => string;
}

/** The folder of installed models: what is in it, and how something comes and goes. */
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

  /** In the order of their names. What is no finished model is left out, whatever it is. */
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
   * Writes down how quick a model is. Whoever calls it holds the lock.
   *
   * @returns undefined where it was removed or exchanged for another since it was measured: then nothing is written
   */
  async remember(measured: InstalledModel, speed: MeasuredSpeed): Promise<InstalledModel | undefined> {
    if (measured.isBundled) return this.rememberBundled(measured, speed);
    const model = await readModel(this.of(measured.name).model);
    if (!model || model.commit !== measured.commit) return undefined;
    const { folder, ...facts } = { ...model, speed };
    await replaceFile(path.join(folder, FACTS), printModelFacts(facts));
    return { ...facts, folder };
  }

  /** How quick the bundled model is here; undefined where it was not measured, or another one was that came with Minutes before. */
  async speedOfBundled({ name, commit, installedBytes }: InstalledModel): Promise<MeasuredSpeed | undefined> {
    const measured = await readFacts(path.join(this.root, BUNDLED));
    const isSame = measured?.name === name && measured.commit === commit && measured.installedBytes === installedBytes;
    return isSame ? measured.speed : undefined;
  }

  /** Deletes a model; without its facts it is none already while the rest goes. Whoever calls it holds the lock. */
  async remove(name: string): Promise<void> {
    const { model } = this.of(name);
    await fs.rm(path.join(model, FACTS), { force: true });
    await fs.rm(model, { recursive: true, force: true, maxRetries: 3 });
    await this.removeDownload(name);
  }

  /** Deletes everything that is not finished. Whoever calls it holds the lock, which stays. */
  async removeDownload(name: string): Promise<void> {
    const { workshop } = this.of(name);
    for (const entry of await fs.readdir(workshop)) {
      if (entry !== LOCK) await fs.rm(path.join(workshop, entry), { recursive: true, force: true, maxRetries: 3 });
    }
  }

  /** Where something was begun, of whatever model. */
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

  /** Takes away what processes that are gone were making. What they downloaded stays for the next try. */
  async removeLeftovers(): Promise<void> {
    for (const { workshop, lock: file, model } of await this.workshops()) {
      const found = await fs.readdir(workshop).catch(() => []);
      if (!found.some((entry) => LEFTOVERS.includes(entry))) continue;
      const lock = await takeLock(file).catch(() => undefined);
      if (!lock) continue;
      // Killed in the moment of the exchange: the one that stood there is put back.
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

/** A finished model with what its own file tells. @returns undefined where there is none, or another graph's */
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
