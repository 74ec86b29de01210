import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import { isAlive } from './isAlive';
import { errnoOf } from './fileProblems';

/** A holder touches its file so often … */
const HEARTBEAT_MS = 5000;
/** … and is given up after so long: a machine that is busy or wakes from sleep may be late. */
const STALE_MS = 60_000;

interface Holder {
  readonly id: string;
  readonly processId: number;
  /** Process numbers say nothing about another machine that shares the folder. */
  readonly machine: string;
}

/** What this process holds: after a restart in a container another may have had the same number. */
const held = new Set<string>();

/** The right to work on some files: one process at a time. */
export interface FileLock {
  release(): Promise<void>;
}

/**
 * Takes the lock. One of a process that is gone, or that gave no sign of life for a minute, is taken over.
 *
 * @returns undefined where a living process has it
 */
export async function takeLock(file: string): Promise<FileLock | undefined> {
  const own: Holder = { id: randomUUID(), processId: process.pid, machine: os.hostname() };
  for (let attempt = 0; attempt < 2; attempt++) {
    held.add(own.id);
    if (await create(file, own)) return heldLock(file, own);
    held.delete(own.id);
    const other = await read(file);
    if (other && (await isHeld(file, other))) return undefined;
    await remove(file, other?.id, own.id);
  }
  return undefined;
}

/** Whether a living process has the lock. */
export async function isLocked(file: string): Promise<boolean> {
  const holder = await read(file);
  return holder !== undefined && isHeld(file, holder);
}

function heldLock(file: string, own: Holder): FileLock {
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A folder that somebody deleted meanwhile is the work's own failure to tell.
    fs.utimes(file, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    release: async () => {
      clearInterval(heartbeat);
      held.delete(own.id);
      if ((await read(file))?.id === own.id) await fs.rm(file, { force: true });
    },
  };
}

async function create(file: string, holder: Holder): Promise<boolean> {
  try {
    await fs.writeFile(file, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Takes the file away in one step: of two that find the same old lock, only one removes it. */
async function remove(file: string, oldId: string | undefined, ownId: string): Promise<void> {
  const aside = `${file}-${ownId}`;
  try {
    await fs.rename(file, aside);
  } catch {
    return;
  }
  // In between another may have removed the old one and made its own: that goes back where it was.
  if (oldId !== (await read(aside))?.id) await fs.link(aside, file).catch(() => undefined);
  await fs.rm(aside, { force: true });
}

async function isHeld(file: string, { id, processId, machine }: Holder): Promise<boolean> {
  const touchedMs = await fs.stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (Date.now() - touchedMs > STALE_MS) return false;
  if (machine !== os.hostname()) return true;
  return processId === process.pid ? held.has(id) : isAlive(processId);
}

async function read(file: string): Promise<Holder | undefined> {
  try {
    const value: unknown = JSON.parse(await fs.readFile(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('id' in value) || !('processId' in value)) return undefined;
    const { id, processId } = value;
    const machine = 'machine' in value ? value.machine : undefined;
    if (typeof id !== 'string' || typeof processId !== 'number' || typeof machine !== 'string') return undefined;
    return { id, processId, machine };
  } catch {
    return undefined;
  }
}
