import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  /** Names in the error what was waited for. */
  readonly what: string;
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/** Asks again and again until the answer is neither undefined, null nor false, and gives that answer. */
export async function until<T>(
  ask: () => T | Promise<T>,
  { what, timeoutMs = 8000, intervalMs = 100 }: UntilOptions,
): Promise<Exclude<T, undefined | null | false>> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) {
      // The compiler does not narrow a type parameter by comparisons.
      return answer as Exclude<T, undefined | null | false>;
    }
    if (Date.now() > deadlineMs) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await sleep(intervalMs);
  }
}
