import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { defined } from '../../src/core/async/defined';
import { hasUi, ui } from './uiClient';

export interface MochaInHostOptions {
  /** Every *.test.js in or below it is run, in the order of their paths. */
  readonly folder: string;
  /** Only tests whose full title matches; MINUTES_GREP says it from outside. */
  readonly grep?: string;
  readonly timeoutMs?: number;
}

interface Printer {
  readonly print: (...args: readonly unknown[]) => void;
  readonly flush: () => Promise<void>;
}

/** Over the bridge lines arrive in order and unmixed with the workbench's log; on the desktop the console has them. */
function printer(): Printer {
  let pending = Promise.resolve<unknown>(undefined);
  return {
    print: (...args) => {
      if (!hasUi) console.log(...args);
      else pending = pending.then(() => ui('print', { text: format(...args) })).catch(() => undefined); // nobody listens any more
    },
    flush: async () => {
      await pending;
    },
  };
}

/**
 * The run() of an integration entry: runs mocha inside the extension host. Ends with exactly one line "N passed, N failed, N skipped"
 * and rejects, which makes VS Code exit with 1, when a test failed or none ran.
 */
export async function runMochaInHost(options: MochaInHostOptions): Promise<void> {
  const { print, flush } = printer();
  const count = { passed: 0, failed: 0, skipped: 0 };
  try {
    // VS Code makes console.log unassignable in its host, hence mocha's own switch.
    Mocha.reporters.Base.consoleLog = print;
    const grep = options.grep ?? process.env['MINUTES_GREP'];
    const mocha = new Mocha(
      defined({
        ui: 'bdd',
        timeout: options.timeoutMs ?? 20_000,
        reporter: 'spec',
        color: false,
        grep,
      }),
    );
    for (const file of testFilesBelow(options.folder)) mocha.addFile(file);
    await new Promise((resolve) => {
      mocha
        .run(resolve)
        .on('pass', () => count.passed++)
        .on('fail', () => count.failed++)
        .on('pending', () => count.skipped++);
    });
  } catch (error) {
    // A file that does not load: mocha throws before it has begun.
    print(error instanceof Error ? error.stack : error);
    count.failed++;
  }
  print(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  await flush();
  if (count.failed > 0) throw new Error(`${count.failed} tests failed`);
  if (count.passed === 0) throw new Error(`no test ran in ${options.folder}`);
}

function testFilesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .sort()
    .map((name) => path.join(folder, name));
}
