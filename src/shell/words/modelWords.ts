import { l10n } from 'vscode';
import type { CatalogueModel, InstalledModel, MeasuredSpeed, UnfinishedModel } from '../../core/models/engineModel';
import { dataSize } from './dataSize';
import { languageName } from './languageName';

/** The facts of a model in a row of a list. */

/** From this factor on it is shown without decimals. */
const WHOLE_FACTOR = 10;
/** A speed within this share of speech counts as equal to it. */
const ALIKE_PERCENT = 5;

/** "16 times faster than speech here" for a real-time factor of 0.06. */
export function speedText({ realTimeFactor }: MeasuredSpeed): string {
  if (Math.abs(realTimeFactor - 1) * 100 < ALIKE_PERCENT) return l10n.t('as fast as speech here');
  return realTimeFactor < 1
    ? l10n.t('{0} times faster than speech here', factorText(1 / realTimeFactor))
    : l10n.t('{0} times slower than speech here', factorText(realTimeFactor));
}

function factorText(factor: number): string {
  return factor >= WHOLE_FACTOR ? String(Math.round(factor)) : String(Math.round(factor * 10) / 10);
}

/** The languages that a model understands, in few words. */
export function languagesText(languages: readonly string[]): string {
  const [only, second] = languages;
  if (only === undefined) return l10n.t('languages unknown');
  if (second === undefined) return l10n.t('{0} only', languageName(only));
  return l10n.t('{0} languages', languages.length);
}

/** How many words a model gets wrong. */
export function errorText(percent: number): string {
  return l10n.t('{0} % of words wrong', percent);
}

/** "290 MB", or how far an earlier download came. */
export function downloadText({ downloadBytes }: CatalogueModel, unfinished: UnfinishedModel | undefined): string {
  return unfinished
    ? unfinishedText({ totalBytes: downloadBytes, ...unfinished })
    : l10n.t('{0} to download', dataSize(downloadBytes));
}

/** How much of a broken download is here. */
export function unfinishedText({ doneBytes, totalBytes }: UnfinishedModel): string {
  return totalBytes === undefined
    ? l10n.t('continue, {0} are here', dataSize(doneBytes))
    : l10n.t('continue, {0} of {1}', dataSize(doneBytes), dataSize(totalBytes));
}

/** Undefined where the licence is not known: an added folder does not name it. */
function licenseText(license: string | undefined): string {
  return license === undefined ? l10n.t('licence not told') : l10n.t('licence {0}', license);
}

/** All facts of an installed model except its name. @param errorPercent from the catalogue */
export function installedText(model: InstalledModel, errorPercent: number | undefined): string {
  return joined(
    languagesText(model.languages),
    model.canTranslate ? l10n.t('translates') : undefined,
    errorPercent === undefined ? undefined : errorText(errorPercent),
    dataSize(model.installedBytes),
    licenseText(model.license),
  );
}

/** The facts that are known, in one line. */
export function joined(...facts: readonly (string | undefined)[]): string {
  return facts.filter((fact) => fact !== undefined && fact !== '').join(' · ');
}
