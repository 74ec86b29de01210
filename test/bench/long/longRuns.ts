import { fork, type ChildProcess } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../speech';
import { median, type BenchOptions, type BenchTable, type Goal } from '../report';
import { COMPRESSED, compress, needFfmpeg, speechLoop, writeLongWav } from './longRecordings';
import type { ServerFigures } from './server';
import type { LongRun } from './worker';

const PROGRAMS = path.join(projectRoot(), 'build/test/bench/long');
const LONG_S = 3 * 3600;
const QUICK_LONG_S = 1200;
const SHORT_S = 600;
/** Odd, so that the median is one of them. */
const ROUNDS = 3;
const MEMORY_GOAL_MB = 150;
const GROWTH_GOAL = 10;
const TIME_GOAL = 2;
/** The parallelism that the server's own time is reckoned with; the cookbook asks one after the other. */
const AT_ONCE = { Minutes: 4, cookbook: 1 } as const;

type Client = keyof typeof AT_ONCE;

/** Medians of some runs. */
interface Figures extends LongRun, ServerFigures {
  /** How long the server alone would take, with as many requests at once as this client sends. */
  readonly ownMs: number;
}

/** The result of a part of the benchmark: a table of its own, and goals. */
export interface LongPart {
  readonly table: BenchTable;
  readonly goals: readonly Goal[];
  readonly remarks: readonly string[];
}

/** Three hours and ten minutes from the disk against the scripted server: memory and time. */
export async function measureRuns({ isQuick }: BenchOptions): Promise<LongPart> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'minutes-long-'));
  const ffmpeg = needFfmpeg();
  try {
    const loop = await speechLoop(ffmpeg);
    const longS = isQuick ? QUICK_LONG_S : LONG_S;
    const rounds = isQuick ? 1 : ROUNDS;
    const rows: Row[] = [];
    const measure = async (client: Client, format: string, [short, long]: Pair, longRounds: number): Promise<void> => {
      const row = {
        title: `${client}, ${format}`,
        short: await figuresOf(client, short, folder, rounds),
        long: await figuresOf(client, long, folder, longRounds),
      };
      rows.push(row);
    };
    const wav: Pair = [path.join(folder, 'short.wav'), path.join(folder, 'long.wav')];
    await writeLongWav(wav[0], loop, SHORT_S);
    await writeLongWav(wav[1], loop, longS);
    await measure('Minutes', 'wav', wav, rounds);
    await measure('cookbook', 'wav', wav, 1);
    for (const format of Object.keys(COMPRESSED) as (keyof typeof COMPRESSED)[]) {
      const files: Pair = [await compress(ffmpeg, wav[0], format), await compress(ffmpeg, wav[1], format)];
      await measure('Minutes', format, files, 1);
      for (const file of files) await fs.rm(file);
    }
    return reportRuns(rows, longS, rounds);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

type Pair = readonly [short: string, long: string];

interface Row {
  readonly title: string;
  readonly short: Figures;
  readonly long: Figures;
}

async function figuresOf(client: Client, file: string, folder: string, rounds: number): Promise<Figures> {
  const runs: Figures[] = [];
  for (let round = 0; round < rounds; round++) runs.push(await oneRun(client, file, path.join(folder, 'work')));
  const middle = (value: (run: Figures) => number): number => median(runs.map(value));
  return {
    wallMs: middle(({ wallMs }) => wallMs),
    processorMs: middle(({ processorMs }) => processorMs),
    idleMb: middle(({ idleMb }) => idleMb),
    peakMb: middle(({ peakMb }) => peakMb),
    words: middle(({ words }) => words),
    requests: middle(({ requests }) => requests),
    servedMs: middle(({ servedMs }) => servedMs),
    mostAtOnce: middle(({ mostAtOnce }) => mostAtOnce),
    ownMs: middle(({ ownMs }) => ownMs),
  };
}

/** A fresh server and a fresh client. */
async function oneRun(client: Client, file: string, folder: string): Promise<Figures> {
  const server = fork(path.join(PROGRAMS, 'server.js'));
  try {
    const origin = `http://127.0.0.1:${String(await messageOf(server))}`;
    const run = (await messageOf(fork(path.join(PROGRAMS, 'worker.js'), [client, origin, file, folder]))) as LongRun;
    server.send('figures');
    const figures = (await messageOf(server)) as ServerFigures;
    return { ...run, ...figures, ownMs: figures.servedMs / AT_ONCE[client] };
  } finally {
    server.disconnect();
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** The next message of a child process. */
function messageOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`A process of the benchmark ended with ${String(code)}.`));
    };
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message);
    });
    child.once('error', reject);
    child.once('exit', onExit);
  });
}

function reportRuns(rows: readonly Row[], longS: number, rounds: number): LongPart {
  const above = ({ peakMb, idleMb }: Figures): number => peakMb - idleMb;
  const growth = ({ short, long }: Row): number => rounded(100 * (above(long) / above(short) - 1));
  const ours = rows.filter(({ title }) => title.startsWith('Minutes'));
  const slower = ({ long }: Row): number => rounded(100 * (long.wallMs / long.ownMs - 1));
  const [wav] = rows;
  const goals: Goal[] = ours.flatMap((row) => [
    {
      name: `long: memory above idle, ${row.title}`,
      value: rounded(above(row.long)),
      unit: 'MB',
      goal: MEMORY_GOAL_MB,
    },
    { name: `long: memory above ten minutes', ${row.title}`, value: growth(row), unit: '%', goal: GROWTH_GOAL },
  ]);
  if (wav)
    goals.push({
      name: `long: time above the server's own, ${wav.title}`,
      value: slower(wav),
      unit: '%',
      goal: TIME_GOAL,
    });
  const cells = (figures: Figures): string[] => [above(figures).toFixed(0), figures.peakMb.toFixed(0)];
  return {
    table: {
      title: 'memory and time',
      rows: [
        [
          '',
          '10 min: MB',
          'whole',
          'long: MB',
          'whole',
          'more %',
          'requests',
          'time s',
          "server's s",
          'above %',
          'CPU s',
          'words',
        ],
        ...rows.map((row) => [
          row.title,
          ...cells(row.short),
          ...cells(row.long),
          String(growth(row)),
          String(row.long.requests),
          (row.long.wallMs / 1000).toFixed(1),
          (row.long.ownMs / 1000).toFixed(1),
          String(slower(row)),
          (row.long.processorMs / 1000).toFixed(1),
          String(row.long.words),
        ]),
      ],
    },
    goals,
    remarks: [
      `Long is ${longS / 3600} h. MB is the peak of the client's resident memory above what it had before the recording, "whole" the peak itself; medians of ${rounds} runs, of one where the client is the cookbook or the format compressed.`,
      "The server's own time: from the end of each request to its answer, added up, divided by four (the cookbook: by one). It never had more at once than the client sends.",
    ],
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
