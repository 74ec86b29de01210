import { extensions, type Uri } from 'vscode';
import { NEVER } from '../../core/async/never';
import { defined } from '../../core/async/defined';
import { withinTime } from '../editor/withinTime';

/** What git says about a folder. Absent where it says nothing. */
export interface GitFacts {
  readonly branch?: string;
  readonly repository?: string;
}

/** A meeting begins meanwhile; git's extension reads a repository within a fraction of this. */
const GIT_MS = 1500;
/** How often it is looked whether git's extension has found its repositories. */
const LOOK_MS = 50;

/** The branch and the repository of a folder, from the extension that comes with VS Code. In a remote window it is elsewhere. */
export async function gitFacts(folder: Uri): Promise<GitFacts> {
  return (await withinTime(GIT_MS, (signal) => askGit(folder, signal), NEVER)) ?? {};
}

async function askGit(folder: Uri, signal: AbortSignal): Promise<GitFacts> {
  const extension = extensions.getExtension<unknown>('vscode.git');
  if (!extension) return {};
  const exported = extension.isActive ? extension.exports : await extension.activate();
  // It throws where git is disabled by a setting.
  const api = call(exported, 'getAPI', 1);
  for (;;) {
    const repository = call(api, 'getRepository', folder);
    const state = fieldOf(repository, 'state');
    // A repository that was just opened has no head yet.
    const head = fieldOf(state, 'HEAD');
    if (head !== undefined)
      return defined({ branch: textOf(fieldOf(head, 'name')), repository: nameOf(repository, state) });
    const isLooking = fieldOf(api, 'state') === 'uninitialized' || state !== undefined;
    if (!isLooking) return {};
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    signal.throwIfAborted();
  }
}

/** The name where it is fetched from, else that of its folder. */
function nameOf(repository: unknown, state: unknown): string | undefined {
  const remotes = fieldOf(state, 'remotes');
  const all: readonly unknown[] = Array.isArray(remotes) ? remotes : [];
  const origin = all.find((remote) => fieldOf(remote, 'name') === 'origin') ?? all[0];
  const address = textOf(fieldOf(origin, 'fetchUrl')) ?? textOf(fieldOf(fieldOf(repository, 'rootUri'), 'path'));
  return /([^/\\:]+?)(?:\.git)?[/\\]*$/.exec(address ?? '')?.[1];
}

function call(owner: unknown, name: string, argument: unknown): unknown {
  const method = fieldOf(owner, name);
  return typeof method === 'function' ? (Reflect.apply(method, owner, [argument]) as unknown) : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
