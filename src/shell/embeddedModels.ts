import { chooseModel, type ModelNeeds } from '../core/engineModels/chooseModel';
import type { EmbeddedModel } from '../core/engineModels/embeddedModel';
import type { InstalledModel } from '../core/engineModels/engineModel';
import { SMALL_DEFAULT_MODEL } from '../core/engineModels/modelName';
import type { SpeechJob } from '../core/model';
import type { EngineModels } from '../core/ports';
import type { Endpoint } from '../core/speech/endpoint';
import { SETTINGS } from './contributions';
import { languageInForce, modelPathInForce, readSetting } from './settings';

/** What a job asks of a model. */
export function needsOf(job: SpeechJob): ModelNeeds {
  const language = languageInForce();
  return { task: job === 'translation' ? 'translate' : 'transcribe', ...(language === undefined ? {} : { language }) };
}

/** As the setting says it, in the spelling that everything here compares with. */
export function embeddedModelSetting(): string {
  const setting = readSetting(SETTINGS.embeddedModel).trim();
  return setting === '' || setting.toLowerCase() === 'auto' ? 'auto' : setting;
}

/** Whether a prompt helps: Vosk knows its own words and no others. */
export function takesPrompt(model: EmbeddedModel): boolean {
  return model.kind === 'whisper';
}

/** A model as notes call it. */
export function embeddedModelName(model: EmbeddedModel): string {
  if (model.kind === 'whisper') return model.model.name;
  return model.modelPath === undefined ? SMALL_DEFAULT_MODEL : (model.modelPath.split(/[\\/]/).at(-1) ?? '');
}

/**
 * The embedded engine's models, and which of them is in force. What is installed is read anew each time: another window may have
 * changed it, and it is a folder with a few small files.
 */
export class EmbeddedModels {
  /** @param load the first use of the code behind it */
  constructor(readonly load: () => Promise<EngineModels>) {}

  /**
   * Whoever named a Vosk model of their own chose it for something that Minutes does not know, such as their language: `auto` does not
   * take it away. A model chosen by its name comes before everything.
   *
   * @throws MinutesError `modelNotInstalled`
   */
  async inForce(needs: ModelNeeds): Promise<EmbeddedModel> {
    return modelInForce(await this.installed(), needs);
  }

  /** Undefined for an endpoint elsewhere. @throws MinutesError `modelNotInstalled` */
  async inForceAt(endpoint: Endpoint, job: SpeechJob): Promise<EmbeddedModel | undefined> {
    return endpoint.kind === 'embedded' ? this.inForce(needsOf(job)) : undefined;
  }

  /**
   * Codes of the languages that what is in force understands: with `auto` any of the installed models may be. Undefined where nobody
   * knows, as with a Vosk model of the user's own.
   */
  async languages(): Promise<readonly string[] | undefined> {
    const installed = await this.installed();
    const model = modelInForce(installed, {});
    if (model.kind === 'vosk' && model.modelPath !== undefined) return undefined;
    const models = embeddedModelSetting() === 'auto' ? installed : model.kind === 'whisper' ? [model.model] : [];
    // The small one is always there for `auto`.
    const small = model.kind === 'vosk' || embeddedModelSetting() === 'auto' ? ['en'] : [];
    return [...new Set([...small, ...models.flatMap(({ languages }) => languages)])];
  }

  async installed(): Promise<readonly InstalledModel[]> {
    return (await this.load()).installed();
  }
}

/** What `auto` means for a recording in the language that is set. */
export function automaticModelName(installed: readonly InstalledModel[]): string {
  return embeddedModelName(modelInForce(installed, needsOf('meeting'), 'auto'));
}

/** The same as {@link EmbeddedModels.inForce} for models that are known already. @throws MinutesError `modelNotInstalled` */
export function modelInForce(
  installed: readonly InstalledModel[],
  needs: ModelNeeds,
  setting = embeddedModelSetting(),
): EmbeddedModel {
  const modelPath = modelPathInForce();
  if (setting === 'auto' && modelPath !== undefined) return { kind: 'vosk', modelPath };
  const chosen = chooseModel(setting, installed, needs);
  return chosen.kind === 'small' ? { kind: 'vosk' } : chosen;
}
