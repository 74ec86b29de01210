import { readFileSync } from 'node:fs';
import { until } from '../../host/until';

/** Whether a process still runs. One that ended and that nobody has fetched yet (a zombie) does not. */
export function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    // The state stands behind the name, which may hold spaces and brackets of its own.
    return !/^ [ZX]/.test(stat.slice(stat.lastIndexOf(')') + 1));
  } catch {
    return false;
  }
}

/** Waits for a process to be gone. The deadline is only there so that a failure is told; nothing depends on the time taken. */
export async function untilEnded(processId: number): Promise<void> {
  await until(() => !isRunning(processId), { what: `process ${processId} ends`, timeoutMs: 30_000, intervalMs: 25 });
}
