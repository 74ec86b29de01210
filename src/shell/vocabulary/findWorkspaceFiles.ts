import { CancellationTokenSource, FileType, RelativePattern, Uri, workspace, type WorkspaceFolder } from 'vscode';
import { withinTime } from '../editor/withinTime';

/** More names than a prompt could ever choose from; what lies deeper in a larger project is left out. */
const MAXIMUM_FILES = 3000;

/** For the editor's search, which starts a program of its own, and after it for the walk where no search answers. Nobody waits longer. */
const SEARCH_MS = 400;
const WALK_MS = 300;

/** Folders that hold what people did not write here; hidden ones besides. */
const SKIPPED: readonly string[] = [
  'node_modules',
  'dist',
  'build',
  'out',
  'target',
  'vendor',
  'coverage',
  '__pycache__',
];

/** The files of a folder by path, without those that are made or hidden; what can be found in the time there is. */
export async function findWorkspaceFiles(folder: WorkspaceFolder, signal: AbortSignal): Promise<readonly Uri[]> {
  const searched = await withinTime(SEARCH_MS, (end) => search(folder, end), signal);
  // A host without the search program finds nothing, or fails.
  const found = searched && searched.length > 0 ? searched : await walk(folder.uri, signal);
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function search(folder: WorkspaceFolder, signal: AbortSignal): Promise<readonly Uri[]> {
  const source = new CancellationTokenSource();
  signal.addEventListener('abort', () => {
    source.cancel();
  });
  try {
    const skipped = `**/{${SKIPPED.join(',')},.*}/**`;
    return await workspace.findFiles(new RelativePattern(folder, '**/*'), skipped, MAXIMUM_FILES, source.token);
  } finally {
    source.dispose();
  }
}

/** Breadth first: what lies near the root is what the project is about. Ends with what it has when the time is over. */
async function walk(root: Uri, signal: AbortSignal): Promise<readonly Uri[]> {
  const files: Uri[] = [];
  await withinTime(
    WALK_MS,
    async (end) => {
      const folders = [root];
      for (let folder = folders.shift(); folder && !end.aborted; folder = folders.shift()) {
        // A folder that cannot be read has no names for us.
        for (const [name, type] of await workspace.fs.readDirectory(folder).then(undefined, () => [])) {
          if (name.startsWith('.') || SKIPPED.includes(name)) continue;
          if (type === FileType.Directory) folders.push(Uri.joinPath(folder, name));
          else if (type === FileType.File && files.length < MAXIMUM_FILES) files.push(Uri.joinPath(folder, name));
        }
        if (files.length >= MAXIMUM_FILES) return;
      }
    },
    signal,
  );
  // A copy: a folder that answers late may still add to the other.
  return [...files];
}
