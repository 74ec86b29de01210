import { Uri, workspace, type WorkspaceFolder } from 'vscode';
import { MANIFEST_NAMES } from '../../core/vocabulary/sources/extractDependencies';
import type { VocabularySourceText } from '../../core/vocabulary/term';
import { findWorkspaceFiles } from './findWorkspaceFiles';
import { fileName } from '../editor/localFiles';
import { withinTime } from '../editor/withinTime';

/** The texts of a folder. People are apart, because a setting decides each time whether they are used. */
export interface FolderSources {
  readonly files: readonly VocabularySourceText[];
  readonly people: readonly VocabularySourceText[];
}

/** A monorepo has a manifest in every package. Those nearest to the root tell what it is built on. */
const MAXIMUM_MANIFESTS = 20;

/** Room for a manifest, or for a log of ten thousand commits. Larger files are not read. */
const MAXIMUM_FILE_BYTES = 1024 * 1024;

/** The time for all files together; they are read in parallel. */
const READ_MS = 300;

/** Reads a folder's file names, manifests, and the people who work on it. It reads through the editor, so virtual folders work as well. */
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

/** The name of a source as the user is told it. */
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

/** The folder `.git`. In a worktree `.git` is a file that names the folder. */
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

/** Undefined where the file is missing, too large or too slow, or is not a file. The prompt then only has fewer words. */
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
