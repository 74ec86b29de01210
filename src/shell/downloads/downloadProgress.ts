import { l10n, ProgressLocation, window, type Progress } from 'vscode';
import type { DownloadEvent, DownloadState } from '../../core/downloads/recordingDownloads';
import { toAbortSignal } from '../editor/abortSignal';
import { dataSize } from '../words/dataSize';

/** How a download ended, where it did not fail. */
export type DownloadEnd = Exclude<DownloadEvent, { readonly kind: 'downloading' }>;

/** Runs a download under a notification with a Cancel button, with megabytes and percent. @throws errors of the events */
export async function withDownloadProgress(
  name: string,
  begin: (signal: AbortSignal) => AsyncIterable<DownloadEvent>,
): Promise<DownloadEnd> {
  const options = {
    location: ProgressLocation.Notification,
    title: l10n.t('Downloading {0}', name),
    cancellable: true,
  };
  return window.withProgress(options, async (progress, token) => {
    const bar = new Bar(progress);
    for await (const event of begin(toAbortSignal(token))) {
      if (event.kind !== 'downloading') return event;
      bar.show(event);
    }
    throw new DOMException('The download ended without a result.', 'AbortError');
  });
}

/** VS Code wants the percentage as increments. Where the size is not known, only megabytes are told. */
class Bar {
  private shownPercent = 0;

  constructor(private readonly progress: Progress<{ message?: string; increment?: number }>) {}

  show({ doneBytes, totalBytes }: DownloadState): void {
    if (totalBytes === undefined || totalBytes === 0) {
      this.progress.report({ message: dataSize(doneBytes) });
      return;
    }
    const percent = Math.floor((100 * doneBytes) / totalBytes);
    // The bar never goes back, although a file may have to be downloaded anew.
    const increment = Math.max(0, percent - this.shownPercent);
    this.shownPercent += increment;
    const message = l10n.t('{0} of {1} ({2} %)', dataSize(doneBytes), dataSize(totalBytes), percent);
    this.progress.report({ message, increment });
  }
}
