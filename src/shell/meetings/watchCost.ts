import { l10n, window } from 'vscode';
import type { Endpoint } from '../../core/endpoints/endpoint';
import { priceUsd } from '../../core/endpoints/knownModels';
import { CostWatch } from '../../core/transcription/costWatch';
import type { TranscriptionEvent } from '../../core/transcription/fileTranscriber';
import { modelInForce, readSetting } from '../contributed/settings';
import { SETTINGS } from '../contributed/settingsTable';

/**
 * Asks once, beside a meeting that goes on, when what was sent of it has cost more than the user's threshold.
 *
 * @param stopSending called where the user wants no more to be sent
 */
export function watchCost(
  name: string,
  endpoint: Endpoint,
  stopSending: () => void,
): (event: TranscriptionEvent) => void {
  const price = (requestS: readonly number[]): number | undefined =>
    endpoint.kind === 'embedded' ? undefined : priceUsd(endpoint.provider, modelInForce(endpoint, 'meeting'), requestS);
  const watch = new CostWatch(price, () => readSetting(SETTINGS.askAboveUsd));
  return (event) => {
    const usd = watch.after(event);
    if (usd === undefined || endpoint.kind === 'embedded') return;
    const [goOn, stop] = [l10n.t('Go On'), l10n.t('Stop Sending')];
    const text = l10n.t(
      'About ${0} sent to {1} so far. The recording goes on: {2}',
      usd.toFixed(2),
      endpoint.host,
      name,
    );
    void window.showInformationMessage(text, goOn, stop).then((answer) => {
      if (answer === stop) stopSending();
    });
  };
}
