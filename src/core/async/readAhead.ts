import { eventsOf } from './eventsOf';

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
  yield* eventsOf<Item>(async (tell, inner) => {
    for await (const item of source(inner)) {
      if (inner.aborted) return;
      tell(item);
    }
  }, signal);
}
