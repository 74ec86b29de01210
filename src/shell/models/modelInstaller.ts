import { l10n, ProgressLocation, window, type Uri } from 'vscode';
import type { InstalledModel, InstallEvent, ModelOffer, UnfinishedModel } from '../../core/models/engineModel';
import { isAbort, problemOf, type ProblemCode } from '../../core/errors';
import { toAbortSignal } from '../editor/abortSignal';
import { dataSize } from '../words/dataSize';
import type { EmbeddedModels } from './embeddedModels';
import { withInstallProgress } from './installProgress';
import { fileName } from '../editor/localFiles';
import { describeFailure, showError, showInformation } from '../words/messages';
import { agreesToDownload } from './modelConsent';
import { plain, withRetry } from '../words/remedies';
import { tellInstalled } from './tellInstalled';

/** Problems after which another try may succeed. */
const PASSING: ReadonlySet<ProblemCode> = new Set([
  'hubUnreachable',
  'hubFailed',
  'hubInvalid',
  'downloadBroken',
  'downloadCorrupt',
  'modelTooLargeForDisk',
  'modelsFolderUnusable',
  'diskFull',
  'modelBusy',
  'modelPreparationFailed',
  'engineFailed',
]);
/** Problems after which the bytes that arrived are kept. */
const KEEPING: ReadonlySet<ProblemCode> = new Set(['downloadBroken', 'diskFull', 'hubFailed', 'hubUnreachable']);

interface Installation {
  readonly name: string;
  readonly begin: (signal: AbortSignal) => AsyncIterable<InstallEvent>;
  readonly again: () => Promise<InstalledModel | undefined>;
}

/** Brings models onto this machine: asks the user, shows the progress, and tells the result. */
export class ModelInstaller {
  /** Names and folders of installations in this window. Locks of the models folder keep other windows away. */
  private readonly underWay = new Set<string>();

  constructor(private readonly models: EmbeddedModels) {}

  /**
   * Downloads a model after the user agreed to the size. Shows failures itself.
   *
   * @param name as on the hub
   * @returns the model, or undefined where it is not installed
   */
  async download(name: string): Promise<InstalledModel | undefined> {
    return this.alone(name, async () => {
      const models = await this.models.load();
      const offer = await inspect(name, (signal) => models.inspect(name, signal));
      if (!offer || !(await agreesToDownload(offer))) return undefined;
      return this.install({
        name: offer.name,
        begin: (signal) => models.install(offer, signal),
        again: () => this.goOn(offer),
      });
    });
  }

  /** Prepares a model that lies in a folder. Shows failures itself. */
  async addFolder(folder: Uri): Promise<InstalledModel | undefined> {
    return this.alone(folder.fsPath, async () => {
      const models = await this.models.load();
      return this.install({
        name: fileName(folder),
        begin: (signal) => models.addFromFolder(folder.fsPath, signal),
        again: () => this.addFolder(folder),
      });
    });
  }

  /** Installs a model without asking again. */
  private async goOn(offer: ModelOffer): Promise<InstalledModel | undefined> {
    return this.alone(offer.name, async () => {
      const models = await this.models.load();
      return this.install({
        name: offer.name,
        begin: (signal) => models.install(offer, signal),
        again: () => this.goOn(offer),
      });
    });
  }

  private async install({ name, begin, again }: Installation): Promise<InstalledModel | undefined> {
    try {
      const end = await withInstallProgress(name, begin);
      if (end.kind === 'cancelled') {
        void this.tellStopped(name, again);
        return undefined;
      }
      void tellInstalled(end.model, await this.models.installed());
      return end.model;
    } catch (error) {
      void this.tellFailure(error, name, again);
      return undefined;
    }
  }

  private async alone(
    id: string,
    work: () => Promise<InstalledModel | undefined>,
  ): Promise<InstalledModel | undefined> {
    if (this.underWay.has(id)) {
      void showInformation(plain(l10n.t('"{0}" is being installed already.', id)));
      return undefined;
    }
    this.underWay.add(id);
    try {
      return await work();
    } catch (error) {
      if (!isAbort(error)) void this.tellFailure(error, id, () => this.alone(id, work));
      return undefined;
    } finally {
      this.underWay.delete(id);
    }
  }

  private async tellFailure(error: unknown, name: string, again: () => Promise<unknown>): Promise<void> {
    const { text, actions } = describeFailure(error);
    // These buttons choose another model or remove the cause. This installation does not restart by itself after them.
    const message = { text, actions: actions.map((action) => ({ ...action, leadsBack: false })) };
    const code = problemOf(error)?.code;
    const isKept = code !== undefined && KEEPING.has(code) && (await this.leftOf(name)) !== undefined;
    const title = isKept ? l10n.t('Continue') : l10n.t('Try Again');
    await showError(code === undefined || PASSING.has(code) ? withRetry(message, { title, run: again }) : message);
  }

  /** The unfinished download of a model, where there is one. */
  private async leftOf(name: string): Promise<UnfinishedModel | undefined> {
    try {
      const models = await this.models.load();
      return (await models.unfinished()).find((one) => one.name === name && one.doneBytes > 0);
    } catch {
      return undefined;
    }
  }

  private async tellStopped(name: string, again: () => Promise<unknown>): Promise<void> {
    const models = await this.models.load();
    const left = (await models.unfinished()).find((one) => one.name === name);
    const goOn = { title: l10n.t('Continue'), run: again };
    if (!left) {
      void showInformation({ text: l10n.t('Stopped. {0} is not installed.', name), actions: [goOn] });
      return;
    }
    const remove = {
      title: l10n.t('Delete It'),
      run: async (): Promise<void> => {
        await models.removeDownload(name).catch((error: unknown) => showError(describeFailure(error)));
      },
    };
    void showInformation({ text: keptText(left), actions: [goOn, remove] });
  }
}

function keptText({ name, doneBytes, totalBytes }: UnfinishedModel): string {
  return totalBytes === undefined
    ? l10n.t('Stopped. {0} of {1} are kept; the download continues there.', dataSize(doneBytes), name)
    : l10n.t(
        'Stopped. {0} of {1} of {2} are kept; the download continues there.',
        dataSize(doneBytes),
        dataSize(totalBytes),
        name,
      );
}

/** Asks the hub under a notification, since this may take a while on a slow network. Undefined where the user cancelled. */
async function inspect(
  name: string,
  ask: (signal: AbortSignal) => Promise<ModelOffer>,
): Promise<ModelOffer | undefined> {
  const options = {
    location: ProgressLocation.Notification,
    title: l10n.t('Looking for {0}', name),
    cancellable: true,
  };
  return window.withProgress(options, async (_progress, token) => {
    const signal = toAbortSignal(token);
    try {
      return await ask(signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  });
}
