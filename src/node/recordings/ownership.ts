import fs from 'node:fs/promises';
import os from 'node:os';
import { isAlive } from '../system/isAlive';
import { sidecarFile, type Sidecar } from './sidecar';

/** A writer touches its file every second; a machine that is busy or wakes from sleep may be late. */
const HEARTBEAT_MS = 15_000;
/** How exactly the system's start is known: clocks are set while it starts. */
const CLOCK_MS = 60_000;

/**
 * Whether a living window works on this recording. That a process of the same number runs is not enough: numbers are given anew,
 * and after a restart of the machine or of a container they repeat. While recording, the file must have grown or been touched just
 * now; afterwards the sidecar must be younger than the system, or than this process where the number is its own.
 */
export async function isOwned(folder: string, sidecar: Sidecar): Promise<boolean> {
  if (!isAlive(sidecar.processId)) return false;
  const sidecarMs = await changedMs(sidecarFile(folder, sidecar.path));
  if (sidecar.state === 'recording') {
    const touchedMs = Math.max(sidecarMs, await changedMs(sidecar.path));
    return Date.now() - touchedMs < HEARTBEAT_MS;
  }
  const runsSinceS = sidecar.processId === process.pid ? process.uptime() : os.uptime() + CLOCK_MS / 1000;
  return sidecarMs > Date.now() - runsSinceS * 1000;
}

async function changedMs(file: string): Promise<number> {
  return fs.stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
