import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';

/** Where package managers put programs. An editor started from the dock or the start menu has a shorter PATH than a terminal. */
const USUAL_FOLDERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['/opt/homebrew/bin', '/usr/local/bin', '/opt/local/bin'],
  linux: ['/usr/local/bin', '/usr/bin', '/snap/bin'],
  win32: ['C:\\ProgramData\\chocolatey\\bin', 'C:\\Program Files\\ffmpeg\\bin', 'C:\\ffmpeg\\bin'],
};

/** Looks for a program on the PATH, then in the usual places. Relative entries of the PATH are left out: they depend on the workspace. */
export async function findProgram(
  name: string,
  environment = process.env,
  moreFolders: readonly string[] = [],
): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const onPath = (environment['PATH'] ?? environment['Path'] ?? '').split(path.delimiter);
  for (const folder of [...onPath, ...(USUAL_FOLDERS[process.platform] ?? []), ...moreFolders]) {
    if (!path.isAbsolute(folder)) continue;
    const candidate = path.join(folder, file);
    try {
      await fs.access(candidate, constants.X_OK);
      if ((await fs.stat(candidate)).isFile()) return candidate;
    } catch {
      // The program is not in this folder.
    }
  }
  return undefined;
}

/** A part of macOS. */
const AFCONVERT = '/usr/bin/afconvert';

/** The program that every Mac has for what macOS itself can decode, AAC above all; undefined on other systems. */
export async function findAfconvert(platform = process.platform, program = AFCONVERT): Promise<string | undefined> {
  if (platform !== 'darwin') return undefined;
  return fs.access(program, constants.X_OK).then(
    () => program,
    () => undefined,
  );
}
