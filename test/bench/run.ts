import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { defined } from '../../src/core/async/defined';
import { benchActivation } from './activation';
import { benchClient } from './client';
import { benchDecode } from './decode';
import { benchEngine } from './engine';
import { benchLong } from './long';
import { benchLive } from './live';
import { benchPackage } from './package';
import { benchPlanner } from './planner';
import { benchTranscript } from './transcript';
import { benchUpload } from './upload';
import { goalsAsJson, printReport, type BenchOptions, type BenchReport } from './report';

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<BenchReport>>> = {
  activation: benchActivation,
  client: benchClient,
  decode: benchDecode,
  engine: benchEngine,
  long: benchLong,
  live: benchLive,
  package: benchPackage,
  planner: benchPlanner,
  transcript: benchTranscript,
  upload: benchUpload,
};

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      raw: { type: 'string' },
      from: { type: 'string', multiple: true },
      only: { type: 'string', multiple: true },
      quick: { type: 'boolean' },
    },
  });
  const options: BenchOptions = defined({
    rawFile: values.raw,
    from: values.from ?? [],
    only: values.only ?? [],
    isQuick: values.quick ?? false,
  });
  const names = positionals.length > 0 ? positionals : [''];
  const goals: object[] = [];
  const figures: Record<string, unknown> = {};
  const remarks: Record<string, unknown> = {};
  for (const name of names) {
    const bench = BENCHES[name];
    if (!bench)
      throw new Error(`npm run bench -- NAME [--json FILE], where NAME is one of ${Object.keys(BENCHES).join(', ')}.`);
    const report = await bench(options);
    printReport(name, report);
    goals.push(...goalsAsJson(report.goals));
    figures[name] = report.table;
    for (const { title, rows } of report.furtherTables ?? []) figures[`${name}: ${title}`] = rows;
    if (report.remarks) remarks[name] = report.remarks;
  }
  if (values.json !== undefined)
    writeFileSync(values.json, JSON.stringify({ figures, remarks, goals }, null, 1) + '\n');
}

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
