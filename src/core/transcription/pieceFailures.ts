import type { ProblemCode } from '../errors';

/** Problems that one chunk may have while the next is answered. After any other problem all chunks would fail alike. */
const OF_ONE_PIECE: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'requestRefused',
  'fileRefused',
  'tooLarge',
  'endpointFailed',
  'endpointTimedOut',
  'responseUnreadable',
  'engineFailed',
]);

/**
 * Before the first answer a single one of these is enough to end the run: two take minutes or start a process anew, and where the smallest
 * part is too large, the endpoint takes no part.
 */
const FATAL_AT_FIRST: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['endpointTimedOut', 'engineFailed', 'tooLarge']);

/** After so many failures without an answer between them, the endpoint is taken to be broken. */
const MOST_IN_A_ROW = 3;

/** Whether the problem may concern this chunk alone. Then the chunk becomes a gap and the run goes on. */
export function concernsPieceOnly(code: ProblemCode): boolean {
  return OF_ONE_PIECE.has(code);
}

/** Counts the chunks of one run that failed without an answer between them. */
export class FailuresInARow {
  private inARow = 0;
  private hasAnswered = false;
  private earliest: Error | undefined;

  /** The failure of the first chunk that failed. */
  get first(): Error | undefined {
    return this.earliest;
  }

  answered(): void {
    this.inARow = 0;
    this.hasAnswered = true;
  }

  /** @throws the failure, where the run should end */
  failed(failure: Error, code: ProblemCode): void {
    this.earliest ??= failure;
    this.inARow++;
    if (this.inARow >= MOST_IN_A_ROW || (!this.hasAnswered && FATAL_AT_FIRST.has(code))) throw failure;
  }
}
