import { l10n, window } from 'vscode';
import { priceUsd } from '../../core/endpoints/knownModels';
import type { Endpoint } from '../../core/endpoints/endpoint';
import { formatTime } from '../../core/notes/timestamps';
import type { RunPlan } from '../../core/transcription/fileTranscriber';
import { SelectionCost, type CostQuestion } from '../../core/transcription/selectionCost';
import { modelInForce, readSetting } from '../contributed/settings';
import { SETTINGS } from '../contributed/settingsTable';
import type { FileJob } from './transcribeRecording';

/** A wait that is shorter is not worth a sentence. */
const SHORT_WAIT_MS = 60_000;

/** The cost of recordings that are sent one after the other, held against the user's threshold. @param count how many there are */
export function costOfSelection(count = 0): SelectionCost {
  return new SelectionCost(() => readSetting(SETTINGS.askAboveUsd), count);
}

/** What requests of these lengths in seconds cost, in US dollars; undefined where the price is not known or nothing leaves this machine. */
export function costOf(requestS: readonly number[], endpoint: Endpoint, job: FileJob): number | undefined {
  if (endpoint.kind === 'embedded') return undefined;
  return priceUsd(endpoint.provider, modelInForce(endpoint, job), requestS);
}

/**
 * Asks before a recording is sent that costs more than the user's threshold, be it alone or with those that were sent before it. True where
 * it costs less, where the price is not known, and where nothing leaves this machine.
 *
 * @param costs gets the answer, which holds for the recordings that follow
 */
export async function mayCost(
  name: string,
  plan: RunPlan,
  endpoint: Endpoint,
  job: FileJob,
  costs = costOfSelection(),
): Promise<boolean> {
  if (endpoint.kind === 'embedded') return true;
  const question = costs.question(costOf(plan.requestS, endpoint, job));
  if (!question) return true;
  const send = question.following > 0 ? l10n.t('Transcribe All') : l10n.t('Transcribe');
  const detail = [sentBefore(name, question), whatIsSent(plan, endpoint.host), whatFollows(question)];
  const options = { modal: true, detail: detail.filter((text) => text !== '').join(' ') };
  const answer = await window.showInformationMessage(titleOf(name, question), options, send);
  costs.answer(answer === send);
  return answer === send;
}

function titleOf(name: string, { usd, sentUsd, following }: CostQuestion): string {
  if (sentUsd > 0) return l10n.t('About ${0} for these files', (sentUsd + usd).toFixed(2));
  return following > 0
    ? l10n.t('About ${0} for "{1}", and more files follow', usd.toFixed(2), name)
    : l10n.t('About ${0} for "{1}"', usd.toFixed(2), name);
}

function sentBefore(name: string, { usd, sentUsd }: CostQuestion): string {
  if (sentUsd === 0) return '';
  return l10n.t('${0} of it was sent before; "{1}" costs ${2}:', sentUsd.toFixed(2), name, usd.toFixed(2));
}

function whatFollows({ following }: CostQuestion): string {
  if (following === 0) return '';
  return following === 1
    ? l10n.t('One more file follows. Transcribe All holds for it too; Cancel ends here.')
    : l10n.t('{0} more files follow. Transcribe All holds for them too; Cancel ends here.', following);
}

/**
 * Whether a recording of this length is sent elsewhere and cannot bring its selection to the user's threshold, however it is cut:
 * {@link mayCost} would not ask. A chunk has a second at least, and more than that is billed for it.
 */
export function costsLittle(lengthS: number, endpoint: Endpoint, job: FileJob, costs: SelectionCost): boolean {
  if (endpoint.kind === 'embedded') return false;
  const shortest = Array.from({ length: Math.ceil(lengthS) }, () => 1);
  return costs.isLittle(costOf(shortest, endpoint, job));
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
