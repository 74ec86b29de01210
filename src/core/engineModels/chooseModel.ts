import { MinutesError } from '../errors';
import type { SpeechTask } from '../model';
import type { InstalledModel } from './engineModel';
import { SMALL_DEFAULT_MODEL } from './modelName';

/** Which model the embedded engine runs. */
export type ModelChoice =
  /** The one that comes with Minutes. */
  { readonly kind: 'small' } | { readonly kind: 'whisper'; readonly model: InstalledModel };

/** What is to be done with it. */
export interface ModelNeeds {
  /** ISO-639-1; absent where nobody knows what will be spoken. */
  readonly language?: string;
  readonly task?: SpeechTask;
}

/**
 * Reads the setting `minutes.embedded.model`. `auto` takes the best installed one that is quicker than speech here, else the small
 * one: who waits longer than they spoke has lost more by the wait than they gain by better words, and who sees it otherwise
 * chooses by name.
 *
 * @throws MinutesError `modelNotInstalled`
 */
export function chooseModel(
  setting: string,
  installed: readonly InstalledModel[],
  needs: ModelNeeds = {},
): ModelChoice {
  const wanted = setting.trim().toLowerCase();
  if (wanted === SMALL_DEFAULT_MODEL) return { kind: 'small' };
  if (wanted === '' || wanted === 'auto') {
    const [best] = installed.filter((model) => isQuick(model) && canDo(model, needs)).sort(byQuality(needs));
    return best ? { kind: 'whisper', model: best } : { kind: 'small' };
  }
  const model = installed.find(({ name }) => name.toLowerCase() === wanted);
  if (!model) throw new MinutesError({ code: 'modelNotInstalled', model: setting.trim() });
  return { kind: 'whisper', model };
}

/** One that nobody measured here may take minutes for a sentence. */
function isQuick({ speed }: InstalledModel): boolean {
  return speed !== undefined && speed.realTimeFactor < 1;
}

function canDo(model: InstalledModel, { language, task }: ModelNeeds): boolean {
  return (task !== 'translate' || model.canTranslate) && (language === undefined || model.languages.includes(language));
}

/**
 * The better one first. Where the language is not known, an English-only model comes behind every other, of whatever size: it writes
 * English nonsense for all else. In English, more parameters win, and the English-only one among equals: it was measured better by its
 * authors in the small sizes, no worse in the others.
 */
function byQuality({ language }: ModelNeeds): (a: InstalledModel, b: InstalledModel) => number {
  const rank = (model: InstalledModel): readonly number[] => {
    const isEnglish = Number(model.languages.length === 1);
    const size = Math.round(model.parameterCount / 1e6);
    const speed = model.speed?.realTimeFactor ?? Infinity;
    return language === undefined ? [isEnglish, -size, speed] : [-size, -isEnglish, speed];
  };
  return (a, b) => {
    const [of, than] = [rank(a), rank(b)];
    const difference = of.map((value, i) => value - (than[i] ?? 0)).find((value) => value !== 0);
    return difference ?? (a.name < b.name ? -1 : 1);
  };
}
