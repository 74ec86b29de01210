import { l10n, window } from 'vscode';
import { priceUsd } from '../../core/endpoints/knownModels';
import type { Endpoint } from '../../core/endpoints/endpoint';
import { formatTime } from '../../core/notes/timestamps';
import type { RunPlan } from '../../core/transcription/fileTranscriber';
import { modelInForce, readSetting } from '../contributed/settings';
import { SETTINGS } from '../contributed/settingsTable';
import type { FileJob } from './transcribeRecording';

/** A wait that is shorter is not worth a sentence. */
const SHORT_WAIT_MS = 60_000;

/**
 * Asks before a recording is sent that costs more than the user's threshold. True where it costs less, where the price is not known, and
 * where nothing leaves this machine.
 */
export async function mayCost(
  name: string,
  plan: RunPlan,
  endpoint: Endpoint,
  job: FileJob,
  askAboveUsd = readSetting(SETTINGS.askAboveUsd),
): Promise<boolean> {
  if (endpoint.kind === 'embedded') return true;
  const usd = priceUsd(endpoint.provider, modelInForce(endpoint, job), plan.requestS);
  if (usd === undefined || usd <= askAboveUsd) return true;
  const send = l10n.t('Transcribe');
  const title = l10n.t('About ${0} for "{1}"', usd.toFixed(2), name);
  const detail = whatIsSent(plan, endpoint.host);
  const answer = await window.showInformationMessage(title, { modal: true, detail }, send);
  return answer === send;
}

/**
 * Whether a recording of this length cannot reach the user's threshold, however it is cut, and is sent elsewhere: {@link mayCost} would not
 * ask. A chunk has a second at least, and more than that is billed for it.
 */
export function costsLittle(lengthS: number, endpoint: Endpoint, job: FileJob): boolean {
  if (endpoint.kind === 'embedded') return false;
  const shortest = Array.from({ length: Math.ceil(lengthS) }, () => 1);
  const usd = priceUsd(endpoint.provider, modelInForce(endpoint, job), shortest);
  return usd === undefined || usd <= readSetting(SETTINGS.askAboveUsd);
}

/** How much is sent to whom, and until when it lasts where the quota makes it wait. */
function whatIsSent({ requestS, lastStartMs }: RunPlan, host: string): string {
  const speech = formatTime(requestS.reduce((sum, seconds) => sum + seconds, 0));
  const sent = l10n.t(
    '{0} of audio, long silence left out, goes to {1} in {2} requests. At least ten seconds are billed for each.',
    speech,
    host,
    requestS.length,
  );
  if (lastStartMs - Date.now() < SHORT_WAIT_MS) return sent;
  const until = new Date(lastStartMs).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
  return `${sent} ${l10n.t('By the quota that is known, the last one goes at {0}.', until)}`;
}
