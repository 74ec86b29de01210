/** A figure with what it should be. */
export interface Goal {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** At most this; undefined where only the figure is wanted. */
  readonly goal?: number;
}

export interface BenchReport {
  /** Column titles, then rows. */
  readonly table: readonly (readonly string[])[];
  readonly goals: readonly Goal[];
  /** Anything that a reader of the figures should know. */
  readonly remarks?: readonly string[];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export function printReport(name: string, report: BenchReport): void {
  const widths = (report.table[0] ?? []).map((_, column) =>
    Math.max(...report.table.map((row) => row[column]?.length ?? 0)),
  );
  console.log(`\n${name}`);
  for (const row of report.table)
    console.log(
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    );
  for (const remark of report.remarks ?? []) console.log(remark);
  for (const { name: what, value, unit, goal } of report.goals) {
    if (goal !== undefined)
      console.log(`${value <= goal ? 'met    ' : 'NOT MET'}  ${what}: ${value} ${unit} (goal: at most ${goal})`);
  }
}

/** As the file of `--json` holds them. */
export function goalsAsJson(goals: readonly Goal[]): object[] {
  return goals.map(({ name, value, unit, goal }) => ({
    name,
    value,
    unit,
    goal: goal ?? null,
    met: goal === undefined ? null : value <= goal,
  }));
}
