import type { Host } from './hostPaths';

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** What starts the server's command line with these arguments: as a server, or for --install-extension, --version and the like. */
export function serverCommand(host: Host, args: readonly string[], extraEnv: NodeJS.ProcessEnv = {}): ServerCommand {
  // Started from a VS Code terminal we would hand on what belongs to that window.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VSCODE|ELECTRON)_/.test(name));
  return {
    command: host.node,
    args: [host.serverMain, '--accept-server-license-terms', ...args],
    // No gallery: nothing that a test does may depend on, or call, a marketplace.
    env: { ...Object.fromEntries(inherited), ...extraEnv, EXTENSIONS_GALLERY: '{"serviceUrl":""}' },
  };
}
