import { l10n, window, type Memento } from 'vscode';
import type { Endpoint } from '../../core/endpoints/endpoint';

const STATE_KEY = 'minutes.hostsAllowed';

/** Asks once per host before the first audio leaves this machine. */
export class Consent {
  constructor(private readonly state: Memento) {}

  /** Whether audio may be sent to the endpoint. Loopback and the embedded engine need no consent. */
  async isGiven(endpoint: Endpoint): Promise<boolean> {
    if (endpoint.kind === 'embedded' || endpoint.isLoopback) return true;
    const allowed = this.state.get<readonly string[]>(STATE_KEY, []);
    if (allowed.includes(endpoint.host)) return true;
    const send = l10n.t('Send');
    const answer = await window.showWarningMessage(
      l10n.t('Send your recordings to {0}?', endpoint.host),
      {
        modal: true,
        detail: l10n.t(
          'The speech of every recording that you transcribe will be uploaded to {0}, together with words of the workspace (Minutes: Show Prompt shows them). With the endpoint "embedded" it stays on this machine. Minutes asks once per host.',
          endpoint.host,
        ),
      },
      send,
    );
    if (answer !== send) return false;
    await this.state.update(STATE_KEY, [...allowed, endpoint.host]);
    return true;
  }
}
