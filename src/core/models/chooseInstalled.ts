import { MinutesError } from '../errors';
import type { SpeechTask } from '../model';
import type { InstalledModel } from './engineModel';

/** What a model has to do. */
export interface ModelNeeds {
  /** ISO-639-1; absent where nobody knows what will be spoken. */
  readonly language?: string;
  readonly task?: SpeechTask;
}

/** The model that came with Minutes up to 0.3.0. A setting that names it now means `auto`. */
const FORMER_SMALL_MODEL = 'vosk-small-en-us';

/** Reads the setting `minutes.embedded.model`. @returns `auto`, or the name as it was written */
export function parseModelSetting(setting: string): string {
  const wanted = setting.trim();
  return ['', 'auto', FORMER_SMALL_MODEL].includes(wanted.toLowerCase()) ? 'auto' : wanted;
}

/**
 * Which model the embedded engine runs. `auto` takes the best installed model that is quicker than speech here, else the one that comes
 * with Minutes: better words are not worth a wait longer than the speech itself. Users who see it otherwise choose a model by name.
 * Where no model comes with Minutes, `auto` takes any installed one.
 *
 * @param setting `minutes.embedded.model`
 * @throws MinutesError `modelNotInstalled`, `modelMissing`
 */
export function chooseInstalled(
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
  // Where no model can do the job, the engine's own message says what the chosen one cannot do.
  const chosen = able.find(isBundled) ?? able.sort(bySpeed)[0] ?? installed.find(isBundled) ?? installed[0];
  if (!chosen) throw new MinutesError({ code: 'modelMissing' });
  return chosen;
}

/** A model that was not measured here may take minutes for a sentence. The one that comes with Minutes is small enough for every machine. */
function isQuick({ speed, isBundled = false }: InstalledModel): boolean {
  return speed === undefined ? isBundled : speed.realTimeFactor < 1;
}

function canDo(model: InstalledModel, { language, task }: ModelNeeds): boolean {
  return (task !== 'translate' || model.canTranslate) && (language === undefined || model.languages.includes(language));
}

/** Measured models first, the quickest at the head; behind them the others, from small to large. */
function bySpeed(a: InstalledModel, b: InstalledModel): number {
  const [of, than] = [a, b].map(({ speed }) => speed?.realTimeFactor ?? Number.MAX_VALUE);
  return (of ?? 0) - (than ?? 0) || a.parameterCount - b.parameterCount;
}

/**
 * The better model first. Where the language is not known, an English-only model of any size comes behind all others: it writes English
 * nonsense for other languages. In English, more parameters win. Among equals the English-only model wins: its authors measured it
 * better in the small sizes and no worse in the others. An installed model comes before an equal one that came with Minutes.
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
