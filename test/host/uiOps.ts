import type { Page } from 'playwright-core';
import { clickNotificationButton, waitForNotification } from './messages';
import { answerQuickInput, chooseFile, palette, paletteEntries, pickQuickInput, quickInputBox } from './quickInput';
import { webviewFrame } from './webviews';
import { explorerMenu, screenshot, waitForStatusBar } from './workbench';

const CLICK_LIMIT_MS = 8000;

const plain = (text: string) => text.replace(/\u00a0/g, ' ');

/**
 * What a test in the extension host may ask of the user's side of its window. Arguments and results cross as JSON, so no locators
 * and no regular expressions.
 */
// The types of the client are made from what this returns.
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function uiOps(page: Page, shotsFolder: string) {
  return {
    print: ({ text }: { text: string }) => {
      console.log(text);
      return Promise.resolve();
    },
    text: async ({ selector }: { selector: string }) =>
      plain(await page.locator(selector).first().innerText({ timeout: CLICK_LIMIT_MS })),
    /** What stands in an input box. */
    value: ({ selector }: { selector: string }) =>
      page.locator(selector).first().inputValue({ timeout: CLICK_LIMIT_MS }),
    count: ({ selector }: { selector: string }) => page.locator(selector).count(),
    /** Lists draw only the rows in view, so this looks with a tall window. */
    rowText: async ({ selector, has }: { selector: string; has: string }) => {
      const size = page.viewportSize() ?? { width: 1280, height: 800 };
      await page.setViewportSize({ width: size.width, height: 3000 });
      try {
        const row = page.locator(selector, { hasText: has }).first();
        return plain(await row.innerText({ timeout: CLICK_LIMIT_MS }));
      } finally {
        await page.setViewportSize(size);
      }
    },
    click: ({ selector }: { selector: string }) => page.locator(selector).first().click({ timeout: CLICK_LIMIT_MS }),
    press: ({ key }: { key: string }) => page.keyboard.press(key),
    type: ({ text }: { text: string }) => page.keyboard.type(text),
    palette: ({ label }: { label: string }) => palette(page, label),
    paletteEntries: ({ typed }: { typed: string }) => paletteEntries(page, typed),
    waitQuickInput: async ({ has }: { has?: string }) => {
      await quickInputBox(page, has === undefined ? {} : { has });
    },
    answerQuickInput: ({ text, has }: { text: string; has?: string }) =>
      answerQuickInput(page, text, has === undefined ? {} : { has }),
    /** Types into a pick without choosing anything: of a long list only the rows in view can be clicked. */
    filterQuickInput: async ({ text, has }: { text: string; has: string }) => {
      await (await quickInputBox(page, { has })).fill(text);
    },
    pickQuickInput: ({ label, has }: { label: string; has?: string }) =>
      pickQuickInput(page, label, has === undefined ? {} : { has }),
    chooseFile: ({ absolutePath }: { absolutePath: string }) => chooseFile(page, absolutePath),
    waitForStatusBar: async ({ text }: { text: string }) =>
      plain(await (await waitForStatusBar(page, text, CLICK_LIMIT_MS)).innerText()),
    waitForNotification: async ({ text, timeoutMs }: { text: string; timeoutMs?: number }) =>
      plain(await (await waitForNotification(page, text, timeoutMs)).innerText()),
    /** The texts of its buttons; the icons that close and configure it are none. */
    notificationButtons: async ({ text }: { text: string }) =>
      (await (await waitForNotification(page, text)).locator('a.monaco-text-button').allInnerTexts()).map(plain),
    clickNotificationButton: ({ text, button }: { text: string; button: string }) =>
      clickNotificationButton(page, text, button),
    explorerMenuClick: async ({ fileName, entry }: { fileName: string; entry: string }) => {
      const menu = await explorerMenu(page, fileName);
      await menu(entry).click({ timeout: CLICK_LIMIT_MS });
    },
    webviewText: async ({ selector }: { selector: string }) =>
      (await webviewFrame(page, selector)).locator(selector).first().innerText(),
    webviewClick: async ({ selector }: { selector: string }) => {
      const frame = await webviewFrame(page, selector);
      await frame.locator(selector).first().click({ timeout: CLICK_LIMIT_MS });
    },
    screenshot: ({ name }: { name: string }) => screenshot(page, name, shotsFolder),
  };
}

export type UiOps = ReturnType<typeof uiOps>;
