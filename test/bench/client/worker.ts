// One client in a process of its own: does one task, tells the result to its parent and ends.
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLIENTS, type BenchClient } from './clients';

/** Uploads one after another, or an abort while the server's `retry-after` is waited for. */
export type Task =
  | { readonly kind: 'upload'; readonly file: string; readonly count: number }
  | { readonly kind: 'abort'; readonly file: string };

export interface Uploads {
  /** One each. */
  readonly wallMs: readonly number[];
  /** The most memory that the process ever had, above what it had before the first request. */
  readonly memoryMb: number;
}

/** Milliseconds from the abort to the rejection; `over` where there was nothing left to abort. */
export type AbortTime = number | 'over';

/** Longer than this nobody needs to know. */
export const LONGEST_ABORT_MS = 5000;
/** Long enough for the server's refusal to arrive and for the client to wait. */
const BEFORE_ABORT_MS = 700;

async function uploads(client: BenchClient, file: string, count: number): Promise<Uploads> {
  const sizeBytes = fs.statSync(file).size;
  const idleMb = memoryMb('VmRSS');
  const wallMs: number[] = [];
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    const text = await client.send(file);
    wallMs.push(performance.now() - began);
    if (Number(text) <= sizeBytes) throw new Error(`Only ${text} bytes arrived.`);
  }
  return { wallMs, memoryMb: memoryMb('VmHWM') - idleMb };
}

async function abortTime(client: BenchClient, file: string): Promise<AbortTime> {
  const stop = new AbortController();
  let isOver = false;
  const ended = client.send(file, stop.signal).then(
    () => (isOver = true),
    () => (isOver = true),
  );
  await sleep(BEFORE_ABORT_MS);
  // Read through a function: the compiler does not know that time went by.
  if ((() => isOver)()) return 'over';
  const began = performance.now();
  stop.abort();
  await Promise.race([ended, sleep(LONGEST_ABORT_MS)]);
  return performance.now() - began;
}

/** Linux tells both; elsewhere the peak is all there is. */
function memoryMb(what: 'VmRSS' | 'VmHWM'): number {
  if (process.platform === 'linux') {
    const status = fs.readFileSync('/proc/self/status', 'utf8');
    return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  }
  return what === 'VmRSS' ? process.memoryUsage.rss() / 2 ** 20 : process.resourceUsage().maxRSS / 1024;
}

async function run(name: string, origin: string, task: Task): Promise<Uploads | AbortTime> {
  const open = CLIENTS[name];
  if (!open) throw new Error(`There is no client "${name}".`);
  // An upload that is measured is made once; waiting for another attempt is what the abort is about.
  if (task.kind === 'abort') return abortTime(await open(`${origin}/limited`), task.file);
  return uploads(await open(origin, 0), task.file, task.count);
}

// Imported for its types as well.
if (process.send) {
  const [name = '', origin = '', task = ''] = process.argv.slice(2);
  run(name, origin, JSON.parse(task) as Task).then(
    (result) => process.send?.(result, () => process.exit()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
