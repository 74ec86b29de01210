// One client in a process of its own: transcribes one recording, tells its parent what that took, and ends.
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Somebody who transcribes a recording with a server, and tells how many words the text has. */
export type LongClient = (origin: string, file: string, folder: string) => Promise<number>;

/** What one recording took. Memory is the resident set of the client's own process, as the kernel counts it. */
export interface LongRun {
  readonly wallMs: number;
  /** Of all threads of the process. */
  readonly processorMs: number;
  /** With everything loaded that is loaded before a recording. */
  readonly idleMb: number;
  readonly peakMb: number;
  readonly words: number;
}

/** What the process does before it is idle settles in this time. */
const SETTLING_MS = 500;

/** Each is loaded where it is asked for only, so that the memory it takes is its own. */
const CLIENTS: Readonly<Record<string, () => Promise<LongClient>>> = {
  Minutes: async () => (await import('./minutes')).minutes,
  cookbook: async () => (await import('./cookbook')).cookbook,
};

async function run(name: string, origin: string, file: string, folder: string): Promise<LongRun> {
  const client = await CLIENTS[name]?.();
  if (!client) throw new Error(`There is no client "${name}".`);
  await sleep(SETTLING_MS);
  const idleMb = memoryMb('VmRSS');
  const usedBefore = process.cpuUsage();
  const begun = performance.now();
  const words = await client(origin, file, folder);
  const wallMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(usedBefore);
  return { wallMs, processorMs: (user + system) / 1000, idleMb, peakMb: memoryMb('VmHWM'), words };
}

/** Linux tells both; elsewhere the peak is all there is. */
function memoryMb(what: 'VmRSS' | 'VmHWM'): number {
  if (process.platform === 'linux') {
    const status = fs.readFileSync('/proc/self/status', 'utf8');
    return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  }
  return what === 'VmRSS' ? process.memoryUsage.rss() / 2 ** 20 : process.resourceUsage().maxRSS / 1024;
}

// Imported for its types as well.
if (process.send) {
  const [name = '', origin = '', file = '', folder = ''] = process.argv.slice(2);
  run(name, origin, file, folder).then(
    (result) => process.send?.(result, () => process.exit()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
