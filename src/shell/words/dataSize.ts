import { l10n } from 'vscode';

/** Bytes as people say them: "3 MB", "290 MB", "1.6 GB", with 1 MB = 1,000,000 bytes as disks and hubs count. */
export function dataSize(bytes: number): string {
  const megabytes = bytes / 1e6;
  if (megabytes < 9.95) return l10n.t('{0} MB', megabytes.toFixed(1));
  return megabytes < 999.5 ? l10n.t('{0} MB', Math.round(megabytes)) : l10n.t('{0} GB', (megabytes / 1000).toFixed(1));
}
