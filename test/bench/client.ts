import { fork, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../host/hostPaths';
import { benchPlanner } from './planner';
import { median, type BenchReport, type Goal } from './report';
import { LONGEST_ABORT_MS, type AbortTime, type Task, type Uploads } from './client/worker';

const CLIENTS = ['raw socket', 'Minutes', 'Minutes over fetch', 'groq-sdk', 'openai'] as const;
type Client = (typeof CLIENTS)[number];
const PROGRAMS = path.join(projectRoot, 'build/test/bench/client');
const SDKS: readonly Client[] = ['groq-sdk', 'openai'];

/** Odd, so that the median is one of them. */
const ROUNDS = 7;
const KEPT_REQUESTS = 60;
const MEMORY_GOAL_MB = 60;
const UPLOAD_GOAL = 0.45;
const KEPT_GOAL = 0.6;
const ABORT_GOAL_MS = 50;

interface Upload {
  readonly title: string;
  readonly sizeBytes: number;
  /** One for every round: a fresh process, a fresh connection. */
  readonly count: number;
}
const UPLOADS = {
  middle: { title: '20 MiB', sizeBytes: 20 * 2 ** 20, count: 1 },
  large: { title: '100 MiB', sizeBytes: 100 * 2 ** 20, count: 1 },
  kept: { title: '200 KB, connection kept', sizeBytes: 200_000, count: KEPT_REQUESTS },
} as const satisfies Record<string, Upload>;

interface Measured {
  readonly wallMs: number;
  readonly memoryMb: number;
}
type Results = Record<keyof typeof UPLOADS, Record<Client, Measured>>;

/** Our upload beside the two SDKs', from disk to a server on loopback. The machine's speed cancels out: goals are ratios within a run. */
export async function benchClient(): Promise<BenchReport> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'minutes-bench-'));
  const server = fork(path.join(PROGRAMS, 'server.js'));
  try {
    const origin = `http://127.0.0.1:${String(await messageOf(server))}`;
    const results = {} as Results;
    for (const [key, { sizeBytes, count }] of Object.entries(UPLOADS)) {
      const file = path.join(folder, `${key}.wav`);
      fs.writeFileSync(file, Buffer.alloc(sizeBytes, 'minutes of speech'));
      results[key as keyof Results] = await interleaved(origin, { kind: 'upload', file, count });
    }
    const aborts: Partial<Record<Client, AbortTime>> = {};
    for (const client of ['Minutes', ...SDKS] as const) {
      aborts[client] = (await inWorker(client, origin, {
        kind: 'abort',
        file: path.join(folder, 'kept.wav'),
      })) as AbortTime;
    }
    const planner = await benchPlanner();
    const { table, goals, remarks } = report(results, aborts);
    const seePlanner = 'The planner’s figures are a simulation; "npm run bench -- planner" prints their table.';
    return { table, goals: [...goals, ...planner.goals], remarks: [...(remarks ?? []), seePlanner] };
  } finally {
    server.disconnect();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Round after round every client once, so that what else the machine does meets them all. */
async function interleaved(origin: string, task: Task): Promise<Record<Client, Measured>> {
  const runs = new Map<Client, Uploads[]>(CLIENTS.map((client) => [client, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [client, done] of runs) done.push((await inWorker(client, origin, task)) as Uploads);
  }
  const measured = [...runs].map(([client, done]) => [
    client,
    {
      // The first of several opens the connection and loads what is loaded late.
      wallMs: median(done.map(({ wallMs }) => median(wallMs.length > 1 ? wallMs.slice(1) : wallMs))),
      memoryMb: median(done.map(({ memoryMb }) => memoryMb)),
    },
  ]);
  return Object.fromEntries(measured) as Record<Client, Measured>;
}

function inWorker(client: Client, origin: string, task: Task): Promise<unknown> {
  return messageOf(fork(path.join(PROGRAMS, 'worker.js'), [client, origin, JSON.stringify(task)]));
}

/** The first message of a child process. */
function messageOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`A process of the benchmark ended with ${String(code)}.`));
    });
  });
}

function report(results: Results, aborts: Partial<Record<Client, AbortTime>>): BenchReport {
  const { middle, large, kept } = results;
  const ratio = (of: Record<Client, Measured>): number =>
    rounded(of.Minutes.wallMs / Math.min(...SDKS.map((sdk) => of[sdk].wallMs)));
  const abort = aborts.Minutes;
  const goals: Goal[] = [
    { name: 'upload of 20 MiB against the faster SDK', value: ratio(middle), unit: 'times', goal: UPLOAD_GOAL },
    { name: 'upload of 100 MiB against the faster SDK', value: ratio(large), unit: 'times', goal: UPLOAD_GOAL },
    { name: 'memory above idle, 20 MiB', value: rounded(middle.Minutes.memoryMb), unit: 'MB', goal: MEMORY_GOAL_MB },
    { name: 'memory above idle, 100 MiB', value: rounded(large.Minutes.memoryMb), unit: 'MB', goal: MEMORY_GOAL_MB },
    { name: '200 KB on a kept connection against the faster SDK', value: ratio(kept), unit: 'times', goal: KEPT_GOAL },
    {
      name: 'abort while retry-after is waited for',
      unit: 'ms',
      goal: ABORT_GOAL_MS,
      // Not a number, and so not met, if nothing was waited for.
      value: typeof abort === 'number' ? rounded(abort) : NaN,
    },
  ];
  return {
    table: [
      ['client', '20 MiB', 'memory', '100 MiB', 'memory', '200 KB, kept', 'abort while waiting'],
      ...CLIENTS.map((client) => [
        client,
        ...[middle, large].flatMap((of) => [ms(of[client].wallMs), `${of[client].memoryMb.toFixed(0)} MB`]),
        ms(kept[client].wallMs),
        abortText(aborts[client]),
      ]),
    ],
    goals,
    remarks: [`Medians of ${ROUNDS} runs, each in a process of its own; memory is the peak above idle.`],
  };
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function abortText(time: AbortTime | undefined): string {
  if (time === undefined) return '';
  if (time === 'over') return 'does not wait';
  return time >= LONGEST_ABORT_MS ? `> ${LONGEST_ABORT_MS / 1000} s` : ms(time);
}
