import { env, l10n, Uri, window, type QuickPickItem } from 'vscode';
import type { ModelOffer } from '../../core/models/engineModel';
import { dataSize } from '../words/dataSize';

interface Choice extends QuickPickItem {
  readonly choice: 'download' | 'read' | 'leave';
}

/** Tells the user what a download takes, before anything large is fetched. Whether they want it. */
export async function agreesToDownload(offer: ModelOffer): Promise<boolean> {
  const { name, host, pageUrl, license, downloadBytes, remainingBytes, neededBytes, freeBytes, installedBytes } = offer;
  const isBegun = remainingBytes < downloadBytes;
  const items: Choice[] = [
    {
      choice: 'download',
      label: isBegun
        ? `$(cloud-download) ${l10n.t('Continue: {0} of {1} are left', dataSize(remainingBytes), dataSize(downloadBytes))}`
        : `$(cloud-download) ${l10n.t('Download {0}', dataSize(downloadBytes))}`,
      description: l10n.t('from {0}', host),
      detail: l10n.t(
        'Takes {0} of the disk for a while and {1} for good; {2} are free.',
        dataSize(neededBytes),
        dataSize(installedBytes),
        dataSize(freeBytes),
      ),
    },
    {
      choice: 'read',
      label:
        license === undefined
          ? `$(law) ${l10n.t('The hub names no licence')}`
          : `$(law) ${l10n.t('Licence: {0}', license)}`,
      description: l10n.t("opens the model's page"),
    },
    { choice: 'leave', label: `$(close) ${l10n.t('Do not download')}` },
  ];
  for (;;) {
    const picked = await window.showQuickPick(items, {
      title: l10n.t('Download {0}?', name),
      placeHolder: l10n.t('Only the model is fetched: nothing of yours is sent'),
      ignoreFocusOut: true,
    });
    if (picked?.choice !== 'read') return picked?.choice === 'download';
    // After the licence the same question is shown again.
    await env.openExternal(Uri.parse(pageUrl));
  }
}
