import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The numbers of the embedded engine's processes that this host has started. Linux only, as the virtual microphone is. */
export function engineProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isEngineOfOurs(name))
    .map(Number);
}

function isEngineOfOurs(id: string): boolean {
  try {
    const [, program = ''] = readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0');
    const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1];
    return parent === String(process.pid) && program.includes(`${path.sep}engine${path.sep}`);
  } catch {
    return false; // ended meanwhile
  }
}
