/**
 * The result of the work; undefined where the work fails or takes longer than this time. Its signal is aborted when the time is over or
 * the caller's signal is.
 *
 * @throws the signal's reason when aborted
 */
export async function withinTime<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => PromiseLike<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  signal.throwIfAborted();
  const end = new AbortController();
  const finish = (): void => {
    end.abort();
  };
  const timer = setTimeout(finish, timeoutMs);
  signal.addEventListener('abort', finish, { once: true });
  try {
    const late = new Promise<undefined>((resolve) => {
      end.signal.addEventListener('abort', () => {
        resolve(undefined);
      });
    });
    return await Promise.race([
      late,
      Promise.resolve()
        .then(() => work(end.signal))
        .catch(() => undefined),
    ]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', finish);
    end.abort();
    signal.throwIfAborted();
  }
}
