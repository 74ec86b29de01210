import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../host/hostPaths';
import type { BenchReport, Goal } from './report';

/** The sizes of what users download. */
export function benchPackage(): Promise<BenchReport> {
  const sizeMb = (file: string, ...args: readonly string[]): number => {
    const script = path.join(projectRoot, 'scripts/package.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return Math.round(statSync(path.join(projectRoot, 'build', file)).size / 1e4) / 100;
  };
  const goals: Goal[] = [
    {
      name: 'package without the engine',
      value: sizeMb('minutes-without-engine.vsix', '--without-engine'),
      unit: 'MB',
    },
    { name: 'package with the engine', value: sizeMb(`minutes-${process.platform}-${process.arch}.vsix`), unit: 'MB' },
  ];
  return Promise.resolve({
    table: [['package', 'MB'], ...goals.map(({ name, value }) => [name, value.toFixed(2)])],
    goals,
  });
}
