// The palette, input boxes, quick picks and the file dialog of a remote window are one and the same widget, filled anew each time.
import type { Locator, Page } from 'playwright-core';
import { exactText } from './exactText';
import { until } from './until';

const PALETTE_PREFIX = '>';
const WAIT_MS = 10_000;

export interface QuickInputOptions {
  /** Part of the title or of the prompt: tells two that follow each other apart. */
  readonly has?: string | RegExp;
  readonly password?: boolean;
  readonly timeoutMs?: number;
}

const widget = (page: Page): Locator => page.locator('.quick-input-widget:visible');

/** A row of the list by its exact label. */
export function quickInputRow(page: Page, label: string): Locator {
  const name = page.locator('.label-name', { hasText: exactText(label) });
  return widget(page).locator('.quick-input-list .monaco-list-row').filter({ has: name }).first();
}

/** Waits for an input box, a pick or a file dialog: the widget being in view and not the palette. */
export async function quickInputBox(page: Page, options: QuickInputOptions = {}): Promise<Locator> {
  const { has, password = false, timeoutMs = WAIT_MS } = options;
  const shown = has === undefined ? widget(page) : widget(page).filter({ hasText: has });
  const box = shown.locator(password ? 'input.input[type=password]' : 'input.input').first();
  await until(
    async () => (await box.isVisible()) && !(await box.inputValue({ timeout: 1000 })).startsWith(PALETTE_PREFIX),
    { what: `an input box${has === undefined ? '' : ` with ${String(has)}`}`, timeoutMs },
  );
  return box;
}

/** Types an answer and presses Enter, having made sure that the box did take it: what a command shows late would replace it. */
export async function answerQuickInput(page: Page, text: string, options: QuickInputOptions = {}): Promise<void> {
  const box = await quickInputBox(page, options);
  await until(
    async () => {
      await box.fill(text);
      await page.waitForTimeout(150);
      return (await box.inputValue()) === text;
    },
    { what: 'the input box keeps what is typed', timeoutMs: WAIT_MS },
  );
  await box.press('Enter');
}

/** Clicks an entry of a quick pick. */
export async function pickQuickInput(page: Page, label: string, options: QuickInputOptions = {}): Promise<void> {
  await quickInputBox(page, options);
  await quickInputRow(page, label).click({ timeout: WAIT_MS });
}

/**
 * Runs a command by its full label ("Category: Title"). Enter would take whatever the fuzzy list shows first at that instant, so the
 * exact row is clicked.
 */
export async function palette(page: Page, label: string): Promise<void> {
  const box = await openPalette(page);
  await box.fill(PALETTE_PREFIX + label);
  await quickInputRow(page, label).click({ timeout: WAIT_MS });
}

/** The labels that the palette offers for what is typed; leaves it closed. */
export async function paletteEntries(page: Page, typed: string): Promise<readonly string[]> {
  const box = await openPalette(page);
  await box.fill(PALETTE_PREFIX + typed);
  await page.waitForTimeout(700); // the list follows the typing late, and says nothing when it is done
  const labels = await widget(page).locator('.quick-input-list .monaco-list-row .label-name').allInnerTexts();
  await page.keyboard.press('Escape');
  return labels.map((label) => label.replace(/\u00a0/g, ' '));
}

/** Chooses a file (or folder) by absolute path in an open or a save dialog. */
export async function chooseFile(page: Page, absolutePath: string, options: QuickInputOptions = {}): Promise<void> {
  const box = await quickInputBox(page, options);
  // The dialog has listed a folder when its box holds that folder's path.
  await until(async () => (await box.inputValue()).startsWith('/'), { what: 'a file dialog', timeoutMs: WAIT_MS });
  await answerQuickInput(page, absolutePath, options);
}

async function openPalette(page: Page): Promise<Locator> {
  await page.keyboard.press('F1');
  const box = widget(page).locator('input.input').first();
  await until(async () => (await box.isVisible()) && (await box.inputValue()).startsWith(PALETTE_PREFIX), {
    what: 'the command palette',
    timeoutMs: WAIT_MS,
  });
  return box;
}
