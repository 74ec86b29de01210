import { EventQueue } from './eventQueue';

/**
 * Runs a piece of work and gives what it tells as events for one reader. The work begins at the first read. A reader that leaves its loop
 * early ends the work, and waits until it has cleaned up.
 *
 * @throws the work's own error, after all events that it told
 */
export async function* eventsOf<Event extends object>(
  work: (tell: (event: Event) => void, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  signal.throwIfAborted();
  const leaving = new AbortController();
  const queue = new EventQueue<Event>();
  const tell = (event: Event): void => {
    queue.push(event);
  };
  const done = work(tell, AbortSignal.any([signal, leaving.signal])).then(
    () => {
      queue.close();
    },
    (error: unknown) => {
      queue.close(error instanceof Error ? error : new Error(String(error)));
    },
  );
  try {
    yield* queue.read();
  } finally {
    leaving.abort();
    await done;
  }
}
