import { l10n, ProgressLocation, window, type Progress } from 'vscode';
import type { InstalledModel, InstallEvent } from '../../core/models/engineModel';
import { toAbortSignal } from '../editor/abortSignal';
import { dataSize } from '../words/dataSize';

/** How an installation ended, where it did not fail. */
export type InstallEnd =
  | { readonly kind: 'installed'; readonly model: InstalledModel }
  /** The user stopped it. */
  | { readonly kind: 'cancelled' };

/**
 * Where each phase begins in the bar. For 290 MB most of the time goes into the download; the rest takes seconds. Files are checked between
 * the phases, and also before a download continues.
 */
const STARTS_PERCENT = { downloading: 0, preparing: 82, measuring: 96 } as const;

/** Runs an installation under a notification with a Cancel button. @throws MinutesError those of the events */
export async function withInstallProgress(
  name: string,
  begin: (signal: AbortSignal) => AsyncIterable<InstallEvent>,
): Promise<InstallEnd> {
  const options = {
    location: ProgressLocation.Notification,
    title: l10n.t('Installing {0}', name),
    cancellable: true,
  };
  return window.withProgress(options, async (progress, token) => {
    const signal = toAbortSignal(token);
    const bar = new Bar(progress);
    try {
      for await (const event of begin(signal)) {
        if (event.kind === 'installed') return event;
        bar.on(event);
      }
    } catch (error) {
      if (signal.aborted) return { kind: 'cancelled' };
      throw error;
    }
    return { kind: 'cancelled' };
  });
}

/** The bar's percentage and message. VS Code wants the percentage as increments. */
class Bar {
  private shownPercent = 0;

  constructor(private readonly progress: Progress<{ message?: string; increment?: number }>) {}

  on(event: Exclude<InstallEvent, { kind: 'installed' }>): void {
    switch (event.kind) {
      case 'downloading': {
        const [done, total] = [dataSize(event.doneBytes), dataSize(event.totalBytes)];
        const percent = percentOf(event);
        this.show(
          l10n.t('downloading, {0} of {1} ({2} %)', done, total, Math.floor(percent)),
          between('downloading', 'preparing', percent),
        );
        return;
      }
      case 'checking':
        this.show(l10n.t('checking {0}', event.file), this.shownPercent);
        return;
      case 'preparing': {
        const percent = percentOf(event);
        this.show(l10n.t('preparing ({0} %)', Math.floor(percent)), between('preparing', 'measuring', percent));
        return;
      }
      case 'measuring':
        this.show(l10n.t('testing how fast it is here'), STARTS_PERCENT.measuring);
        return;
    }
  }

  /** Shows the progress. The bar never goes back, although a damaged file is downloaded anew. */
  private show(message: string, percent: number): void {
    const increment = Math.max(0, percent - this.shownPercent);
    this.shownPercent += increment;
    this.progress.report({ message, increment });
  }
}

/** @param percent how much of the phase is done */
function between(phase: keyof typeof STARTS_PERCENT, next: keyof typeof STARTS_PERCENT, percent: number): number {
  return STARTS_PERCENT[phase] + (percent / 100) * (STARTS_PERCENT[next] - STARTS_PERCENT[phase]);
}

function percentOf({ doneBytes, totalBytes }: { readonly doneBytes: number; readonly totalBytes: number }): number {
  return totalBytes > 0 ? Math.min(100, (100 * doneBytes) / totalBytes) : 100;
}
