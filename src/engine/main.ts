import readline from 'node:readline';
import { NEVER } from '../core/async/never';
import { parseEngineRequest, type EngineLine, type EngineRequest } from '../core/engineProtocol';
import { prepare } from './prepare';
import { serve } from './serve';

/**
 * The embedded engine: a program that loads a recogniser and serves the speech-to-text API on loopback, or makes a model ready and ends.
 *
 * Standard input: one line, an {@link EngineRequest}; then it stays open for as long as the parent lives. Its end ends the engine,
 * so that none outlives a killed editor. Standard output: lines of {@link EngineLine}.
 */
async function answer(request: EngineRequest): Promise<void> {
  if (request.kind === 'serve') {
    say(await serve(request));
    return;
  }
  // The end of standard input ends the program, which is how it is cancelled.
  const last = await prepare(request, say, NEVER);
  say(last, () => process.exit(last.kind === 'failed' ? 1 : 0));
}

function say(line: EngineLine, done?: () => void): void {
  process.stdout.write(JSON.stringify(line) + '\n', done);
}

function fail(reason: string): void {
  say({ kind: 'failed', reason }, () => process.exit(1));
}

// A parent that is gone cannot read what we say; that must not become an error loop.
process.stdout.on('error', () => process.exit(0));

let isStarted = false;
readline
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (isStarted) return;
    isStarted = true;
    const request = parseEngineRequest(line);
    if (!request) {
      fail('the first line is no request');
      return;
    }
    answer(request).catch((error: unknown) => {
      fail(error instanceof Error ? error.message : String(error));
    });
  })
  .on('close', () => process.exit());
