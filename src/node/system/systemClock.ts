import { setTimeout as timer } from 'node:timers/promises';
import type { Clock } from '../../core/async/clock';

/** Timers stand still while a laptop sleeps, so the clock is read again after this time. It is also well below what a timer can hold. */
const LONGEST_TIMER_MS = 10_000;

/** The machine's own clock. */
export const SYSTEM_CLOCK: Clock = {
  nowMs: () => Date.now(),
  sleep: async (ms, signal) => {
    const untilMs = Date.now() + ms;
    try {
      do await timer(Math.min(LONGEST_TIMER_MS, Math.max(0, untilMs - Date.now())), undefined, { signal });
      while (Date.now() < untilMs);
    } catch (error) {
      // Node throws an error of its own, whatever the signal's reason is.
      signal.throwIfAborted();
      throw error;
    }
  },
};
