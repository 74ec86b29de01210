import { defined } from '../../core/async/defined';
import { chooseInstalled, parseModelSetting, type ModelNeeds } from '../../core/models/chooseInstalled';
import type { EmbeddedModel } from '../../core/models/embeddedModel';
import type { InstalledModel } from '../../core/models/engineModel';
import { taskOf, type SpeechJob } from '../../core/model';
import type { EngineModels } from '../../core/models/engineModels';
import type { Endpoint } from '../../core/endpoints/endpoint';
import { SETTINGS } from '../contributed/settingsTable';
import { languageInForce, readSetting } from '../contributed/settings';

/** What a model must be able to do for a job. */
export function needsOf(job: SpeechJob): ModelNeeds {
  const language = languageInForce();
  return defined({ task: taskOf(job), language });
}

/** The setting's value, in the spelling that the code compares with. */
export function embeddedModelSetting(): string {
  return parseModelSetting(readSetting(SETTINGS.embeddedModel));
}

/**
 * The embedded engine's models, and which of them is in force. The installed models are read anew each time: another window may have
 * changed them, and there are only a few small files to read.
 */
export class EmbeddedModels {
  /** @param load loads the code behind it on its first use */
  constructor(readonly load: () => Promise<EngineModels>) {}

  /** @throws MinutesError `modelNotInstalled`, `modelMissing` */
  async inForce(needs: ModelNeeds): Promise<EmbeddedModel> {
    return { model: modelInForce(await this.installed(), needs) };
  }

  /** Undefined for an endpoint elsewhere. @throws MinutesError `modelNotInstalled`, `modelMissing` */
  async inForceAt(endpoint: Endpoint, job: SpeechJob): Promise<EmbeddedModel | undefined> {
    return endpoint.kind === 'embedded' ? this.inForce(needsOf(job)) : undefined;
  }

  /**
   * Codes of the languages that the model in force understands. With `auto` these are the languages of all models here, since any of them may be
   * chosen.
   *
   * @throws MinutesError `modelNotInstalled`, `modelMissing`
   */
  async languages(): Promise<readonly string[]> {
    const installed = await this.installed();
    const model = modelInForce(installed, {});
    const models = embeddedModelSetting() === 'auto' ? installed : [model];
    return [...new Set(models.flatMap(({ languages }) => languages))];
  }

  async installed(): Promise<readonly InstalledModel[]> {
    return (await this.load()).installed();
  }
}

/** What `auto` means for a recording in the language that is set; undefined where no model is here. */
export function automaticModelName(installed: readonly InstalledModel[]): string | undefined {
  return installed.length === 0 ? undefined : modelInForce(installed, needsOf('meeting'), 'auto').name;
}

/** The same as {@link EmbeddedModels.inForce} for models that are known already. @throws MinutesError `modelNotInstalled`, `modelMissing` */
export function modelInForce(
  installed: readonly InstalledModel[],
  needs: ModelNeeds,
  setting = embeddedModelSetting(),
): InstalledModel {
  return chooseInstalled(setting, installed, needs);
}
