import type { ItemEvent, ParallelOptions } from '../../../../src/core/async/inParallel';
import { untilAborted } from '../fakes';

/** Counts what was taken from it, and notes whether it was closed. */
export class Source {
  taken = 0;
  isClosed = false;

  constructor(
    private readonly count: number,
    private readonly failure?: Error,
  ) {}

  async *items(): AsyncGenerator<number> {
    try {
      for (; this.taken < this.count;) {
        await Promise.resolve();
        yield this.taken++;
      }
      if (this.failure !== undefined) throw this.failure;
    } finally {
      this.isClosed = true;
    }
  }
}

/** Work on items, with its traces. */
export class Work {
  inFlight = 0;
  mostInFlight = 0;
  started = 0;
  readonly aborted: number[] = [];

  constructor(private readonly events: (item: number, signal: AbortSignal) => AsyncIterable<string>) {}

  readonly on = async function* (this: Work, item: number, signal: AbortSignal): AsyncGenerator<string> {
    this.started++;
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    try {
      yield* this.events(item, signal);
    } catch (error) {
      if (signal.aborted) this.aborted.push(item);
      throw error;
    } finally {
      this.inFlight--;
    }
  }.bind(this);
}

/** Two events with some turns between. */
export async function* twoEvents(item: number, turns = 1): AsyncGenerator<string> {
  for (let i = 0; i < turns; i++) await Promise.resolve();
  yield `${item}a`;
  for (let i = 0; i < turns; i++) await Promise.resolve();
  yield `${item}b`;
}

/** Waits until it is aborted. */
// eslint-disable-next-line require-yield -- waits for its end
export async function* endless(_item: number, signal: AbortSignal): AsyncGenerator<string> {
  await untilAborted(signal);
}

/** Fails with this. */
// eslint-disable-next-line require-yield -- fails
export async function* failing(error: unknown): AsyncGenerator<string> {
  await Promise.resolve();
  throw error;
}

/** The first failure ends all at once. */
export function upTo(limit: number): ParallelOptions<string> {
  return { limit: () => limit, isIdle: () => false, endsGently: () => false };
}

/** The events without their numbers. */
export function namesOf(values: readonly ItemEvent<string>[]): string[] {
  return values.map(({ event }) => event);
}
