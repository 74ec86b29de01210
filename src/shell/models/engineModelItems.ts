import { l10n, QuickPickItemKind, ThemeIcon, type QuickInputButton, type QuickPickItem } from 'vscode';
import { CATALOGUE } from '../../core/models/catalogue';
import type { CatalogueModel, InstalledModel, UnfinishedModel } from '../../core/models/engineModel';
import {
  downloadText,
  errorText,
  installedText,
  joined,
  languagesText,
  speedText,
  unfinishedText,
} from '../words/modelWords';

/** What a row stands for. */
export type ModelRow =
  | { readonly kind: 'auto' }
  | { readonly kind: 'installed'; readonly model: InstalledModel }
  /** A model that can be downloaded. */
  | { readonly kind: 'available'; readonly name: string }
  | { readonly kind: 'byName' }
  | { readonly kind: 'folder' }
  /** For users who have no mouse for the buttons in a row. */
  | { readonly kind: 'manage' };

/** An entry of the list of models. */
export interface ModelItem extends QuickPickItem {
  /** Absent in headings. */
  readonly row?: ModelRow;
}

/** Everything that the list is made from. */
export interface ModelListFacts {
  readonly installed: readonly InstalledModel[];
  readonly unfinished: readonly UnfinishedModel[];
  /** The setting's value: `auto` or a name. */
  readonly setting: string;
  /** Which model `auto` means now; absent where none is here. */
  readonly automatic?: string;
}

/** The buttons of an installed model's row. */
export const MEASURE: QuickInputButton = {
  iconPath: new ThemeIcon('dashboard'),
  tooltip: l10n.t('Measure how fast it is here'),
};
/** The button that removes a model. */
export const REMOVE: QuickInputButton = { iconPath: new ThemeIcon('trash'), tooltip: l10n.t('Remove from the disk') };

/** Whether the model lies in the models folder. For the one that comes with Minutes: whether a copy of it does. */
export function isRemovable({ isBundled = false, copyBytes }: InstalledModel): boolean {
  return !isBundled || copyBytes !== undefined;
}

/** The rows of **Offline Models…**, in their order. */
export function engineModelItems(facts: ModelListFacts): readonly ModelItem[] {
  const { installed } = facts;
  const names = new Set(installed.map(({ name }) => name));
  const catalogued = new Set(CATALOGUE.map(({ name }) => name));
  const others = facts.unfinished.filter(({ name }) => !names.has(name) && !catalogued.has(name));
  return [
    autoItem(facts),
    heading(l10n.t('on this machine')),
    ...installed.map((model) => installedItem(model, facts.setting)),
    heading(l10n.t('to download')),
    ...others.map(unfinishedItem),
    ...CATALOGUE.filter(({ name }) => !names.has(name))
      // The recommended model comes first, the others from small to large.
      .toSorted((a, b) => Number(b.isRecommended ?? false) - Number(a.isRecommended ?? false))
      .map((model) => availableItem(model, facts.unfinished)),
    heading(l10n.t('more')),
    {
      label: `$(search) ${l10n.t('Another model by its name…')}`,
      description: l10n.t('such as one that was trained for your language'),
      row: { kind: 'byName' },
    },
    {
      label: `$(folder-opened) ${l10n.t('Add Model from Folder…')}`,
      description: l10n.t('for machines without a network'),
      row: { kind: 'folder' },
    },
    ...(installed.length + facts.unfinished.length > 0
      ? [{ label: `$(gear) ${l10n.t('Measure or remove a model…')}`, row: { kind: 'manage' } as const }]
      : []),
  ];
}

/** The row that is selected at first, so that Enter changes nothing. */
export function currentItem(items: readonly ModelItem[], setting: string): ModelItem | undefined {
  return items.find(({ row }) => {
    if (row?.kind === 'auto') return setting === 'auto';
    return row?.kind === 'installed' && isSame(setting, row.model.name);
  });
}

function autoItem({ setting, automatic }: ModelListFacts): ModelItem {
  const now = automatic === undefined ? l10n.t('none here yet') : l10n.t('now {0}', automatic);
  return {
    label: l10n.t('Auto'),
    description: joined(inUse(setting === 'auto'), now),
    detail: l10n.t('The best model here that is faster than speech and can do the job.'),
    row: { kind: 'auto' },
  };
}

function installedItem(model: InstalledModel, setting: string): ModelItem {
  const { errorPercent } = CATALOGUE.find(({ name }) => name === model.name) ?? {};
  return {
    label: model.name,
    description: joined(
      inUse(isSame(setting, model.name)),
      model.isBundled ? l10n.t('comes with Minutes') : undefined,
      model.speed ? speedText(model.speed) : l10n.t('speed not measured yet'),
    ),
    detail: installedText(model, errorPercent),
    buttons: isRemovable(model) ? [MEASURE, REMOVE] : [MEASURE],
    row: { kind: 'installed', model },
  };
}

function availableItem(model: CatalogueModel, unfinished: readonly UnfinishedModel[]): ModelItem {
  const { name, language, errorPercent, isRecommended } = model;
  return {
    label: name,
    description: joined(
      isRecommended ? l10n.t('recommended') : undefined,
      downloadText(
        model,
        unfinished.find((one) => one.name === name),
      ),
      language === 'en' ? languagesText([language]) : l10n.t('a hundred languages'),
      errorPercent === undefined ? undefined : errorText(errorPercent),
    ),
    row: { kind: 'available', name },
  };
}

function unfinishedItem(model: UnfinishedModel): ModelItem {
  return { label: model.name, description: unfinishedText(model), row: { kind: 'available', name: model.name } };
}

function heading(label: string): ModelItem {
  return { label, kind: QuickPickItemKind.Separator };
}

function inUse(isChosen: boolean): string | undefined {
  return isChosen ? l10n.t('in use') : undefined;
}

function isSame(setting: string, name: string): boolean {
  return setting.toLowerCase() === name.toLowerCase();
}
