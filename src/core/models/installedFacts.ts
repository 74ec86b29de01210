import { defined } from '../async/defined';
import type { InstalledModel, MeasuredSpeed } from './engineModel';
import { isTrainedToTranslate } from './translates';

/**
 * Raised by one whenever the engine writes its graphs in a way that it could not read before. A model with an older version cannot be
 * run any more.
 */
export const GRAPH_VERSION = 2;

/** The content of `model.json`, which lies beside the graphs. It does not name its own folder. */
export type ModelFacts = Omit<InstalledModel, 'folder' | 'isBundled' | 'copyBytes'>;

/** The text of an installed model's `model.json`. */
export function printModelFacts(facts: ModelFacts): string {
  return `${JSON.stringify({ graphVersion: GRAPH_VERSION, ...facts }, null, 2)}\n`;
}

/** Graphs of Minutes 0.3.0: their weights are signed. The engine converts them without a download. */
export const CONVERTIBLE_GRAPH_VERSION = 1;

/**
 * Reads a `model.json`.
 *
 * @param graphVersion the version that the model's graphs must have
 * @returns undefined where the text is not such a file, or names another version
 */
export function parseModelFacts(text: string, graphVersion = GRAPH_VERSION): ModelFacts | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const entry = recordOf(value);
  const [name, installedBytes, parameterCount] = ['name', 'installedBytes', 'parameterCount'].map((key) =>
    entry.get(key),
  );
  const languages = entry.get('languages');
  if (entry.get('graphVersion') !== graphVersion || typeof name !== 'string') return undefined;
  if (!isCount(installedBytes) || !isCount(parameterCount) || !isTexts(languages)) return undefined;
  const [commit, license] = [entry.get('commit'), entry.get('license')];
  const speed = parseSpeed(entry.get('speed'));
  const canTranslate = entry.get('canTranslate') === true && isTrainedToTranslate(name);
  return defined({
    name,
    installedBytes,
    parameterCount,
    languages,
    canTranslate,
    commit: typeof commit === 'string' ? commit : undefined,
    license: typeof license === 'string' ? license : undefined,
    speed,
  });
}

function parseSpeed(value: unknown): MeasuredSpeed | undefined {
  const entry = recordOf(value);
  const [realTimeFactor, measuredMs] = [entry.get('realTimeFactor'), entry.get('measuredMs')];
  return isCount(realTimeFactor) && isCount(measuredMs) ? { realTimeFactor, measuredMs } : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function recordOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
