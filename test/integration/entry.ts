import path from 'node:path';
import { runMochaInHost } from '../host/mochaInHost';

/** What VS Code calls inside its extension host. */
export function run(): Promise<void> {
  return runMochaInHost({ folder: path.join(__dirname, 'suite'), timeoutMs: 60_000 });
}
