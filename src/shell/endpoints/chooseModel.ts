import { commands, l10n, window, type QuickPickItem } from 'vscode';
import type { SpeechJob } from '../../core/model';
import { SPEECH_JOBS } from '../../core/model';
import type { FileTranscriber } from '../../core/transcription/fileTranscriber';
import type { RemoteEndpoint } from '../../core/endpoints/endpoint';
import { canTranslate, knownModels, type KnownModel } from '../../core/endpoints/knownModels';
import { describeFailure, showError } from '../words/messages';
import { COMMANDS } from '../contributed/commands';
import { chooseModelFor, endpointInForce, modelInForce } from '../contributed/settings';

/** How long to wait for the server's list. After it the user can still type a name. */
const LIST_TIMEOUT_MS = 4000;

interface ModelItem extends QuickPickItem {
  /** Absent: the user types a name. */
  readonly name?: string;
}

/** **Minutes: Online Models…**: a model for dictations, one for meetings and files, one for translations. Shows what each costs. */
export class ChooseModel {
  constructor(private readonly loadTranscriber: () => Promise<FileTranscriber>) {}

  async run(): Promise<void> {
    try {
      const endpoint = endpointInForce();
      if (endpoint.kind === 'embedded') {
        await commands.executeCommand(COMMANDS.chooseEngineModel);
        return;
      }
      const job = await pickJob(endpoint);
      if (!job) return;
      const name = await this.pickModel(endpoint, job);
      if (name !== undefined) await chooseModelFor(job, name);
    } catch (error) {
      void showError(describeFailure(error));
    }
  }

  private async pickModel(endpoint: RemoteEndpoint, job: SpeechJob): Promise<string | undefined> {
    const current = modelInForce(endpoint, job);
    const offered = await this.offered(endpoint);
    const items: ModelItem[] = offered
      .filter(({ name }) => job !== 'translation' || canTranslate(name))
      .map((model) => ({ ...modelItem(model), picked: model.name === current }))
      // The model in use comes first, so that Enter changes nothing.
      .sort((a, b) => Number(b.picked) - Number(a.picked));
    const picked = await window.showQuickPick<ModelItem>(
      [...items, { label: l10n.t('Another model…'), description: l10n.t('by its name') }],
      {
        title: l10n.t('Model of {0} for {1}', endpoint.host, jobName(job)),
        placeHolder: l10n.t('In use: {0}', current),
        matchOnDescription: true,
      },
    );
    if (!picked) return undefined;
    if (picked.name !== undefined) return picked.name;
    const typed = await window.showInputBox({
      title: l10n.t('Model of {0} for {1}', endpoint.host, jobName(job)),
      value: current,
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() === '' ? l10n.t('Type the name as the endpoint spells it.') : undefined),
    });
    return typed?.trim();
  }

  /** The known models of a provider; for any other server, the models that it lists itself. */
  private async offered(endpoint: RemoteEndpoint): Promise<readonly KnownModel[]> {
    const known = knownModels(endpoint.provider);
    if (known.length > 0) return known;
    let names: readonly string[] = [];
    try {
      const { probe } = await this.loadTranscriber();
      names = await probe.listModels(endpoint, AbortSignal.timeout(LIST_TIMEOUT_MS));
    } catch {
      // Many servers have no such list.
    }
    if (names.length === 0) names = [...new Set(Object.values(endpoint.defaultModels))];
    return names.map((name) => ({ name }));
  }
}

async function pickJob(endpoint: RemoteEndpoint): Promise<SpeechJob | undefined> {
  const items = SPEECH_JOBS.map((job) => ({ label: jobName(job), description: modelInForce(endpoint, job), job }));
  const picked = await window.showQuickPick(items, { title: l10n.t('Choose a model for') });
  return picked?.job;
}

function jobName(job: SpeechJob): string {
  switch (job) {
    case 'dictation':
      return l10n.t('dictation');
    case 'meeting':
      return l10n.t('meetings and files');
    case 'translation':
      return l10n.t('translation to English');
  }
}

/** Price, speed and errors as the provider tells them. */
function modelItem(model: KnownModel): ModelItem {
  const { name, usdPerHour, speedFactor, wordErrorPercent, lastDay } = model;
  const facts = [
    usdPerHour === undefined ? undefined : l10n.t('${0} per audio hour', usdPerHour),
    speedFactor === undefined ? undefined : l10n.t('{0}× real time', speedFactor),
    wordErrorPercent === undefined ? undefined : l10n.t('{0} % of words wrong', wordErrorPercent),
    canTranslate(name) ? l10n.t('translates') : undefined,
    lastDay === undefined ? undefined : l10n.t('ends {0}', lastDay),
  ];
  return { label: name, description: facts.filter((fact) => fact !== undefined).join(' · '), name };
}
