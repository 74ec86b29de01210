// What a user sees and does in the workbench outside its pop-ups: status bar, Explorer, editors.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { exactText } from './exactText';
import { quickInputBox, quickInputRow } from './quickInput';
import type { Server } from './startServer';
import { until } from './until';

export function workbenchUrl(server: Server, folder?: string): string {
  return folder === undefined ? `${server.origin}/?ew=true` : `${server.origin}/?folder=${encodeURIComponent(folder)}`;
}

/** Opens a window on a folder and waits until it is drawn. The first one takes 10 to 15 seconds. */
export async function openWorkbench(page: Page, server: Server, folder?: string): Promise<void> {
  await page.goto(workbenchUrl(server, folder));
  await page.locator('.part.statusbar').waitFor({ timeout: 60_000 });
}

/** Waits for an item of the status bar by its text, of which a part is enough. */
export async function waitForStatusBar(page: Page, text: string | RegExp, timeoutMs = 20_000): Promise<Locator> {
  const item = page.locator('.part.statusbar .statusbar-item', { hasText: text }).first();
  await item.waitFor({ timeout: timeoutMs });
  return item;
}

/**
 * Right-clicks a file in the Explorer; the result finds an entry of the menu. VS Code ignores a mouse-up in a menu's first 100 ms,
 * hence the pause.
 */
export async function explorerMenu(page: Page, fileName: string): Promise<(entry: string | RegExp) => Locator> {
  const label = page.locator('.explorer-folders-view .monaco-list-row .label-name', { hasText: exactText(fileName) });
  await label.first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: /^Rename/ }).waitFor({ timeout: 8000 });
  await page.waitForTimeout(250);
  return (entry) => page.getByRole('menuitem', { name: entry });
}

/** Opens a file by its absolute path in Quick Open, which needs no file search for that. */
export async function openFile(page: Page, absolutePath: string): Promise<void> {
  await page.keyboard.press('Control+P');
  const box = await quickInputBox(page);
  await box.fill(absolutePath);
  await quickInputRow(page, path.basename(absolutePath)).click({ timeout: 10_000 });
  // By its attribute: the label is drawn in two parts, the name and its ending.
  await page.locator(`.tab.active[data-resource-name=${JSON.stringify(path.basename(absolutePath))}]`).waitFor();
}

/** Puts the caret at the end of the active editor's text. */
export async function focusEditor(page: Page): Promise<void> {
  await page.locator('.editor-group-container.active .monaco-editor .view-lines').first().click();
  await page.keyboard.press('Control+End');
}

/** The lines of the active editor that are in view. */
export async function editorText(page: Page): Promise<string> {
  // Lines are drawn out of order, each placed by its style, with non-breaking spaces. (Text, not a function: see developmentHost.ts.)
  const drawn = await page.evaluate<{ top: number; text: string }[]>(
    `[...(document.querySelector('.editor-group-container.active .monaco-editor .view-lines')?.children ?? [])]
      .map((line) => ({ top: parseFloat(line.style.top), text: line.textContent }))`,
  );
  return drawn
    .sort((a, b) => a.top - b.top)
    .map(({ text }) => text.replace(/\u00a0/g, ' '))
    .join('\n');
}

export async function waitForEditorText(page: Page, wanted: string | RegExp, timeoutMs = 8000): Promise<string> {
  return until(
    async () => {
      const text = await editorText(page).catch(() => ''); // while the editor is being replaced
      return typeof wanted === 'string' ? text.includes(wanted) && text : wanted.test(text) && text;
    },
    { what: `the editor shows ${String(wanted)}`, timeoutMs },
  );
}

/** Writes NAME.png. What has just appeared is still being laid out, hence the pause. */
export async function screenshot(page: Page, name: string, folder: string, settleMs = 300): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.png`);
  await page.waitForTimeout(settleMs);
  await page.screenshot({ path: file });
  return file;
}
