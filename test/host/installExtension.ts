import { installedHost } from './hostPaths';
import { runCommand } from './runCommand';
import { serverCommand } from './serverCommand';

export interface InstallOptions {
  readonly vsix: string;
  /** The folders that startServer is given afterwards. */
  readonly dataDir: string;
  readonly extensionsDir: string;
}

/** Installs a packaged extension as a user would with `code --install-extension`; gives what the command said. */
export async function installExtension({ vsix, dataDir, extensionsDir }: InstallOptions): Promise<string> {
  const folders = ['--server-data-dir', dataDir, '--extensions-dir', extensionsDir];
  const { command, args, env } = serverCommand(installedHost(), [...folders, '--install-extension', vsix]);
  return runCommand(command, args, { env });
}
