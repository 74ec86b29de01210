import { commands, l10n, window, type Memento } from 'vscode';
import { NEVER } from '../../core/async/never';
import type { Endpoint, RemoteEndpoint } from '../../core/endpoints/endpoint';
import { buildPrompt } from '../../core/vocabulary/buildPrompt';
import type { VocabularySource } from '../../core/vocabulary/vocabularySource';
import { COMMANDS } from '../contributed/commands';

const STATE_KEY = 'minutes.hostsAllowed';

/** So many words are named as examples. */
const WORDS_NAMED = 3;

/** Asks once per host before the first audio leaves this machine. */
export class Consent {
  constructor(
    private readonly state: Memento,
    private readonly vocabulary: VocabularySource,
  ) {}

  /** Whether audio may be sent to the endpoint. Loopback and the embedded engine need no consent. */
  async isGiven(endpoint: Endpoint): Promise<boolean> {
    if (endpoint.kind === 'embedded' || endpoint.isLoopback) return true;
    const allowed = this.state.get<readonly string[]>(STATE_KEY, []);
    if (allowed.includes(endpoint.host)) return true;
    if (!(await this.ask(endpoint))) return false;
    await this.state.update(STATE_KEY, [...allowed, endpoint.host]);
    return true;
  }

  /** What goes where, and which words go along, a line each. Who looks at the words is asked again beside them. */
  private async ask({ host }: RemoteEndpoint): Promise<boolean> {
    const question = l10n.t('Send your recordings to {0}?', host);
    const [send, show] = [l10n.t('Send'), l10n.t('Show Words')];
    // The most important words are the last.
    const words = buildPrompt(await this.vocabulary.collect(NEVER))
      .used.map(({ text }) => text)
      .reverse();
    const detail = [l10n.t('The speech of every recording that you transcribe goes to {0}.', host), along(words)];
    const buttons = words.length === 0 ? [send] : [send, show];
    const answer = await window.showWarningMessage(question, { modal: true, detail: detail.join('\n') }, ...buttons);
    if (answer !== show) return answer === send;
    await commands.executeCommand(COMMANDS.showPrompt);
    return (await window.showWarningMessage(question, send)) === send;
  }
}

function along(words: readonly string[]): string {
  if (words.length === 0) return l10n.t('No words of this workspace go along.');
  const named = words.slice(0, WORDS_NAMED).join(', ');
  return l10n.t('Words of this workspace go along, now {0}, such as {1}.', words.length, named);
}
