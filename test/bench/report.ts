/** A figure with what it should be. */
export interface Goal {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** At most this; undefined where only the figure is wanted. */
  readonly goal?: number;
  /** The goal is the least that it should be. */
  readonly isAtLeast?: boolean;
}

/** A further table of a report. */
export interface BenchTable {
  readonly title: string;
  /** Column titles, then rows. */
  readonly rows: readonly (readonly string[])[];
}

export interface BenchReport {
  /** Column titles, then rows. */
  readonly table: readonly (readonly string[])[];
  /** Where one table is not enough. */
  readonly furtherTables?: readonly BenchTable[];
  readonly goals: readonly Goal[];
  /** Anything that a reader of the figures should know. */
  readonly remarks?: readonly string[];
}

/** What the command line may ask of a benchmark; those of the engine and of long recordings obey. */
export interface BenchOptions {
  /** A file that raw results are written to. */
  readonly rawFile?: string;
  /** Files of raw results to report, instead of measuring. */
  readonly from: readonly string[];
  /** The programs to measure, or the parts of a benchmark; all where empty. */
  readonly only: readonly string[];
  /** A few files only, to see that the benchmark works. */
  readonly isQuick: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export function printReport(name: string, report: BenchReport): void {
  printTable({ title: name, rows: report.table });
  for (const table of report.furtherTables ?? []) printTable(table);
  for (const remark of report.remarks ?? []) console.log(remark);
  for (const goal of report.goals) {
    if (goal.goal === undefined) continue;
    const { name: what, value, unit, isAtLeast } = goal;
    const bound = `${isAtLeast === true ? 'at least' : 'at most'} ${goal.goal}`;
    console.log(`${isMet(goal) ? 'met    ' : 'NOT MET'}  ${what}: ${value} ${unit} (goal: ${bound})`);
  }
}

function printTable({ title, rows }: BenchTable): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  console.log(`\n${title}`);
  for (const row of rows)
    console.log(
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    );
}

/** Undefined where only the figure is wanted; false where it is no number. */
function isMet({ value, goal, isAtLeast }: Goal): boolean | undefined {
  if (goal === undefined) return undefined;
  return isAtLeast === true ? value >= goal : value <= goal;
}

/** As the file of `--json` holds them. */
export function goalsAsJson(goals: readonly Goal[]): object[] {
  return goals.map((goal) => ({
    name: goal.name,
    value: goal.value,
    unit: goal.unit,
    goal: goal.goal ?? null,
    direction: goal.isAtLeast === true ? 'at least' : 'at most',
    met: isMet(goal) ?? null,
  }));
}
