import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import { isAlive } from './isAlive';
import { errnoOf } from './fileProblems';

/** A holder touches its lock file at this interval. */
const HEARTBEAT_MS = 5000;
/** After this time without a touch the lock counts as free. A machine that is busy or wakes from sleep may be late. */
const STALE_MS = 60_000;

interface Holder {
  readonly id: string;
  readonly processId: number;
  /** Process numbers say nothing about another machine that shares the folder. */
  readonly machine: string;
  /** What the holder says about itself. */
  readonly about?: unknown;
}

/** The locks of this process. Its number is not enough: before a container's restart another process may have had the same one. */
const held = new Set<string>();

/** The right to work on some files: one process at a time. */
export interface FileLock {
  release(): Promise<void>;
}

/**
 * Takes the lock. The lock of a process that is gone, or that gave no sign of life for a minute, is taken over.
 *
 * @param about what others may read of the holder, as JSON
 * @returns undefined where a living process has it
 */
export async function takeLock(file: string, about?: unknown): Promise<FileLock | undefined> {
  const own: Holder = { id: randomUUID(), processId: process.pid, machine: os.hostname(), about };
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

/** What a living holder says about itself; undefined where the lock is free. */
export async function readLock(file: string): Promise<{ readonly about: unknown } | undefined> {
  const holder = await read(file);
  return holder && (await isHeld(file, holder)) ? { about: holder.about } : undefined;
}

function heldLock(file: string, own: Holder): FileLock {
  const heartbeat = setInterval(() => {
    const now = new Date();
    // If somebody deleted the folder meanwhile, the work itself fails and tells it.
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
    // A full disk leaves an empty file, which is this process's own.
    await fs.rm(file, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Removes an old lock in one step: of two processes that find it, only one removes it. */
async function remove(file: string, oldId: string | undefined, ownId: string): Promise<void> {
  const aside = `${file}-${ownId}`;
  try {
    await fs.rename(file, aside);
  } catch {
    return;
  }
  // Another process may have replaced the old lock by its own meanwhile; that one is put back.
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
    return { id, processId, machine, about: 'about' in value ? value.about : undefined };
  } catch {
    return undefined;
  }
}
