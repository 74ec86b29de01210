import fs from 'node:fs/promises';
import path from 'node:path';
import { parseModelFacts, printModelFacts } from '../../src/core/models/installedFacts';
import { WEIGHTS } from '../../src/core/models/modelFiles';
import type { PreparedModel } from '../../src/core/engineProtocol';
import type { Print, Step } from '../../test/host/progressSteps';
import { withLock } from '../../test/host/withLock';
import { hasWeights, IDENTITY_FILE, isMadeFrom, SMALL_FILES, sourceIdentity, type ModelPlaces } from './modelPlaces';
import { parseTensorList, type ExpectedTensor } from './tensorList';
import { HUB_NAME, type WeightSource } from './weightSources';
import { writeWeights } from './writeWeights';

/** What it takes to make the model that is shipped. */
export interface BundledModelParts {
  readonly places: ModelPlaces;
  /** Tried in this order. */
  readonly sources: readonly WeightSource[];
  /** Of what prepares the model: with another one the model is made anew. */
  readonly recipes: string;
  /** From a folder as the public hub has it to an empty one. @throws Error where the engine cannot; the signal's reason when aborted */
  readonly prepare: (sourceFolder: string, targetFolder: string, signal: AbortSignal) => Promise<PreparedModel>;
  readonly print: Print;
  readonly step: Step;
}

/** The model's licence, as the hub names it; its text is `models/whisper-base/LICENSE`. */
const LICENSE = 'mit';

/** Between a folder's name and our process's number while the folder is being made. */
const UNFINISHED = '.unfinished-';

/**
 * Makes the model that is shipped, where it is not there already: gets the weights from the first source that has them, checks every tensor, and
 * has the engine prepare them. Folders get their names when they are whole.
 *
 * @returns the folder; undefined where no source has the weights, which is printed
 * @throws Error where the engine cannot prepare the model; the signal's reason when aborted
 */
export async function makeBundledModel(parts: BundledModelParts, signal: AbortSignal): Promise<string | undefined> {
  const { places, print } = parts;
  const wait = (): void => {
    print('Another process is making the model; waiting for it.');
  };
  return withLock(places.lock, wait, async () => {
    signal.throwIfAborted();
    const source = await sourceIdentity(places.committed);
    const identity = `${source} ${parts.recipes}`;
    if (await isModel(places.model, identity)) return places.model;
    await removeUnfinished(places);
    await fs.rm(places.model, { recursive: true, force: true });
    const isThere = (await isMadeFrom(places.source, source)) && hasWeights(places.source);
    if (!isThere && !(await makeSource(parts, source, signal))) return undefined;
    await parts.step('Whisper base: the engine prepares it', () =>
      inPlace(places.model, async (folder) => {
        const prepared = await parts.prepare(places.source, folder, signal);
        await fs.writeFile(path.join(folder, 'model.json'), printFacts(prepared));
        await fs.writeFile(path.join(folder, IDENTITY_FILE), identity);
      }),
    );
    return places.model;
  });
}

/** Whether a folder holds a model that was made from this, and that today's Minutes can read. */
async function isModel(folder: string, identity: string): Promise<boolean> {
  if (!(await isMadeFrom(folder, identity))) return false;
  const facts = await fs.readFile(path.join(folder, 'model.json'), 'utf8').catch(() => '');
  return parseModelFacts(facts) !== undefined;
}

function printFacts({ installedBytes, parameterCount, languages, canTranslate }: PreparedModel): string {
  return printModelFacts({
    name: HUB_NAME,
    license: LICENSE,
    installedBytes,
    parameterCount,
    languages,
    canTranslate,
  });
}

/** @returns whether a source had the weights */
async function makeSource(parts: BundledModelParts, identity: string, signal: AbortSignal): Promise<boolean> {
  const { places, print } = parts;
  const tensors = parseTensorList(await fs.readFile(path.join(places.committed, 'tensors.json'), 'utf8'));
  await fs.mkdir(places.download, { recursive: true });
  for (const source of parts.sources) {
    try {
      await parts.step(`Whisper base: weights from ${source.name}`, () =>
        inPlace(places.source, async (folder) => {
          await writeFrom(source, tensors, path.join(folder, WEIGHTS), places.download, signal);
          for (const name of SMALL_FILES) await fs.copyFile(path.join(places.committed, name), path.join(folder, name));
          await fs.writeFile(path.join(folder, IDENTITY_FILE), identity);
        }),
      );
      await fs.rm(places.download, { recursive: true, force: true });
      return true;
    } catch (error) {
      signal.throwIfAborted();
      print(`  not there: ${firstLine(error)}`);
    }
  }
  print('No source has the weights of Whisper base: the extension is without a model until one is downloaded in it.');
  return false;
}

async function writeFrom(
  source: WeightSource,
  tensors: readonly ExpectedTensor[],
  file: string,
  downloadFolder: string,
  signal: AbortSignal,
): Promise<void> {
  const reader = await source.open(downloadFolder, signal);
  try {
    await writeWeights(tensors, reader, file, signal);
  } finally {
    await reader.close();
  }
}

/** Makes a folder under another name; it gets its own when it is whole, in place of what was there. */
async function inPlace(target: string, make: (folder: string) => Promise<void>): Promise<void> {
  const folder = `${target}${UNFINISHED}${process.pid}`;
  await fs.mkdir(folder, { recursive: true });
  try {
    await make(folder);
    await fs.rm(target, { recursive: true, force: true });
    await fs.rename(folder, target);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** What killed runs left: only who holds the lock makes such folders. */
async function removeUnfinished({ model }: ModelPlaces): Promise<void> {
  const parent = path.dirname(model);
  for (const name of await fs.readdir(parent)) {
    if (name.includes(UNFINISHED)) await fs.rm(path.join(parent, name), { recursive: true, force: true });
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? '';
}
