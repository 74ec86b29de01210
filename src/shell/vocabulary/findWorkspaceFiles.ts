import { CancellationTokenSource, FileType, RelativePattern, Uri, workspace, type WorkspaceFolder } from 'vscode';
import { withinTime } from '../editor/withinTime';

/** More names than a prompt needs. In a larger project, files in deeper folders are left out. */
const MAXIMUM_FILES = 3000;

/** The time for the editor's search, which starts a program, and then for the walk, which runs where the search finds nothing. */
const SEARCH_MS = 400;
const WALK_MS = 300;

/** Folders with files that nobody wrote by hand in this project. Hidden folders are skipped as well. */
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

/** The files of a folder, sorted by path, without generated and hidden ones. It gives what can be found within the time. */
export async function findWorkspaceFiles(folder: WorkspaceFolder, signal: AbortSignal): Promise<readonly Uri[]> {
  const searched = await withinTime(SEARCH_MS, (end) => search(folder, end), signal);
  // On a host without the search program the search finds nothing, or fails.
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

/** Walks breadth first, since files near the root tell most about the project. Gives what it has found when the time is over. */
async function walk(root: Uri, signal: AbortSignal): Promise<readonly Uri[]> {
  const files: Uri[] = [];
  await withinTime(
    WALK_MS,
    async (end) => {
      const folders = [root];
      for (let folder = folders.shift(); folder && !end.aborted; folder = folders.shift()) {
        // A folder that cannot be read counts as empty.
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
  // The result is a copy, since a folder that answers late may still add to `files`.
  return [...files];
}
