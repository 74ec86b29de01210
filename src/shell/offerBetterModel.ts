import { l10n, type Memento } from 'vscode';
import { CATALOGUE } from '../core/engineModels/catalogue';
import { SMALL_DEFAULT_MODEL } from '../core/engineModels/modelName';
import type { Transcript } from '../core/model';
import type { Endpoint } from '../core/speech/endpoint';
import { dataSize } from './dataSize';
import { embeddedModelSetting, type EmbeddedModels } from './embeddedModels';
import { showInformation } from './messages';
import type { ModelInstaller } from './modelInstaller';

const STATE_KEY = 'minutes.betterModelOffer';
/** Long enough that it is no nagging, short enough that whoever was in a hurry still remembers. */
const AGAIN_AFTER_MS = 7 * 24 * 3600 * 1000;
/** "Not now" said twice is a no. */
const MOST_OFFERS = 2;

/** What became of the offer. */
interface OfferState {
  readonly isOver: boolean;
  readonly offers: number;
  /** Milliseconds since 1970. */
  readonly lastMs: number;
}

const NOTHING_YET: OfferState = { isOver: false, offers: 0, lastMs: 0 };

/**
 * After the first text by the small model, a message offers a better one: Download, Not now (asks once more, with the first text after
 * a week), Never. A message that is closed counts as Not now.
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
    const { isOver, offers, lastMs } = this.state.get<OfferState>(STATE_KEY, NOTHING_YET);
    const recommended = CATALOGUE.find((model) => model.isRecommended);
    if (isOver || offers >= MOST_OFFERS || Date.now() - lastMs < AGAIN_AFTER_MS || !recommended) return;
    // Who chose a model, or has one already, knows where they are.
    if (embeddedModelSetting() !== 'auto' || (await this.models.installed()).length > 0) return;
    const asked: OfferState = { isOver: false, offers: offers + 1, lastMs: Date.now() };
    // Before the answer: a window that closes on it has asked all the same.
    await this.state.update(STATE_KEY, asked);
    const end = (): Thenable<void> => this.state.update(STATE_KEY, { ...asked, isOver: true });
    const download = {
      title: l10n.t('Download…'),
      run: async (): Promise<void> => {
        if (await this.installer.download(recommended.name)) await end();
      },
    };
    const notNow = { title: l10n.t('Not Now'), run: () => undefined };
    const never = { title: l10n.t('Never'), run: end };
    const text = l10n.t(
      'This text was written by the small English model that comes with Minutes. A Whisper model writes capitals and punctuation, in a hundred languages, and runs on this machine, too: {0} to download.',
      dataSize(recommended.downloadBytes),
    );
    await showInformation({ text, actions: [download, notNow, never] });
  }
}

function isBySmallModel({ segments, models }: Transcript): boolean {
  return segments.length > 0 && models.includes(SMALL_DEFAULT_MODEL);
}
