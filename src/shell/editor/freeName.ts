import { FileSystemError, Uri, workspace } from 'vscode';

/**
 * The first of `name`, `name-2`, `name-3` and so on that no file of the folder has.
 *
 * @param endings the endings, without a dot, of the files that will have the name
 * @param separator stands before the number
 * @throws FileSystemError where the folder is gone or forbids looking
 */
export async function freeName(
  folder: Uri,
  name: string,
  endings: readonly string[],
  separator: '-' | ' ',
): Promise<string> {
  return freeNameIn(
    endings.map((ending) => ({ folder, ending })),
    name,
    separator,
  );
}

/** The same for files of one name in several folders. @throws FileSystemError as {@link freeName} does */
export async function freeNameIn(
  files: readonly { readonly folder: Uri; readonly ending: string }[],
  name: string,
  separator: '-' | ' ',
): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}${separator}${number}`;
    const uris = files.map(({ folder, ending }) => Uri.joinPath(folder, `${candidate}.${ending}`));
    if (!(await Promise.all(uris.map(isTaken))).includes(true)) return candidate;
  }
}

async function isTaken(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch (error) {
    // Any other error means that the folder is gone or cannot be read, so no name is known to be free.
    if (!(error instanceof FileSystemError && error.code === 'FileNotFound')) throw error;
    return false;
  }
}
