// What an extension shows on top of the workbench: notifications and modal dialogs.
import type { Locator, Page } from 'playwright-core';

/** Waits for a notification by a part of its text. One without buttons goes after some seconds. */
export async function waitForNotification(page: Page, text: string | RegExp, timeoutMs = 10_000): Promise<Locator> {
  const toast = page.locator('.notification-toast', { hasText: text }).first();
  await toast.waitFor({ timeout: timeoutMs });
  return toast;
}

/** Clicks a button of a notification, Cancel of a progress among them, and waits until it has gone. */
export async function clickNotificationButton(page: Page, text: string | RegExp, button: string): Promise<void> {
  const toast = await waitForNotification(page, text);
  await toast.getByRole('button', { name: button, exact: true }).click({ timeout: 8000 });
  await toast.waitFor({ state: 'detached', timeout: 10_000 });
}

/** Waits for a modal dialog by a part of its text. */
export async function waitForDialog(page: Page, text: string | RegExp = /./, timeoutMs = 10_000): Promise<Locator> {
  const dialog = page.locator('.monaco-dialog-box', { hasText: text }).first();
  await dialog.waitFor({ timeout: timeoutMs });
  return dialog;
}

/** Answers a modal dialog. (Extensions cannot show one in a test host: "refused to show dialog in tests".) */
export async function dialogButton(page: Page, button: string, text?: string | RegExp): Promise<void> {
  const dialog = await waitForDialog(page, text);
  await dialog.getByRole('button', { name: button, exact: true }).click({ timeout: 8000 });
  await dialog.waitFor({ state: 'detached', timeout: 10_000 });
}
