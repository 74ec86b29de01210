import { FileSystemError, Uri, workspace } from 'vscode';
import { MinutesError } from '../../core/errors';

/** A file that programs on this machine can open. */
export interface LocalFile {
  readonly path: string;
  /** The original's last change; set where `path` is a copy. */
  readonly modifiedMs?: number;
  /** Removes our copy; does nothing to a file of the user's. */
  readonly release: () => Promise<void>;
}

/**
 * The file itself where it lies on disk, else a copy of it in `folder`. Files of virtual and remote workspaces are read through the
 * editor. The copy's path depends on the address alone, so that an unfinished transcription finds it again.
 *
 * @throws MinutesError `fileNotOnDisk` where it cannot be copied
 */
export async function toLocalFile(uri: Uri, folder: Uri): Promise<LocalFile> {
  if (uri.scheme === 'file') return { path: uri.fsPath, release: () => Promise.resolve() };
  const name = fileName(uri);
  const copyFolder = Uri.joinPath(folder, addressHash(uri.toString()));
  const copy = Uri.joinPath(copyFolder, name);
  try {
    const { mtime } = await workspace.fs.stat(uri);
    await workspace.fs.createDirectory(copyFolder);
    await workspace.fs.copy(uri, copy, { overwrite: true });
    const release = async (): Promise<void> => {
      await workspace.fs.delete(copyFolder, { recursive: true });
    };
    return { path: copy.fsPath, modifiedMs: mtime, release };
  } catch (cause) {
    await workspace.fs.delete(copyFolder, { recursive: true }).then(undefined, () => undefined);
    const reason = cause instanceof FileSystemError ? cause.code : String(cause);
    throw new MinutesError({ code: 'fileNotOnDisk', file: name, reason }, { cause });
  }
}

/** The name of a file with its ending, as the user knows it. */
export function fileName(uri: Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/** FNV-1a with 32 bits, twice with different seeds: a short folder name for an address. It need not resist attacks. */
function addressHash(address: string): string {
  const hash = (seed: number): string => {
    let value = seed;
    for (let i = 0; i < address.length; i++) value = Math.imul(value ^ address.charCodeAt(i), 0x0100_0193) >>> 0;
    return value.toString(16).padStart(8, '0');
  };
  return hash(0x811c_9dc5) + hash(0x9dc5_811c);
}
