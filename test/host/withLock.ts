import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_INTERVAL_MS = 500;
const WAIT_LIMIT_MS = 900_000;

const isErrorWithCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return isErrorWithCode(error, 'EPERM');
  }
}

/** A hard link appears at once and with its content, so nobody ever reads a lock that does not say whose it is. */
function tryTake(lockFile: string): boolean {
  const ours = `${lockFile}-${process.pid}`;
  writeFileSync(ours, String(process.pid));
  try {
    linkSync(ours, lockFile);
    return true;
  } catch (error) {
    if (isErrorWithCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(ours, { force: true });
  }
}

function holderOf(lockFile: string): number | undefined {
  try {
    return Number(readFileSync(lockFile, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Lets one process at a time do some work, by a file that names its holder; a lock whose holder has died counts for nothing. Two that
 * find a dead one in the same instant may both go on, so what is installed must be put into place atomically all the same.
 */
export async function withLock<T>(lockFile: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(path.dirname(lockFile), { recursive: true });
  const startedMs = Date.now();
  for (let tries = 0; !tryTake(lockFile); tries++) {
    const holder = holderOf(lockFile);
    if (holder !== undefined && !isRunning(holder)) {
      rmSync(lockFile, { force: true });
      continue;
    }
    if (tries === 0) onWait();
    if (Date.now() - startedMs > WAIT_LIMIT_MS) {
      throw new Error(
        `Process ${holder ?? 'unknown'} has held ${lockFile} for too long; remove that file if it is stale.`,
      );
    }
    await sleep(POLL_INTERVAL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}
