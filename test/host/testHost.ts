import path from 'node:path';
import type { Page } from 'playwright-core';
import { defined } from '../../src/core/async/defined';
import { startBridge } from './bridge';
import { developmentHost } from './developmentHost';
import { startBrowser } from './startBrowser';
import { startServer, type Server } from './startServer';
import { uiOps } from './uiOps';
import { screenshot, workbenchUrl } from './workbench';

export interface TestHostOptions {
  readonly extensions: readonly string[];
  /** The module whose run() the extension host calls. */
  readonly tests: string;
  readonly folder?: string;
  readonly shotsFolder: string;
  readonly logFile?: string;
  readonly limitMs?: number;
  /** Prints the workbench's own log lines as well. */
  readonly verbose?: boolean;
}

const DEFAULT_LIMIT_MS = 1_500_000;
const TIMED_OUT = 124;

/** The workbench's own log lines, which arrive mixed with the extension host's console. */
const NOISE =
  /^(Resolv|Creating a socket|\[reconnection-|Ignoring fetching|\[Service Worker\]|Error while fetching the extension under|\[AgentHost|\[AccountPolicy|Updating additional|DialogService: |\[Chat|Canceled: Canceled)/;

/**
 * Runs a VS Code test entry (the module that the desktop VS Code takes as --extensionTestsPath) in the extension host of a real,
 * headless VS Code. Gives the exit status: 0, or 1 for a rejected run(), or 124 past the limit.
 */
export async function runTestHost(options: TestHostOptions): Promise<number> {
  const startedMs = Date.now();
  const say = (what: string) => {
    console.error(`[host] ${what} at ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
  };
  const bridge = await startBridge();
  try {
    const server = await startServer(
      defined({
        env: { MINUTES_BRIDGE: bridge.address },
        logFile: options.logFile,
      }),
    );
    try {
      const browser = await startBrowser();
      try {
        bridge.serve(uiOps(browser.page, options.shotsFolder));
        const status = await statusOfRun(browser.page, server, options, say);
        say(`exit status ${status}`);
        return status;
      } finally {
        await browser.close();
      }
    } finally {
      await server.stop();
    }
  } finally {
    bridge.close();
  }
}

async function statusOfRun(
  page: Page,
  server: Server,
  { extensions, tests, folder, shotsFolder, limitMs = DEFAULT_LIMIT_MS, verbose = false }: TestHostOptions,
  say: (what: string) => void,
): Promise<number> {
  let finish: (status: number) => void = () => undefined; // until the promise's executor, which runs at once, sets it
  const status = new Promise<number>((resolve) => {
    finish = resolve;
  });
  // The two functions that a web workbench calls, if its page has them, to report on extensionTestsPath.
  await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
    if (verbose || !NOISE.test(String(args[0]))) console.log(...args);
  });
  await page.exposeFunction('codeAutomationExit', (code: number) => {
    finish(code);
  });
  page.on('crash', () => {
    say('the page crashed');
    finish(1);
  });
  void server.ended.then(() => {
    finish(1);
  });
  await developmentHost(page, server, { extensions, tests });
  await page.goto(workbenchUrl(server, folder));
  const timer = setTimeout(() => {
    say(`not done within ${limitMs / 1000} s: see ${path.join(shotsFolder, 'timeout.png')}; given up`);
    screenshot(page, 'timeout', shotsFolder)
      .catch(() => undefined) // the picture is a courtesy
      .finally(() => {
        finish(TIMED_OUT);
      });
  }, limitMs);
  try {
    await page.locator('.part.statusbar').waitFor({ timeout: limitMs });
    say('workbench');
    return await status;
  } finally {
    clearTimeout(timer);
  }
}
