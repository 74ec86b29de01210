import { EventQueue } from '../../core/async/eventQueue';

/**
 * What a work tells while it goes on, as events for one reader. Begins when it is first read; a reader that leaves ends it, and waits
 * until it has cleaned up.
 *
 * @throws whatever the work throws, behind everything that it told
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
