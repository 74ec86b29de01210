import { l10n, ProgressLocation, window, type QuickInputButton, type QuickPickItem, type Uri } from 'vscode';
import { defined } from '../../core/async/defined';
import type { InstalledModel, UnfinishedModel } from '../../core/models/engineModel';
import { parseModelName } from '../../core/models/modelName';
import { problemOf } from '../../core/errors';
import { toAbortSignal } from '../editor/abortSignal';
import { SETTINGS } from '../contributed/settingsTable';
import { dataSize } from '../words/dataSize';
import { automaticModelName, embeddedModelSetting, type EmbeddedModels } from './embeddedModels';
import {
  currentItem,
  engineModelItems,
  isRemovable,
  MEASURE,
  REMOVE,
  type ModelItem,
  type ModelListFacts,
  type ModelRow,
} from './engineModelItems';
import { describeFailure, describeProblem, showError, showInformation } from '../words/messages';
import type { ModelInstaller } from './modelInstaller';
import { speedText } from '../words/modelWords';
import { plain } from '../words/remedies';
import { writeSetting } from '../contributed/settings';
import { remoteHost, useEmbedded } from './tellInstalled';

/** What the user did in the list. */
type Picked =
  | { readonly kind: 'row'; readonly row: ModelRow }
  | { readonly kind: 'measure'; readonly model: InstalledModel }
  | { readonly kind: 'remove'; readonly model: InstalledModel };

/** **Minutes: Offline Models…** and **Minutes: Add Model from Folder…**. */
export class ChooseEngineModel {
  constructor(
    private readonly models: EmbeddedModels,
    private readonly installer: ModelInstaller,
  ) {}

  /**
   * @param name of a model to be downloaded; absent: shows the list
   * @returns whether a model was chosen or installed. Then an action that failed for lack of a model may be tried again
   */
  async run(name?: string): Promise<boolean> {
    try {
      if (name !== undefined) return (await this.installer.download(name)) !== undefined;
      // The list is shown again only after an action that changes it.
      for (;;) {
        const picked = await pickModel(await this.facts());
        if (!picked) return false;
        if (picked.kind === 'row') {
          if (picked.row.kind !== 'manage') return await this.take(picked.row);
          await this.manage();
        } else if (picked.kind === 'measure') await this.measure(picked.model);
        else await this.remove(picked.model);
      }
    } catch (error) {
      void showError(describeFailure(error));
      return false;
    }
  }

  /** @param folder absent: asks for it */
  async addFolder(folder?: Uri): Promise<boolean> {
    try {
      const chosen = folder ?? (await askForFolder());
      return chosen !== undefined && (await this.installer.addFolder(chosen)) !== undefined;
    } catch (error) {
      void showError(describeFailure(error));
      return false;
    }
  }

  private async facts(): Promise<ModelListFacts> {
    const models = await this.models.load();
    const installed = await models.installed();
    const unfinished = await models.unfinished();
    const automatic = automaticModelName(installed);
    return defined({
      installed,
      unfinished,
      setting: embeddedModelSetting(),
      automatic,
    });
  }

  private async take(row: Exclude<ModelRow, { kind: 'manage' }>): Promise<boolean> {
    switch (row.kind) {
      case 'auto':
        return use('auto');
      case 'installed':
        return use(row.model.name);
      case 'available':
        return (await this.installer.download(row.name)) !== undefined;
      case 'byName': {
        const name = await askForName();
        if (name === undefined) return false;
        const bundled = (await this.models.installed()).find((model) => model.isBundled === true);
        // A copy of the model that comes with Minutes would be of no use.
        if (bundled?.name.toLowerCase() === name.toLowerCase()) return use(bundled.name);
        return (await this.installer.download(name)) !== undefined;
      }
      case 'folder':
        return this.addFolder();
    }
  }

