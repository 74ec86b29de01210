import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { atExit } from './atExit';
import { findChromium } from './systemPrograms';

export interface BrowserOptions {
  /** Kept when given (secrets live in here), else a temporary folder that goes with the browser. */
  readonly userDataDir?: string;
  /** A .wav that Chromium's fake microphone plays once; without one it beeps. The permission is granted unasked either way. */
  readonly microphoneFile?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly args?: readonly string[];
}

export interface Browser {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly close: () => Promise<void>;
}

const QUIET = [
  '--no-sandbox', // a container's root has no user namespaces to build the sandbox from
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

export async function startBrowser(options: BrowserOptions = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('No Chromium in PATH: run "npm run setup" first.');
  const userDataDir = options.userDataDir ?? mkdtempSync(path.join(os.tmpdir(), 'minutes-chromium-'));
  const removeData = () => {
    if (options.userDataDir === undefined) rmSync(userDataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  // Playwright itself ends the browser when this process ends.
  const forgetCleanup = atExit(removeData);
  const microphone = options.microphoneFile
    ? [`--use-file-for-fake-audio-capture=${options.microphoneFile}%noloop`]
    : [];
  const context = await chromium.launchPersistentContext(userDataDir, {
    executablePath,
    headless: true,
    args: [...QUIET, ...microphone, ...(options.args ?? [])],
    viewport: options.viewport ?? { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  // code-server's wrapper serves this half of the key that encrypts secrets in the browser; without it they last until a reload only.
  await context.route('**/mint-key', (route) => route.fulfill({ body: Buffer.alloc(32, 7) }));
  const page = context.pages()[0] ?? (await context.newPage());
  // "Leave site?", asked on a reload with unsaved editors.
  page.on('dialog', (dialog) => {
    dialog.accept().catch(() => undefined); // the page may be gone already
  });
  const close = async () => {
    await context.close();
    removeData();
    forgetCleanup();
  };
  return { context, page, close };
}
