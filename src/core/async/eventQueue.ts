/**
 * Carries events from a producer that cannot wait to one reader that can. The reader gets the events in the order in which they were
 * pushed, then the end or the failure. The queue holds everything until it is read.
 */
export class EventQueue<Event extends object> {
  private waiting: Event[] = [];
  private end: { readonly error?: Error } | undefined;
  private wake: (() => void) | undefined;

  /** Does nothing after the end. */
  push(event: Event): void {
    if (this.end) return;
    this.waiting.push(event);
    this.wake?.();
  }

  /** Ends the queue behind the events that wait. A later call changes nothing. */
  close(error?: Error): void {
    this.end ??= error ? { error } : {};
    this.wake?.();
  }

  /** Ends the queue at once with this failure: drops the events that wait and replaces an earlier end. */
  abort(error: Error): void {
    this.waiting = [];
    this.end = { error };
    this.wake?.();
  }

  async *read(): AsyncGenerator<Event> {
    for (;;) {
      const event = this.waiting.shift();
      if (event !== undefined) {
        yield event;
        continue;
      }
      if (this.end?.error) throw this.end.error;
      if (this.end) return;
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
    }
  }
}
