import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { defined } from '../../src/core/async/defined';
import { projectRoot } from '../host/hostPaths';
import { installExtension } from '../host/installExtension';
import { startBrowser } from '../host/startBrowser';
import { startServer } from '../host/startServer';
import { openWorkbench, screenshot } from '../host/workbench';

/** A person before a fresh VS Code in which the packaged extension was just installed. */
export interface UserSession {
  readonly page: Page;
  /** The folder that is open. */
  readonly workspace: string;
  /** The extension's own storage. */
  readonly storageFolder: string;
  /** Saves a picture of the window under build/shots. */
  readonly shoot: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface UserSessionOptions {
  /** Files of the workspace: name and where the content comes from. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** The machine's settings: where machine-scoped ones count in a window on a server. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The user's own settings, which follow to every machine. */
  readonly userSettings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly shotsFolder?: string;
}

export const shotsFolder = path.join(projectRoot, 'build', 'shots');

/** The package that `npm run package` made. */
export function packagedExtension(): string {
  const vsix = path.join(projectRoot, 'build', `minutes-${process.platform}-${process.arch}.vsix`);
  if (!fs.existsSync(vsix))
    throw new Error(`${path.relative(projectRoot, vsix)} is missing: run "npm run package" first.`);
  return vsix;
}

export async function startUserSession(options: UserSessionOptions): Promise<UserSession> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'minutes-user-'));
  const workspace = path.join(home, 'workspace');
  const dataDir = path.join(home, 'vscode');
  const extensionsDir = path.join(home, 'extensions');
  fs.mkdirSync(workspace);
  for (const [name, content] of Object.entries(options.files)) {
    const file = path.join(workspace, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // A string is a file to copy, bytes are the content itself.
    if (typeof content === 'string') fs.copyFileSync(content, file);
    else fs.writeFileSync(file, content);
  }
  const shots = options.shotsFolder ?? shotsFolder;
  fs.mkdirSync(shots, { recursive: true });
  const logFile = path.join(projectRoot, 'build', 'logs', 'user-server.log');
  fs.mkdirSync(path.dirname(logFile), { recursive: true });

  const machineSettings = path.join(dataDir, 'data', 'Machine', 'settings.json');
  fs.mkdirSync(path.dirname(machineSettings), { recursive: true });
  fs.writeFileSync(machineSettings, JSON.stringify(options.settings ?? {}));

  await installExtension({ vsix: packagedExtension(), dataDir, extensionsDir });
  const server = await startServer(
    defined({
      dataDir,
      extensionsDir,
      logFile,
      env: options.env,
      settings: options.userSettings,
    }),
  );
  const browser = await startBrowser();
  const close = async (): Promise<void> => {
    await browser.close();
    await server.stop();
    fs.rmSync(home, { recursive: true, force: true });
  };
  try {
    await openWorkbench(browser.page, server, workspace);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    page: browser.page,
    workspace,
    storageFolder: path.join(dataDir, 'data', 'User', 'globalStorage', 'minutes.minutes'),
    shoot: async (name) => {
      await screenshot(browser.page, name, shots);
    },
    close,
  };
}
