import os from 'node:os';
import path from 'node:path';
import { runCommand } from '../../test/host/runCommand';
import { APT_LOCK, findProgram, installSystemPackages } from '../../test/host/systemPrograms';
import { withLock } from '../../test/host/withLock';

/** A registry that does not answer is given up after so long, twice. */
const [TIMEOUT_S, RETRIES] = [15, 1];

/** What pip is asked for that wants wheels alone: no package's code is run, and nothing is installed. */
const DOWNLOAD = [
  'download',
  '--quiet',
  '--no-deps',
  '--only-binary=:all:',
  '--disable-pip-version-check',
  `--timeout=${TIMEOUT_S}`,
  `--retries=${RETRIES}`,
];

/**
 * Downloads wheels of Python packages.
 *
 * @param packages each as `name==version`
 * @param isInstalling pip itself may be installed, where Debian's package manager can do it
 * @throws Error in one line; where there is no Python with pip, or where pip fails
 */
export async function downloadWheels(
  packages: readonly string[],
  folder: string,
  isInstalling: boolean,
  signal: AbortSignal,
): Promise<void> {
  const python = (await pythonWithPip(signal)) ?? (isInstalling ? await installPip(signal) : undefined);
  if (python === undefined) throw new Error('there is no Python with pip');
  try {
    await runCommand(python, ['-m', 'pip', ...DOWNLOAD, '--dest', folder, ...packages], { signal });
  } catch (error) {
    signal.throwIfAborted();
    const lines = String(error).trim().split('\n');
    throw new Error(`pip says ${lines.at(-1) ?? 'nothing'}`, { cause: error });
  }
}

/** Its name or path. */
async function pythonWithPip(signal: AbortSignal): Promise<string | undefined> {
  for (const python of process.platform === 'win32' ? ['py', 'python'] : ['python3', 'python']) {
    try {
      await runCommand(python, ['-m', 'pip', '--version'], { signal });
      return python;
    } catch {
      signal.throwIfAborted();
    }
  }
  return undefined;
}

async function installPip(signal: AbortSignal): Promise<string | undefined> {
  if (findProgram('apt-get') === undefined || process.getuid?.() !== 0) return undefined;
  await withLock(
    path.join(os.tmpdir(), APT_LOCK),
    () => undefined,
    () => installSystemPackages(['python3-pip']),
  );
  return pythonWithPip(signal);
}
