import path from 'node:path';
import { findProgram } from '../system/findProgram';

/** Programs that write raw samples to their standard output. */
export type RecorderKind = 'parec' | 'sox' | 'sox_ng' | 'arecord';

/** A program that records. */
export interface Recorder {
  readonly kind: RecorderKind;
  /** Absolute path. */
  readonly program: string;
}

/** What node-record-lpcm16 hands to our recorder file. */
export interface RecorderFileOptions {
  readonly sampleRate: number;
  readonly minutes: {
    readonly recorder: Recorder;
    /** The recorder's name for the device; absent: the system's default. */
    readonly device?: string;
    readonly environment: NodeJS.ProcessEnv;
  };
}

/**
 * The recorders for each system, the best first. On Linux the best is parec: most desktops have it, and its first sample comes after 12 ms
 * (SoX and arecord: 160 ms). On Windows it is sox_ng: SoX 14.4.2 finds no default device there by itself.
 */
const RECORDERS: Readonly<Partial<Record<NodeJS.Platform, readonly RecorderKind[]>>> = {
  linux: ['parec', 'sox', 'sox_ng', 'arecord'],
  darwin: ['sox', 'sox_ng'],
  win32: ['sox_ng', 'sox'],
};

/** Where installers put SoX on Windows. The PATH of an editor that runs already does not have these folders. */
function windowsFolders(environment: NodeJS.ProcessEnv): string[] {
  const below = (variable: string, ...folders: readonly string[]): string[] => {
    const root = environment[variable];
    return root === undefined ? [] : folders.map((folder) => path.join(root, folder));
  };
  return [
    ...below('LOCALAPPDATA', 'Microsoft\\WinGet\\Links'),
    ...below('ProgramFiles', 'WinGet\\Links', 'sox_ng', 'sox-14-4-2'),
    ...below('ProgramFiles(x86)', 'sox_ng', 'sox-14-4-2'),
  ];
}

/** Finds the recorders of this machine, the best first. Called for every recording, since one may have been installed meanwhile. */
export async function findRecorders(environment = process.env): Promise<Recorder[]> {
  const moreFolders = process.platform === 'win32' ? windowsFolders(environment) : [];
  const found: Recorder[] = [];
  for (const kind of RECORDERS[process.platform] ?? ['sox']) {
    const program = await findProgram(kind, environment, moreFolders);
    if (program !== undefined) found.push({ kind, program });
  }
  return found;
}
