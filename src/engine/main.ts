import readline from 'node:readline';
import { NEVER } from '../core/async/never';
import { isPrepareRequest, prepare, type PrepareLine, type PrepareRequest } from './prepare';
import { serve, type EngineStarted, type ServeStart } from './serve';

/**
 * The embedded engine: a program that loads a recogniser and serves the speech-to-text API on loopback.
 *
 * Standard input: one line of JSON, {@link ServeStart}; then it stays open for as long as the parent lives. Its end ends the engine,
 * so that none outlives a killed editor. The token comes this way because arguments and environment can be read by others.
 * Standard output: one line of JSON, {@link EngineStarted} or {@link EngineNotStarted}.
 *
 * Asked by {@link PrepareRequest} instead, it makes a downloaded model ready, says {@link PrepareLine}s, and ends.
 */

/** Said before the engine ends because it cannot work. */
interface EngineNotStarted {
  readonly failed: string;
}

async function prepareModel(request: PrepareRequest): Promise<void> {
  // The end of standard input ends the program, which is how it is cancelled.
  const last = await prepare(request, say, NEVER);
  say(last, () => process.exit('failed' in last ? 1 : 0));
}

function say(line: EngineStarted | EngineNotStarted | PrepareLine, done?: () => void): void {
  process.stdout.write(JSON.stringify(line) + '\n', done);
}

// A parent that is gone cannot read what we say; that must not become an error loop.
process.stdout.on('error', () => process.exit(0));

let isStarted = false;
readline
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (isStarted) return;
    isStarted = true;
    const request: unknown = JSON.parse(line);
    const work = isPrepareRequest(request) ? prepareModel(request) : serve(request as ServeStart).then(say);
    work.catch((error: unknown) => {
      say({ failed: error instanceof Error ? error.message : String(error) }, () => process.exit(1));
    });
  })
  .on('close', () => process.exit());
