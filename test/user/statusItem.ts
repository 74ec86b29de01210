import type { Locator, Page } from 'playwright-core';

/** The item of Minutes in the status bar, whatever it shows now. */
export function statusItem(page: Page): Locator {
  return page.locator('.statusbar-item[id*="minutes.status"]').first();
}
