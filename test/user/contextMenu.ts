import type { Locator, Page } from 'playwright-core';
import { until } from '../host/until';
import { explorerMenu } from '../host/workbench';

/**
 * Right-clicks a file until the entry stands in the menu: a window that just opened may show the explorer before it has read what
 * the extensions contribute.
 */
export async function contextMenuEntry(page: Page, file: string, entry: string): Promise<Locator> {
  return until(
    async () => {
      const found = (await explorerMenu(page, file))(entry);
      if ((await found.count()) > 0) return found;
      await page.keyboard.press('Escape');
      return undefined;
    },
    { what: `"${entry}" in the context menu of ${file}`, timeoutMs: 30_000, intervalMs: 500 },
  );
}

/** Waits until the extension is there: its commands are once its menu is. */
export async function extensionIsReady(page: Page, file: string): Promise<void> {
  await contextMenuEntry(page, file, 'Transcribe Audio');
  await page.keyboard.press('Escape');
}
