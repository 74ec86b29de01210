import { measureRuns, type LongPart } from './long/longRuns';
import { measureCutting } from './long/cutAgainstWhole';
import { measureMerging } from './long/merging';
import type { BenchOptions, BenchReport } from './report';

const PARTS: Readonly<Record<string, (options: BenchOptions) => Promise<LongPart>>> = {
  runs: measureRuns,
  merge: measureMerging,
  cut: measureCutting,
};

/**
 * Long recordings: memory and time of three hours against a scripted server (`runs`), what joining the answers of overlapping chunks
 * costs (`merge`), and what Whisper base hears of recordings that are cut and of whole ones (`cut`). `--only` chooses parts.
 */
export async function benchLong(options: BenchOptions): Promise<BenchReport> {
  const unknown = options.only.find((name) => PARTS[name] === undefined);
  if (unknown !== undefined) throw new Error(`--only ${unknown}: the parts are ${Object.keys(PARTS).join(', ')}.`);
  const parts: LongPart[] = [];
  for (const [name, measure] of Object.entries(PARTS))
    if (options.only.length === 0 || options.only.includes(name)) parts.push(await measure(options));
  return {
    table: [['part'], ...parts.map(({ table }) => [table.title])],
    furtherTables: parts.map(({ table }) => table),
    goals: parts.flatMap(({ goals }) => goals),
    remarks: parts.flatMap(({ remarks }) => remarks),
  };
}
