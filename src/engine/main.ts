import readline from 'node:readline';
import { NEVER } from '../core/async/never';
import { parseEngineRequest, type EngineLine, type EngineRequest } from '../core/engineProtocol';
import { prepare } from './prepare';
import { serve } from './serve';

/**
 * The embedded engine: a program that loads a recogniser and serves the speech-to-text API on loopback, or makes a model ready and ends.
 *
 * Standard input: one line, an {@link EngineRequest}; then it stays open for as long as the parent lives. When it ends, the engine ends,
 * so that the engine does not outlive a killed editor. Standard output: lines of {@link EngineLine}.
 */
async function answer(request: EngineRequest): Promise<void> {
  if (request.kind === 'serve') {
    say(await serve(request));
    return;
  }
  // No signal is needed: the parent cancels by closing standard input, which ends the program.
  const last = await prepare(request, say, NEVER);
  say(last, () => process.exit(last.kind === 'failed' ? 1 : 0));
}

function say(line: EngineLine, done?: () => void): void {
  process.stdout.write(JSON.stringify(line) + '\n', done);
}

function fail(reason: string): void {
  say({ kind: 'failed', reason }, () => process.exit(1));
}

// When the parent is gone, writes to standard output fail. This must not become an endless loop of errors.
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
