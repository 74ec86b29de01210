import { l10n, ProgressLocation, window } from 'vscode';
import type { TranscriptionEvent } from '../../core/transcription/fileTranscriber';
import { waitText } from './waitText';

/** No notice for shorter waits: the text would come before the user has read the notice. */
const SHOWN_FROM_MS = 2000;
const TICK_MS = 1000;

/** Tells why a dictation's text is late, with a countdown and a Cancel button. Shows nothing while there is no wait. */
export class WaitNotice {
  private close: (() => void) | undefined;

  /** @param cancel ends the waiting request */
  constructor(private readonly cancel: () => void) {}

  on(event: TranscriptionEvent): void {
    // Another piece may be done while one still waits.
    if (event.kind !== 'waiting' && event.kind !== 'asking') return;
    // The notice that is shown is over, or is replaced.
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
