import type { Page } from 'playwright-core';
import { defined } from '../../src/core/async/defined';
import type { Server } from './startServer';

export interface DevelopmentOptions {
  /** Folders of the extensions under development. */
  readonly extensions: readonly string[];
  /** The module whose run() the extension host calls. */
  readonly tests?: string;
}

/**
 * Makes the workbench page an Extension Development Host: adds developmentOptions to the configuration in its HTML, before the
 * workbench's (deferred) module script reads it. A built VS Code ignores ?payload=[["extensionDevelopmentPath",..]] unless the server
 * has --enable-smoke-test-driver, and that flag hides notification toasts; this has neither trouble.
 * (Not page.route: a document that playwright fulfils has no address space, and Chromium then refuses its WebSocket to loopback.)
 */
export async function developmentHost(page: Page, server: Server, options: DevelopmentOptions): Promise<void> {
  const remote = (file: string) => ({ scheme: 'vscode-remote', authority: `127.0.0.1:${server.port}`, path: file });
  const added = defined({
    extensions: options.extensions.map(remote),
    extensionTestsPath: options.tests === undefined ? undefined : remote(options.tests),
  });
  // Text, not a function: what esbuild makes of a function calls helpers that the page does not have.
  await page.addInitScript({
    content: `document.addEventListener('readystatechange', () => {
      const meta = document.getElementById('vscode-workbench-web-configuration');
      if (!meta || document.readyState !== 'interactive') return;
      const configuration = JSON.parse(meta.getAttribute('data-settings'));
      configuration.developmentOptions = { ...configuration.developmentOptions, ...${JSON.stringify(added)} };
      meta.setAttribute('data-settings', JSON.stringify(configuration));
    });`,
  });
}
