/** Runs one task at a time, in order of arrival. Who is aborted while waiting leaves the queue at once. */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();

  async run<Result>(task: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const before = this.last;
    const turn = before.then(() => {
      signal.throwIfAborted();
      return task();
    });
    this.last = turn.catch(() => undefined);
    return Promise.race([turn, rejectOnAbort(signal, turn)]);
  }
}

/** Rejects when aborted; stays pending for good once the task is done, so that no listener is left behind. */
function rejectOnAbort(signal: AbortSignal, task: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    const forget = (): void => {
      signal.removeEventListener('abort', onAbort);
    };
    task.then(forget, forget);
  });
}
