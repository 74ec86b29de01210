/** The right to do something to a thing, once everybody before has ended theirs. */
export interface Turn {
  /** Resolves when every turn of the same thing that was taken before has ended. @throws the signal's reason when aborted */
  readonly come: (signal: AbortSignal) => Promise<void>;
  /** Lets the next one go on; to be called in any case. A second call changes nothing. */
  readonly end: () => void;
}

/** Turns at things, in the order in which they are taken. */
export class Turns<Thing extends object> {
  /** Settles when all turns of a thing so far have ended. */
  private readonly ends = new WeakMap<Thing, Promise<void>>();

  take(thing: Thing): Turn {
    const before = this.ends.get(thing) ?? Promise.resolve();
    let end = (): void => undefined;
    const mine = new Promise<void>((resolve) => (end = resolve));
    this.ends.set(
      thing,
      before.then(() => mine),
    );
    return { come: (signal) => unlessAborted(before, signal), end };
  }
}

async function unlessAborted(before: Promise<void>, signal: AbortSignal): Promise<void> {
  let stop = (): void => undefined;
  try {
    signal.throwIfAborted();
    const aborted = new Promise<void>((resolve) => (stop = resolve));
    signal.addEventListener('abort', stop);
    await Promise.race([before, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
}
