import { l10n, ProgressLocation, window } from 'vscode';
import type { TranscriptionEvent } from '../../core/transcription/fileTranscriber';
import { waitText } from '../words/waitText';

/** Whoever waits less sees the text before they have read why it is not there. */
const SHOWN_FROM_MS = 2000;
const TICK_MS = 1000;

/** Says why a dictation's text is not there yet, with a countdown and a way out; nothing while all goes well. */
export class WaitNotice {
  private close: (() => void) | undefined;

  /** @param cancel ends what waits */
  constructor(private readonly cancel: () => void) {}

  on(event: TranscriptionEvent): void {
    // Another piece may be done while one still waits.
    if (event.kind !== 'waiting' && event.kind !== 'asking') return;
    // What was shown is over, or told anew.
    this.dispose();
    if (event.kind !== 'waiting' || event.untilMs - Date.now() < SHOWN_FROM_MS) return;
    const options = {
      location: ProgressLocation.Notification,
      title: l10n.t('The dictation waits'),
      cancellable: true,
    };
    void window.withProgress(options, async (progress, token) => {
      const tick = (): void => {
        progress.report({ message: waitText(event) });
      };
      tick();
      const ticking = setInterval(tick, TICK_MS);
      const cancelling = token.onCancellationRequested(this.cancel);
      await new Promise<void>((resolve) => {
        this.close = resolve;
      });
      clearInterval(ticking);
      cancelling.dispose();
    });
  }

  dispose(): void {
    this.close?.();
    this.close = undefined;
  }
}
