import fs from 'node:fs/promises';
import { parseHub } from '../../src/core/models/hubAddress';
import { WEIGHTS_INDEX } from '../../src/core/models/modelFiles';
import { FetchTransport } from '../../src/node/http/fetchTransport';
import { proxyInForce } from '../../src/node/http/proxyInForce';
import { RoutedTransport } from '../../src/node/http/routedTransport';
import { TRANSPORT_TIMEOUTS } from '../../src/node/http/transport';
import { UndiciTransport } from '../../src/node/http/undiciTransport';
import { downloadModel } from '../../src/node/models/hub/downloadModel';
import { HubClient } from '../../src/node/models/hub/hubClient';
import { FollowedRequests } from '../../src/node/downloads/followedRequests';
import { planModel } from '../../src/node/models/hub/modelPlan';
import { SYSTEM_CLOCK } from '../../src/node/system/systemClock';

/** A hub that has not told its files after so long is not reachable from here, and the next source is tried. */
const PLAN_MS = 8000;
/** A connection without a byte for so long is dead. */
const TIMEOUTS = { ...TRANSPORT_TIMEOUTS, answerMs: 15_000, bodyMs: 15_000 };

/**
 * Downloads a model's weights, and nothing else, from the hub that `HF_ENDPOINT` names or the public one. What a broken download left in the folder is
 * continued.
 *
 * @param folder is made where it does not exist
 * @param planMs how long the hub may take to tell its files
 * @throws Error in one line where the hub does not answer or refuses, or where a file has not its checksum; the signal's reason when aborted
 */
export async function downloadFromHub(
  name: string,
  folder: string,
  signal: AbortSignal,
  planMs = PLAN_MS,
): Promise<void> {
  const transport = new RoutedTransport({
    direct: new UndiciTransport(TIMEOUTS),
    editor: new FetchTransport(TIMEOUTS),
    log: { write: () => undefined },
    proxyInForce: () => proxyInForce({ address: '', isOff: false }, process.env),
  });
  const requests = new FollowedRequests(transport, 'Minutes/setup');
  const hub = new HubClient(parseHub('', process.env['HF_ENDPOINT']), requests, SYSTEM_CLOCK);
  const late = AbortSignal.timeout(planMs);
  try {
    const plan = await planModel(hub, name, AbortSignal.any([signal, late]));
    const files = plan.files.filter(({ path }) => path.endsWith('.safetensors') || path === WEIGHTS_INDEX);
    await fs.mkdir(folder, { recursive: true });
    const parts = { requests, clock: SYSTEM_CLOCK, urlOf: (file: string) => hub.fileUrl(name, plan.commit, file) };
    await downloadModel({ ...plan, files }, folder, parts, () => undefined, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted && error === late.reason) {
      throw new Error(`${hub.address.host} does not answer within ${planMs / 1000} s`, { cause: error });
    }
    throw error;
  } finally {
    await requests.dispose();
  }
}
