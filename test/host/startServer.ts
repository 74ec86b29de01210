import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { defined } from '../../src/core/async/defined';
import { atExit } from './atExit';
import { installedHost } from './hostPaths';
import { serverCommand } from './serverCommand';

/** Keeps the workbench quiet: no page, tip, question or request that the test did not ask for. */
const SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.showReleaseNotes': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'window.dialogStyle': 'custom',
  'workbench.reduceMotion': 'on',
} as const;

export interface ServerOptions {
  /** Where settings, secrets' names and logs go; kept when given, else a temporary folder that goes with the server. */
  readonly dataDir?: string;
  readonly extensionsDir?: string;
  /** User settings beside, and before, the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** For the server and so for the extension host. */
  readonly env?: NodeJS.ProcessEnv;
  /** On: VS Code asks, and a folder is restricted until dialogButton(page, 'Yes, I trust the authors'). */
  readonly workspaceTrust?: boolean;
  readonly logFile?: string;
  readonly startLimitMs?: number;
}

export interface Server {
  readonly port: number;
  readonly origin: string;
  readonly dataDir: string;
  /** Settles when the server's process has ended, by itself or by stop(). */
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

const STOP_LIMIT_MS = 5000;

/** Starts a real VS Code server on a free loopback port. Its owner stops it; the end of this process does too. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const host = installedHost();
  const { settings = {}, workspaceTrust = false, startLimitMs = 60_000 } = options;
  const dataDir = options.dataDir ?? mkdtempSync(path.join(os.tmpdir(), 'minutes-vscode-'));
  const removeData = () => {
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  writeSettings(
    path.join(dataDir, 'data', 'User', 'settings.json'),
    defined({
      // This build would open the folder restricted without a word.
      'security.workspace.trust.startupPrompt': workspaceTrust ? 'always' : undefined,
      ...settings,
    }),
  );
  // The server leaves sockets behind in here.
  const runtimeDir = path.join(dataDir, 'run');
  mkdirSync(runtimeDir, { recursive: true, mode: 0o700 });

  const { command, args, env } = serverCommand(
    host,
    [
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--without-connection-token',
      '--telemetry-level',
      'off',
      '--server-data-dir',
      dataDir,
      ...(workspaceTrust ? [] : ['--disable-workspace-trust']),
      ...(options.extensionsDir === undefined ? [] : ['--extensions-dir', options.extensionsDir]),
    ],
    { ...options.env, XDG_RUNTIME_DIR: runtimeDir },
  );
  // A process group of its own, so that the extension host and what it has spawned can be ended with it.
  const server = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => {
      resolve();
    });
    server.once('error', () => {
      resolve();
    });
  });
  const forgetCleanup = atExit(() => {
    signalGroup(server, 'SIGKILL');
    removeData();
  });
  const stop = async () => {
    signalGroup(server, 'SIGTERM');
    const timer = setTimeout(() => {
      signalGroup(server, 'SIGKILL');
    }, STOP_LIMIT_MS);
    await ended;
    clearTimeout(timer);
    signalGroup(server, 'SIGKILL'); // whatever of the group has outlived the server
    removeData();
    forgetCleanup();
  };
  try {
    const port = await listeningPort(server, startLimitMs, options.logFile);
    return { port, origin: `http://127.0.0.1:${port}`, dataDir, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function writeSettings(file: string, settings: Readonly<Record<string, unknown>>): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const earlier: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  writeFileSync(file, JSON.stringify(Object.assign({}, SETTINGS, earlier, settings), null, 1));
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

function listeningPort(server: ChildProcess, limitMs: number, logFile: string | undefined): Promise<number> {
  if (logFile !== undefined) mkdirSync(path.dirname(logFile), { recursive: true });
  const log = logFile === undefined ? undefined : createWriteStream(logFile);
  return new Promise((resolve, reject) => {
    let said = '';
    let isListening = false;
    const read = (chunk: Buffer) => {
      log?.write(chunk);
      if (isListening) return;
      said += chunk.toString('utf8');
      const match = /Extension host agent listening on (\d+)/.exec(said);
      if (!match) return;
      isListening = true;
      resolve(Number(match[1]));
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('error', reject);
    server.once('exit', (code, signal) => {
      log?.end();
      reject(new Error(`The VS Code server ended with ${signal ?? code ?? 'no status'}:\n${said}`));
    });
    setTimeout(() => {
      reject(new Error(`The VS Code server did not start within ${limitMs} ms:\n${said}`));
    }, limitMs).unref();
  });
}
