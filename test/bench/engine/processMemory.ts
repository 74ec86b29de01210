import { readFileSync, readdirSync } from 'node:fs';

/** The kernel's own high-water marks (VmHWM) of a process and its descendants, added up, in bytes; NaN where there is no /proc. */
export function peakMemoryBytes(processId: number): number {
  try {
    const status = readFileSync(`/proc/${processId}/status`, 'utf8');
    const ownBytes = Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1]) * 1024;
    return childrenOf(processId).reduce((sum, child) => sum + peakMemoryBytes(child), ownBytes);
  } catch {
    return NaN;
  }
}

/** A process's children are told thread by thread: any of its threads may have started one. */
function childrenOf(processId: number): number[] {
  const tasks = `/proc/${processId}/task`;
  return readdirSync(tasks).flatMap((task) =>
    readFileSync(`${tasks}/${task}/children`, 'utf8')
      .split(' ')
      .filter((child) => child !== '')
      .map(Number),
  );
}
