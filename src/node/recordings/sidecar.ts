import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { defined } from '../../core/async/defined';
import type { RecordingTarget } from '../../core/capture/recordings';
import { takeLock } from '../system/fileLock';
import { errnoOf } from '../system/fileProblems';
import { replaceFile } from '../system/replaceFile';

/** What is remembered of a recording that nobody has dealt with. */
export interface Sidecar {
  readonly version: 1;
  /** The audio. */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  /** The process that records, or works on what was recorded. */
  readonly processId: number;
  readonly target: RecordingTarget;
  /** Absent: one. */
  readonly channelCount?: number;
  readonly state: 'recording' | 'finished';
  /** When it was cut off, milliseconds since 1970, as far as somebody has noticed. Absent where it was stopped. */
  readonly cutOffMs?: number;
}

/** The path of a recording's sidecar. Every process finds it from the recording's path. */
export function sidecarFile(folder: string, recording: string): string {
  return path.join(folder, `${createHash('sha256').update(recording).digest('hex').slice(0, 32)}.json`);
}

/** Remembers a recording. The sidecar is on the disk when this returns, so that a power cut leaves no audio that is forgotten. */
export async function writeSidecar(folder: string, sidecar: Sidecar): Promise<void> {
  await replaceFile(sidecarFile(folder, sidecar.path), JSON.stringify(sidecar));
}

/**
 * Makes this process the owner of a recording, unless another window was quicker. After a crash every restored window finds the same
 * recordings at the same time, and only one of them must offer each.
 *
 * @param whenCutOff gives {@link Sidecar.cutOffMs}
 * @returns what is remembered from now on; undefined where the recording is another's
 */
export async function takeOver(
  folder: string,
  file: string,
  isFree: (current: Sidecar) => Promise<boolean>,
  whenCutOff: (current: Sidecar) => Promise<number | undefined>,
): Promise<Sidecar | undefined> {
  const lock = await takeLock(`${sidecarFile(folder, file)}.claim`);
  if (!lock) return undefined;
  try {
    const current = await readSidecar(folder, file);
    if (!current || !(await isFree(current))) return undefined;
    const cutOffMs = await whenCutOff(current);
    const taken = defined({ ...current, processId: process.pid, state: 'finished' as const, cutOffMs });
    await writeSidecar(folder, taken);
    return taken;
  } finally {
    await lock.release();
  }
}

/** The sidecar of a recording; undefined where there is none. */
export async function readSidecar(folder: string, recording: string): Promise<Sidecar | undefined> {
  return parseSidecar(await fs.readFile(sidecarFile(folder, recording), 'utf8').catch(() => ''));
}

/** All sidecars of a folder. Other files, and incomplete ones, are left out. */
export async function readSidecars(folder: string): Promise<Sidecar[]> {
  const names = await fs.readdir(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  const found: Sidecar[] = [];
  for (const name of names.filter((entry) => entry.endsWith('.json')).sort()) {
    const sidecar = parseSidecar(await fs.readFile(path.join(folder, name), 'utf8').catch(() => ''));
    if (sidecar) found.push(sidecar);
  }
  return found;
}

function parseSidecar(text: string): Sidecar | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const given = value as Readonly<Record<string, unknown>>;
  const { path: file, startedMs, processId, state, channelCount, cutOffMs } = given;
  const target = parseTarget(given['target']);
  return given['version'] === 1 &&
    typeof file === 'string' &&
    path.isAbsolute(file) &&
    typeof startedMs === 'number' &&
    typeof processId === 'number' &&
    Number.isSafeInteger(processId) &&
    processId > 0 &&
    (state === 'recording' || state === 'finished') &&
    target
    ? defined({
        version: 1,
        path: file,
        startedMs,
        processId,
        target,
        state,
        channelCount: parseChannels(channelCount),
        cutOffMs: typeof cutOffMs === 'number' ? cutOffMs : undefined,
      })
    : undefined;
}

function parseChannels(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 1 && value <= 8 ? value : undefined;
}

function parseTarget(value: unknown): RecordingTarget | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  if (value.kind === 'dictation') return { kind: 'dictation' };
  return value.kind === 'meeting' && 'note' in value && typeof value.note === 'string'
    ? { kind: 'meeting', note: value.note }
    : undefined;
}