  private async measure({ name }: InstalledModel): Promise<void> {
    const options = {
      location: ProgressLocation.Notification,
      title: l10n.t('Testing how fast {0} is here', name),
      cancellable: true,
    };
    const models = await this.models.load();
    await window.withProgress(options, async (_progress, token) => {
      const signal = toAbortSignal(token);
      try {
        const { speed } = await models.measure(name, signal);
        if (speed) void showInformation(plain(l10n.t('{0} is {1}.', name, speedText(speed))));
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    });
  }

  private async remove(model: InstalledModel): Promise<void> {
    const { name } = model;
    const { title, remove, done } = removalWords(model);
    if (!(await isConfirmed(remove, title))) return;
    await (await this.models.load()).remove(name);
    // A setting that names a removed model would fail with every recording.
    const isGone = model.isBundled !== true;
    if (isGone && embeddedModelSetting().toLowerCase() === name.toLowerCase()) {
      await writeSetting(SETTINGS.embeddedModel, 'auto');
    }
    void showInformation(plain(done));
  }

  private async removeDownload({ name, doneBytes }: UnfinishedModel): Promise<void> {
    const remove = {
      label: `$(trash) ${l10n.t('Remove what was downloaded')}`,
      detail: l10n.t('Frees {0}. The download then begins anew.', dataSize(doneBytes)),
    };
    if (!(await isConfirmed(remove, l10n.t('Remove what was downloaded of {0}?', name)))) return;
    await (await this.models.load()).removeDownload(name);
    void showInformation(plain(l10n.t('What was downloaded of {0} is removed.', name)));
  }

  /** Does the same as the buttons in the rows, for users without a mouse. */
  private async manage(): Promise<void> {
    const { installed, unfinished } = await this.facts();
    const items = [
      ...installed.map((model) => ({
        label: `$(dashboard) ${l10n.t('Measure {0}', model.name)}`,
        run: () => this.measure(model),
      })),
      ...installed.filter(isRemovable).map((model) => ({
        label: removalWords(model).remove.label,
        description: dataSize(model.copyBytes ?? model.installedBytes),
        run: () => this.remove(model),
      })),
      ...unfinished.map((model) => ({
        label: `$(trash) ${l10n.t('Remove what was downloaded of {0}', model.name)}`,
        description: dataSize(model.doneBytes),
        run: () => this.removeDownload(model),
      })),
    ];
    const picked = await window.showQuickPick(items, { title: l10n.t('Measure or remove a model') });
    await picked?.run();
  }
}

/** The words for a removal: before it, in the choice itself, and after it. */
function removalWords({ name, isBundled = false, installedBytes, copyBytes = 0 }: InstalledModel): {
  readonly title: string;
  readonly remove: QuickPickItem;
  readonly done: string;
} {
  if (isBundled) {
    const remove = {
      label: `$(trash) ${l10n.t('Remove the copy of {0}', name)}`,
      detail: l10n.t('Frees {0}. The one that comes with Minutes stays.', dataSize(copyBytes)),
    };
    return {
      title: l10n.t('Remove the copy of {0}?', name),
      remove,
      done: l10n.t('The copy of {0} is removed.', name),
    };
  }
  const remove = {
    label: `$(trash) ${l10n.t('Remove {0}', name)}`,
    detail: l10n.t('Frees {0}. To use it again it has to be installed again.', dataSize(installedBytes)),
  };
  return { title: l10n.t('Remove {0}?', name), remove, done: l10n.t('{0} is removed.', name) };
}

/** Asks whether to remove. "Keep" comes first, so that Enter removes nothing. */
async function isConfirmed(remove: QuickPickItem, title: string): Promise<boolean> {
  const keep = { label: `$(close) ${l10n.t('Keep it')}` };
  return (await window.showQuickPick([keep, remove], { title })) === remove;
}

async function use(name: string): Promise<boolean> {
  await writeSetting(SETTINGS.embeddedModel, name);
  const host = remoteHost();
  if (host !== undefined) {
    const text = l10n.t(
      'The embedded engine uses {0}, but recordings still go to {1}.',
      name === 'auto' ? l10n.t('the best model here') : name,
      host,
    );
    void showInformation({ text, actions: [useEmbedded()] });
  }
  return true;
}

/** Shows the list. Resolves to undefined where the user left it. */
function pickModel(facts: ModelListFacts): Promise<Picked | undefined> {
  return new Promise((resolve) => {
    const list = window.createQuickPick<ModelItem>();
    const done = (picked: Picked | undefined): void => {
      resolve(picked);
      list.dispose();
    };
    list.title = l10n.t('Model of the embedded engine');
    list.placeholder = l10n.t('They run on this machine: no recording leaves it');
    list.matchOnDescription = true;
    list.matchOnDetail = true;
    list.items = engineModelItems(facts);
    const current = currentItem(list.items, facts.setting);
    if (current) list.activeItems = [current];
    list.onDidAccept(() => {
      const row = list.selectedItems[0]?.row;
      if (row) done({ kind: 'row', row });
    });
    list.onDidTriggerItemButton(({ item, button }) => {
      if (item.row?.kind === 'installed') {
        const kind = buttonKind(button);
        if (kind) done({ kind, model: item.row.model });
      }
    });
    list.onDidHide(() => {
      done(undefined);
    });
    list.show();
  });
}

function buttonKind(button: QuickInputButton): 'measure' | 'remove' | undefined {
  if (button === MEASURE) return 'measure';
  return button === REMOVE ? 'remove' : undefined;
}

async function askForName(): Promise<string | undefined> {
  const typed = await window.showInputBox({
    title: l10n.t('Name of a Whisper model'),
    prompt: l10n.t("As the hub spells it, or the address of the model's page."),
    placeHolder: 'openai/whisper-base',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? undefined : nameProblem(text)),
  });
  return typed === undefined || typed.trim() === '' ? undefined : parseModelName(typed);
}

function nameProblem(text: string): string | undefined {
  try {
    parseModelName(text);
    return undefined;
  } catch (error) {
    const problem = problemOf(error);
    return problem ? describeProblem(problem).text : String(error);
  }
}

async function askForFolder(): Promise<Uri | undefined> {
  const chosen = await window.showOpenDialog({
    title: l10n.t('Folder of a Whisper model (model.safetensors, tokenizer.json, config.json …)'),
    openLabel: l10n.t('Add Model'),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return chosen?.[0];
}
