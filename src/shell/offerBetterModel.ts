import { l10n, type Memento } from 'vscode';
import { CATALOGUE } from '../core/engineModels/catalogue';
import { SMALL_DEFAULT_MODEL } from '../core/engineModels/modelName';
import type { Transcript } from '../core/model';
import type { Endpoint } from '../core/speech/endpoint';
import { dataSize } from './dataSize';
import { embeddedModelSetting, type EmbeddedModels } from './embeddedModels';
import { showInformation } from './messages';
import type { ModelInstaller } from './modelInstaller';

/** Holds true as soon as it was offered. */
const STATE_KEY = 'minutes.betterModelOffered';

/**
 * After the first text by the small model, a message offers a better one: Download, Not now, Never. Whatever is answered, it asks
 * once: the list of models has the offer for who comes back to it.
 */
export class OfferBetterModel {
  constructor(
    private readonly state: Memento,
    private readonly models: EmbeddedModels,
    private readonly installer: ModelInstaller,
  ) {}

  /** Told of every text that was made. Never throws: nobody asked for this. */
  async afterText(endpoint: Endpoint, transcript: Transcript): Promise<void> {
    try {
      if (endpoint.kind === 'embedded' && isBySmallModel(transcript)) await this.offer();
    } catch {
      // Another text will come.
    }
  }

  private async offer(): Promise<void> {
    const recommended = CATALOGUE.find((model) => model.isRecommended);
    if (this.state.get<boolean>(STATE_KEY, false) || !recommended) return;
    // Who chose a model, or has one already, knows where they are.
    if (embeddedModelSetting() !== 'auto' || (await this.models.installed()).length > 0) return;
    // Before the answer: a window that closes on it has asked all the same.
    await this.state.update(STATE_KEY, true);
    const download = { title: l10n.t('Download…'), run: () => this.installer.download(recommended.name) };
    const answers = [l10n.t('Not Now'), l10n.t('Never')].map((title) => ({ title, run: () => undefined }));
    const text = l10n.t(
      'This text was written by the small English model that comes with Minutes. A Whisper model writes capitals and punctuation, in a hundred languages, and runs on this machine, too: {0} to download.',
      dataSize(recommended.downloadBytes),
    );
    await showInformation({ text, actions: [download, ...answers] });
  }
}

function isBySmallModel({ segments, models }: Transcript): boolean {
  return segments.length > 0 && models.includes(SMALL_DEFAULT_MODEL);
}
