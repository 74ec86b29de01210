import fs from 'node:fs/promises';
import os from 'node:os';
import { isAlive } from '../system/isAlive';
import { sidecarFile, type Sidecar } from './sidecar';

/** A writer that has not touched its file for this long is gone. It does so every second, but a busy or waking machine may be late. */
const HEARTBEAT_MS = 15_000;
/** How inexact the time of the system's start may be: clocks are set while it starts. */
const CLOCK_MS = 60_000;

/**
 * Whether a living window works on this recording. A running process with the same number is not enough: numbers are given again, and
 * repeat after a restart of the machine or of a container. While recording, the file must also have grown or been touched just now.
 * Afterwards the sidecar must be younger than the system's start, or than this process's start where the number is its own.
 */
export async function isOwned(folder: string, sidecar: Sidecar): Promise<boolean> {
  if (!isAlive(sidecar.processId)) return false;
  const sidecarMs = await changedMs(sidecarFile(folder, sidecar.path));
  if (sidecar.state === 'recording') return Date.now() - (await touchedMs(folder, sidecar)) < HEARTBEAT_MS;
  const runsSinceS = sidecar.processId === process.pid ? process.uptime() : os.uptime() + CLOCK_MS / 1000;
  return sidecarMs > Date.now() - runsSinceS * 1000;
}

/**
 * When a recording was cut off, milliseconds since 1970; undefined where it was stopped. A writer that is alive touches its file every
 * second. To be asked before the file is repaired.
 */
export async function cutOffMs(folder: string, sidecar: Sidecar): Promise<number | undefined> {
  return sidecar.state === 'recording' ? touchedMs(folder, sidecar) : sidecar.cutOffMs;
}

async function touchedMs(folder: string, sidecar: Sidecar): Promise<number> {
  return Math.max(await changedMs(sidecarFile(folder, sidecar.path)), await changedMs(sidecar.path));
}

async function changedMs(file: string): Promise<number> {
  return fs.stat(file).then(
    ({ mtimeMs }) => Math.round(mtimeMs),
    () => 0,
  );
}
