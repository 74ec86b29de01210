import type { Frame, Page } from 'playwright-core';
import { until } from './until';

/** The frame of a webview that has an element: webviews are frames within frames with addresses that say nothing. */
export async function webviewFrame(page: Page, selector: string, timeoutMs = 10_000): Promise<Frame> {
  const find = async (): Promise<Frame | undefined> => {
    for (const frame of page.frames()) {
      if (frame === page.mainFrame()) continue;
      // A frame may go away while it is asked.
      if (
        (await frame
          .locator(selector)
          .count()
          .catch(() => 0)) > 0
      )
        return frame;
    }
    return undefined;
  };
  return until(find, { what: `a webview with ${selector}`, timeoutMs });
}
