// Programs that come from the system's package manager, not from npm.
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './runCommand';

/** The path of the first of these programs that PATH has. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    for (const folder of folders) {
      const file = path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

/** The browser that the workbench is shown in; MINUTES_CHROMIUM names another one. */
export function findChromium(): string | undefined {
  return process.env['MINUTES_CHROMIUM'] ?? findProgram('chromium', 'chromium-browser', 'google-chrome');
}

interface SystemPackage {
  readonly name: string;
  readonly onlyToBuild?: true;
  readonly isThere: () => boolean;
}

/** Where Debian's x64 packages put libraries; the host runs there only. */
const LIBRARIES = '/usr/lib/x86_64-linux-gnu';

/** One for the machine, in the system's folder for passing files: in Debian's container images one apt-get's update deletes what another one's install has downloaded. */
export const APT_LOCK = 'minutes-apt-get.lock';

/** As Debian names them. */
const PACKAGES: readonly SystemPackage[] = [
  { name: 'chromium', isThere: () => findChromium() !== undefined },
  // Without any font the workbench's letters are empty boxes, on screenshots and in measured widths.
  { name: 'fonts-dejavu-core', isThere: () => existsSync('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf') },
  { name: 'ffmpeg', isThere: () => findProgram('ffmpeg') !== undefined },
  // The virtual microphone (virtualMicrophone.ts), and the recorders that hear it.
  { name: 'pulseaudio', isThere: () => findProgram('pulseaudio') !== undefined },
  { name: 'pulseaudio-utils', isThere: () => findProgram('parec') !== undefined },
  { name: 'libasound2-plugins', isThere: () => existsSync(`${LIBRARIES}/alsa-lib/libasound_module_pcm_pulse.so`) },
  { name: 'sox', isThere: () => findProgram('sox') !== undefined },
  { name: 'libsox-fmt-pulse', isThere: () => existsSync(`${LIBRARIES}/sox/libsox_fmt_pulseaudio.so`) },
  { name: 'alsa-utils', isThere: () => findProgram('arecord') !== undefined },
  // The server's log writer and its watchdog are built from source.
  { name: 'g++', onlyToBuild: true, isThere: () => findProgram('g++') !== undefined },
  { name: 'make', onlyToBuild: true, isThere: () => findProgram('make') !== undefined },
  { name: 'python3', onlyToBuild: true, isThere: () => findProgram('python3') !== undefined },
];

export function missingSystemPackages({ building }: { readonly building: boolean }): readonly string[] {
  return PACKAGES.filter((wanted) => (building || !wanted.onlyToBuild) && !wanted.isThere()).map(({ name }) => name);
}

/** Asks Debian's package manager when we may, and says what to type when we may not. */
export async function installSystemPackages(names: readonly string[]): Promise<void> {
  const install = ['install', '-y', '--no-install-recommends', ...names];
  const isRoot = process.getuid?.() === 0;
  if (findProgram('apt-get') === undefined) {
    throw new Error(
      `The VS Code tests need these programs (by their Debian names): ${names.join(', ')}. ` +
        'Install them with the package manager of this system and run "npm run setup" again.',
    );
  }
  if (!isRoot) {
    throw new Error(
      `The VS Code tests need these packages: ${names.join(', ')}. Install them and run "npm run setup" again:\n` +
        `  sudo apt-get update && sudo apt-get ${install.join(' ')}`,
    );
  }
  // Another run may be installing at this moment: wait for it rather than fail.
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=300'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runCommand('apt-get', [...options, 'update'], { env });
  await runCommand('apt-get', [...options, ...install], { env });
  const missing = missingSystemPackages({ building: true }).filter((name) => names.includes(name));
  if (missing.length > 0) throw new Error(`apt-get installed ${missing.join(', ')}, but the programs are not in PATH.`);
}
