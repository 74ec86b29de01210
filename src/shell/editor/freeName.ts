import { FileSystemError, Uri, workspace } from 'vscode';

/**
 * The first of `name`, `name-2`, `name-3` and so on that no file of the folder has.
 *
 * @param endings of the files that are to have the name, without a dot
 * @param separator comes before the number
 * @throws FileSystemError where the folder is gone or forbids looking
 */
export async function freeName(
  folder: Uri,
  name: string,
  endings: readonly string[],
  separator: '-' | ' ',
): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}${separator}${number}`;
    const taken = await Promise.all(endings.map((ending) => isTaken(Uri.joinPath(folder, `${candidate}.${ending}`))));
    if (!taken.includes(true)) return candidate;
  }
}

async function isTaken(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch (error) {
    // A file system that is gone or forbids looking has no free name to give.
    if (!(error instanceof FileSystemError && error.code === 'FileNotFound')) throw error;
    return false;
  }
}
