export type Print = (line: string) => void;

/** Does one step, saying before it begins, and every ten seconds while it lasts, how long everything has taken so far. */
export type Step = <T>(what: string, work: () => Promise<T>) => Promise<T>;

const REMINDER_INTERVAL_MS = 10_000;

export function progressSteps(print: Print): Step {
  const startedMs = Date.now();
  const say = (what: string) => {
    const elapsedSeconds = Math.round((Date.now() - startedMs) / 1000);
    print(`[${String(elapsedSeconds).padStart(3)} s] ${what}`);
  };
  return async (what, work) => {
    say(what);
    const reminder = setInterval(() => {
      say(`  still: ${what}`);
    }, REMINDER_INTERVAL_MS);
    try {
      return await work();
    } finally {
      clearInterval(reminder);
    }
  };
}
