import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../core/ports';

export const SYSTEM_CLOCK: Clock = {
  nowMs: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      // Node throws an error of its own, whatever the signal's reason is.
      signal.throwIfAborted();
      throw error;
    }
  },
};
