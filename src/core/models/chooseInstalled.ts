import { MinutesError } from '../errors';
import type { SpeechTask } from '../model';
import type { InstalledModel } from './engineModel';

/** What is to be done with a model. */
export interface ModelNeeds {
  /** ISO-639-1; absent where nobody knows what will be spoken. */
  readonly language?: string;
  readonly task?: SpeechTask;
}

/** What came with Minutes up to 0.3.0. Who chose it by name chose what comes with Minutes. */
const FORMER_SMALL_MODEL = 'vosk-small-en-us';

/** Reads the setting `minutes.embedded.model`. @returns `auto`, or the name as it was written */
export function parseModelSetting(setting: string): string {
  const wanted = setting.trim();
  return ['', 'auto', FORMER_SMALL_MODEL].includes(wanted.toLowerCase()) ? 'auto' : wanted;
}

/**
 * Which model the embedded engine runs. `auto` takes the best installed one that is quicker than speech here, else the one that comes
 * with Minutes: who waits longer than they spoke has lost more by the wait than they gain by better words, and who sees it otherwise
 * chooses by name. Where none comes with Minutes, any that is here is better than none.
 *
 * @param setting `minutes.embedded.model`
 * @throws MinutesError `modelNotInstalled`, `modelMissing`
 */
export function chooseModel(
  setting: string,
  installed: readonly InstalledModel[],
  needs: ModelNeeds = {},
): InstalledModel {
  const wanted = parseModelSetting(setting);
  if (wanted === 'auto') return chooseAutomatically(installed, needs);
  const model = installed.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (!model) throw new MinutesError({ code: 'modelNotInstalled', model: wanted });
  return model;
}

function chooseAutomatically(installed: readonly InstalledModel[], needs: ModelNeeds): InstalledModel {
  const able = installed.filter((model) => canDo(model, needs));
  const [best] = able.filter(isQuick).sort(byQuality(needs));
  if (best) return best;
  const isBundled = (model: InstalledModel): boolean => model.isBundled === true;
  // Of what cannot do the job the engine says what it cannot.
  const chosen = able.find(isBundled) ?? able.sort(bySpeed)[0] ?? installed.find(isBundled) ?? installed[0];
  if (!chosen) throw new MinutesError({ code: 'modelMissing' });
  return chosen;
}

/** One that nobody measured here may take minutes for a sentence; what comes with Minutes is small enough for every machine. */
function isQuick({ speed, isBundled = false }: InstalledModel): boolean {
  return speed === undefined ? isBundled : speed.realTimeFactor < 1;
}

function canDo(model: InstalledModel, { language, task }: ModelNeeds): boolean {
  return (task !== 'translate' || model.canTranslate) && (language === undefined || model.languages.includes(language));
}

/** The quicker one first, those that nobody measured behind it from small to large. */
function bySpeed(a: InstalledModel, b: InstalledModel): number {
  const [of, than] = [a, b].map(({ speed }) => speed?.realTimeFactor ?? Number.MAX_VALUE);
  return (of ?? 0) - (than ?? 0) || a.parameterCount - b.parameterCount;
}

/**
 * The better one first. Where the language is not known, an English-only model comes behind every other, of whatever size: it writes
 * English nonsense for all else. In English, more parameters win, and the English-only one among equals: it was measured better by its
 * authors in the small sizes, no worse in the others. What somebody installed comes before an equal that came with Minutes.
 */
function byQuality({ language }: ModelNeeds): (a: InstalledModel, b: InstalledModel) => number {
  const rank = (model: InstalledModel): readonly number[] => {
    const isEnglish = Number(model.languages.length === 1);
    const size = Math.round(model.parameterCount / 1e6);
    const last = [Number(model.isBundled ?? false), model.speed?.realTimeFactor ?? Number.MAX_VALUE];
    return language === undefined ? [isEnglish, -size, ...last] : [-size, -isEnglish, ...last];
  };
  return (a, b) => {
    const [of, than] = [rank(a), rank(b)];
    const difference = of.map((value, i) => value - (than[i] ?? 0)).find((value) => value !== 0);
    return difference ?? (a.name < b.name ? -1 : 1);
  };
}
