import { EventQueue } from './eventQueue';

/** An event of the work on one item. `index` counts the source's items from 0. */
export interface ItemEvent<Event> {
  readonly index: number;
  readonly event: Event;
}

/**
 * Works on the items of a source, so many at once; the source is read no faster than the work goes. Events come as they happen, those
 * of one item in its order. The first failure ends everything, behind the events before it; what is under way is aborted then, and
 * also where the reader leaves its loop early. Nothing runs any more when this ends.
 *
 * @param limit at least 1
 */
export async function* inParallel<Item, Event>(
  source: AsyncIterable<Item>,
  limit: number,
  work: (item: Item, signal: AbortSignal) => AsyncIterable<Event>,
  signal: AbortSignal,
): AsyncGenerator<ItemEvent<Event>> {
  const queue = new EventQueue<ItemEvent<Event>>();
  const ending = new AbortController();
  const inner = AbortSignal.any([signal, ending.signal]);
  const running = new Set<Promise<void>>();

  async function one(item: Item, index: number): Promise<void> {
    for await (const event of work(item, inner)) queue.push({ index, event });
  }

  async function all(): Promise<void> {
    let index = 0;
    for await (const item of source) {
      inner.throwIfAborted();
      const task: Promise<void> = one(item, index++).then(
        () => void running.delete(task),
        (error: unknown) => {
          running.delete(task);
          fail(error);
        },
      );
      running.add(task);
      if (running.size >= limit) await Promise.race(running);
      if (ending.signal.aborted) return;
    }
    await Promise.all(running);
  }

  function fail(error: unknown): void {
    queue.close(error instanceof Error ? error : new Error('failed', { cause: error }));
    ending.abort();
  }

  const done = all().then(() => {
    queue.close();
  }, fail);
  try {
    yield* queue.read();
  } finally {
    ending.abort();
    await done;
    await Promise.all(running);
  }
}
