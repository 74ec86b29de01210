import { Uri, workspace, type WorkspaceFolder } from 'vscode';
import { MANIFEST_NAMES } from '../../core/vocabulary/sources/extractDependencies';
import type { VocabularySourceText } from '../../core/vocabulary/term';
import { findWorkspaceFiles } from './findWorkspaceFiles';
import { fileName } from '../editor/localFiles';
import { withinTime } from '../editor/withinTime';

/** What a folder's files say, people apart: whether they are wanted is asked each time. */
export interface FolderSources {
  readonly files: readonly VocabularySourceText[];
  readonly people: readonly VocabularySourceText[];
}

/** A monorepo has a manifest in every package; the nearest to the root say what it is built on. */
const MAXIMUM_MANIFESTS = 20;

/** A manifest, or a log of ten thousand commits. What is larger is not read. */
const MAXIMUM_FILE_BYTES = 1024 * 1024;

/** For all files together; they are read at once. */
const READ_MS = 300;

/** Reads the names of a folder's files, its manifests, and who works on it, through the editor: virtual folders as well. */
export async function readFolder(folder: WorkspaceFolder, signal: AbortSignal): Promise<FolderSources> {
  const uris = await findWorkspaceFiles(folder, signal);
  const manifests = uris
    .filter((uri) => MANIFEST_NAMES.includes(fileName(uri)))
    .toSorted((a, b) => a.path.split('/').length - b.path.split('/').length)
    .slice(0, MAXIMUM_MANIFESTS);
  const [read, people] = await Promise.all([
    Promise.all(manifests.map((uri) => readSource('manifest', uri, signal))),
    readPeople(folder.uri, signal),
  ]);
  const names = uris.map((uri): VocabularySourceText => ({ kind: 'fileName', name: nameOf(uri), text: '' }));
  return { files: [...read.flat(), ...names], people };
}

/** How the user is told where a word comes from. */
export function nameOf(uri: Uri): string {
  return workspace.asRelativePath(uri);
}

async function readPeople(root: Uri, signal: AbortSignal): Promise<readonly VocabularySourceText[]> {
  const sources = await Promise.all([
    readSource('mailmap', Uri.joinPath(root, '.mailmap'), signal),
    readSource('gitLog', Uri.joinPath(await gitFolder(root, signal), 'logs', 'HEAD'), signal),
  ]);
  return sources.flat();
}

/** `.git`; in a worktree that is a file which says where the folder is. */
async function gitFolder(root: Uri, signal: AbortSignal): Promise<Uri> {
  const git = Uri.joinPath(root, '.git');
  const place = /^gitdir: (.+)/.exec((await readText(git, signal)) ?? '')?.[1]?.trim();
  if (place === undefined || root.scheme !== 'file') return git;
  return /^([/\\]|[A-Za-z]:)/.test(place) ? Uri.file(place) : Uri.joinPath(root, place);
}

async function readSource(
  kind: VocabularySourceText['kind'],
  uri: Uri,
  signal: AbortSignal,
): Promise<readonly VocabularySourceText[]> {
  const text = await readText(uri, signal);
  return text === undefined ? [] : [{ kind, name: nameOf(uri), text }];
}

/** Undefined for what is not there, is no file, is too large or comes too late: a word less, and no reason to stop. */
function readText(uri: Uri, signal: AbortSignal): Promise<string | undefined> {
  return withinTime(
    READ_MS,
    async () => {
      const { size } = await workspace.fs.stat(uri);
      if (size > MAXIMUM_FILE_BYTES) return undefined;
      return new TextDecoder().decode(await workspace.fs.readFile(uri));
    },
    signal,
  );
}
