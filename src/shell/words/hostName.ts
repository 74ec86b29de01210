import { l10n } from 'vscode';
import type { Host } from '../../core/model';

/** Who was asked, at the beginning of a sentence. */
export function subjectName(host: Host): string {
  return typeof host === 'string' ? host : l10n.t('The embedded engine');
}

/** Who was asked, within a sentence. */
export function placeName(host: Host): string {
  return typeof host === 'string' ? host : l10n.t('the embedded engine');
}
