import { EventQueue } from './eventQueue';

/**
 * Reads a source as fast as it comes, however slowly its items are taken; all that were not taken wait in memory. When this generator
 * has ended, nothing of the source runs any more.
 *
 * @param source its signal ends the reading
 * @throws what the source throws, behind the items before it
 */
export async function* readAhead<Item extends object>(
  source: (signal: AbortSignal) => AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  const queue = new EventQueue<Item>();
  const ending = new AbortController();
  const reading = readInto(queue, source(AbortSignal.any([signal, ending.signal])), ending.signal);
  try {
    yield* queue.read();
  } finally {
    ending.abort();
    await reading;
  }
}

async function readInto<Item extends object>(
  queue: EventQueue<Item>,
  items: AsyncIterable<Item>,
  ending: AbortSignal,
): Promise<void> {
  try {
    for await (const item of items) {
      if (ending.aborted) break;
      queue.push(item);
    }
    queue.close();
  } catch (error) {
    queue.close(error instanceof Error ? error : new Error('failed', { cause: error }));
  }
}
