import { EventQueue } from './eventQueue';

/** An event of the work on one item. `index` counts the source's items from 0. */
export interface ItemEvent<Event> {
  readonly index: number;
  readonly event: Event;
}

/** How much is done at once, and how it ends. */
export interface ParallelOptions<Event> {
  /** How many at once, at least 1; asked before each item, since it may be learned on the way. */
  readonly limit: () => number;
  /** Whether work whose last event was this one is only waiting, so that nothing is lost by ending it. */
  readonly isIdle: (event: Event) => boolean;
  /** Whether what is under way may still come to its end after this failure, instead of being aborted. */
  readonly endsGently: (failure: unknown) => boolean;
}

interface Running {
  readonly abort: AbortController;
  isIdle: boolean;
  /** Resolves when it is over, well or badly. */
  over: Promise<void>;
}

/**
 * Works on the items of a source, so many at once; the source is read no faster than the work goes. Events come as they happen, those
 * of one item in its order. The first failure ends everything, behind the events before it: nothing new begins, and what is under way is
 * aborted, unless the failure lets it end gently. An abort, or a reader that leaves its loop early, ends all at once. Nothing runs any
 * more when this ends.
 */
export async function* inParallel<Item, Event>(
  source: AsyncIterable<Item>,
  { limit, isIdle, endsGently }: ParallelOptions<Event>,
  work: (item: Item, signal: AbortSignal) => AsyncIterable<Event>,
  signal: AbortSignal,
): AsyncGenerator<ItemEvent<Event>> {
  const queue = new EventQueue<ItemEvent<Event>>();
  const ending = new AbortController();
  const inner = AbortSignal.any([signal, ending.signal]);
  const running = new Set<Running>();
  let failure: { readonly error: Error } | undefined;

  async function run(item: Item, index: number, me: Running): Promise<void> {
    for await (const event of work(item, AbortSignal.any([inner, me.abort.signal]))) {
      queue.push({ index, event });
      me.isIdle = isIdle(event);
      if (failure && me.isIdle) me.abort.abort();
    }
  }

  function start(item: Item, index: number): void {
    const me: Running = { abort: new AbortController(), isIdle: false, over: Promise.resolve() };
    running.add(me);
    me.over = run(item, index, me)
      .catch(fail)
      .finally(() => running.delete(me));
  }

  function fail(error: unknown): void {
    if (failure) return;
    failure = { error: error instanceof Error ? error : new Error('failed', { cause: error }) };
    if (signal.aborted || !endsGently(error)) ending.abort();
    for (const other of running) if (other.isIdle) other.abort.abort();
  }

  async function all(): Promise<void> {
    let index = 0;
    try {
      for await (const item of source) {
        inner.throwIfAborted();
        start(item, index++);
        while (running.size >= limit() && !isOver()) await Promise.race([...running].map(({ over }) => over));
        if (isOver()) break;
      }
    } catch (error) {
      fail(error);
    }
    while (running.size > 0) await Promise.all([...running].map(({ over }) => over));
    queue.close(failure?.error);
  }

  // Through a function: the compiler does not know that the work goes on meanwhile.
  function isOver(): boolean {
    return failure !== undefined || ending.signal.aborted;
  }

  const done = all();
  try {
    yield* queue.read();
  } finally {
    ending.abort();
    await done;
  }
}
