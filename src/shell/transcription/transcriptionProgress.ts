import { l10n, ProgressLocation, window, type Progress } from 'vscode';
import { formatTime } from '../../core/notes/timestamps';
import type { TranscriptionEvent } from '../../core/transcription/fileTranscriber';
import { toAbortSignal } from '../editor/abortSignal';
import type { FileJob } from './transcribeRecording';
import { waitText, type WaitEvent } from './waitText';

type Report = Progress<{ message?: string; increment?: number }>;

const TICK_MS = 1000;

/** The title of the progress notification. */
export function progressTitle(name: string, job: FileJob): string {
  return job === 'translation' ? l10n.t('Translating {0}', name) : l10n.t('Transcribing {0}', name);
}

/** A notification with a Cancel button. It shows how far a transcription is, and how long it has to wait. */
export async function withTranscriptionProgress<Result>(
  title: string,
  work: (signal: AbortSignal, onEvent: (event: TranscriptionEvent) => void) => Promise<Result>,
): Promise<Result> {
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const told = new ToldProgress(progress);
      try {
        return await work(toAbortSignal(token), (event) => {
          told.on(event);
        });
      } finally {
        told.dispose();
      }
    },
  );
}

/** The progress in percent of the audio's time; VS Code wants increments. While nothing is sent, it shows a countdown instead. */
class ToldProgress {
  private saidPercent = 0;
  private message = '';
  private ticking: NodeJS.Timeout | undefined;

  constructor(private readonly progress: Report) {}

  on(event: TranscriptionEvent): void {
    switch (event.kind) {
      case 'preparing':
        this.say(l10n.t('reading {0}', formatTime(event.doneS)));
        return;
      case 'prepared':
        this.sayDone(0, event.totalS);
        return;
      case 'uncut':
        this.say(l10n.t('in one piece'));
        return;
      case 'transcribed':
        // Another piece may still wait; its countdown continues.
        this.sayDone(event.doneS, event.totalS);
        return;
      case 'waiting':
        this.countDown(event);
        return;
      case 'asking':
        this.stopTicking();
        this.say(this.message);
        return;
      case 'planned':
      case 'words':
      case 'finished':
        return;
    }
  }

  dispose(): void {
    this.stopTicking();
  }

  private say(message: string): void {
    this.message = message;
    this.progress.report({ message });
  }

  private sayDone(doneS: number, totalS: number): void {
    const percent = totalS > 0 ? Math.floor((100 * doneS) / totalS) : 100;
    this.message = l10n.t('{0} of {1} ({2} %)', formatTime(doneS), formatTime(totalS), percent);
    this.progress.report({ message: this.message, increment: percent - this.saidPercent });
    this.saidPercent = percent;
  }

  private countDown(event: WaitEvent): void {
    this.stopTicking();
    const tick = (): void => {
      const wait = waitText(event);
      this.progress.report({ message: this.message === '' ? wait : `${this.message} – ${wait}` });
    };
    tick();
    this.ticking = setInterval(tick, TICK_MS);
  }

  private stopTicking(): void {
    clearInterval(this.ticking);
    this.ticking = undefined;
  }
}
