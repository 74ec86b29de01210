import { EventQueue } from './eventQueue';

/** An event of the work on one item. `index` counts the source's items from 0. */
export interface ItemEvent<Event> {
  readonly index: number;
  readonly event: Event;
}

/** How much is done at once, and how it ends. */
export interface ParallelOptions<Event> {
  /** How many items are worked on at once, at least 1. Called before each item, since the number may be learned on the way. */
  readonly limit: () => number;
  /** Whether work whose last event was this one only waits. Then nothing is lost when it is ended. */
  readonly isIdle: (event: Event) => boolean;
  /** Whether the work under way may finish after this failure, instead of being aborted. */
  readonly endsGently: (failure: unknown) => boolean;
}

interface Running {
  readonly abort: AbortController;
  isIdle: boolean;
  /** Resolves when the work has ended, with or without a failure. */
  over: Promise<void>;
}

/**
 * Works on several items of a source at once; the source is read no faster than the work goes. Events come as they happen, the events
 * of one item in order. The first failure ends everything: the events before it are still delivered, no new work begins, the source's
 * reading is aborted, and so is the work under way, unless the failure lets it finish. An abort ends everything at once, and so does a
 * reader that leaves its loop early. When this generator has ended, nothing runs any more.
 *
 * @param source gives the items; its signal ends the reading, also where the source waits for its next item
 */
export async function* inParallel<Item, Event>(
  source: (signal: AbortSignal) => AsyncIterable<Item>,
  options: ParallelOptions<Event>,
  work: (item: Item, signal: AbortSignal) => AsyncIterable<Event>,
  signal: AbortSignal,
): AsyncGenerator<ItemEvent<Event>> {
  const all = new ParallelWork(options, work, signal);
  const done = all.run(source);
  try {
    yield* all.queue.read();
  } finally {
    all.end();
    await done;
  }
}

class ParallelWork<Item, Event> {
  readonly queue = new EventQueue<ItemEvent<Event>>();
  private readonly ending = new AbortController();
  /** Ends the reading of the source alone. */
  private readonly reading = new AbortController();
  /** Ends the reading of the source and all work. */
  private readonly inner: AbortSignal;
  private readonly running = new Set<Running>();
  private failure: { readonly error: Error } | undefined;

  constructor(
    private readonly options: ParallelOptions<Event>,
    private readonly work: (item: Item, signal: AbortSignal) => AsyncIterable<Event>,
    private readonly signal: AbortSignal,
  ) {
    this.inner = AbortSignal.any([signal, this.ending.signal]);
  }

  /** Never rejects: a failure goes to the reader of the queue. */
  async run(source: (signal: AbortSignal) => AsyncIterable<Item>): Promise<void> {
    let index = 0;
    try {
      for await (const item of source(AbortSignal.any([this.inner, this.reading.signal]))) {
        this.inner.throwIfAborted();
        this.start(item, index++);
        while (this.running.size >= this.options.limit() && !this.isOver()) await Promise.race(this.ends());
        if (this.isOver()) break;
      }
    } catch (error) {
      this.fail(error);
    }
    while (this.running.size > 0) await Promise.all(this.ends());
    this.queue.close(this.failure?.error);
  }

  end(): void {
    this.ending.abort();
  }

  private start(item: Item, index: number): void {
    const me: Running = { abort: new AbortController(), isIdle: false, over: Promise.resolve() };
    this.running.add(me);
    me.over = this.workOn(item, index, me)
      .catch((error: unknown) => {
        this.fail(error);
      })
      .finally(() => this.running.delete(me));
  }

  private async workOn(item: Item, index: number, me: Running): Promise<void> {
    for await (const event of this.work(item, AbortSignal.any([this.inner, me.abort.signal]))) {
      this.queue.push({ index, event });
      me.isIdle = this.options.isIdle(event);
      if (this.failure && me.isIdle) me.abort.abort();
    }
  }

  private fail(error: unknown): void {
    if (this.failure) return;
    this.failure = { error: error instanceof Error ? error : new Error('failed', { cause: error }) };
    this.reading.abort();
    if (this.signal.aborted || !this.options.endsGently(error)) this.end();
    for (const other of this.running) if (other.isIdle) other.abort.abort();
  }

  private ends(): Promise<void>[] {
    return [...this.running].map(({ over }) => over);
  }

  private isOver(): boolean {
    return this.failure !== undefined || this.ending.signal.aborted;
  }
}
