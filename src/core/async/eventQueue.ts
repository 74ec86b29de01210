/**
 * Events of a producer that cannot wait, for one reader that can. What was pushed is read in order; an end or a failure comes
 * behind it. Holds everything until it is read.
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

  /** The first end counts. */
  close(error?: Error): void {
    this.end ??= error ? { error } : {};
    this.wake?.();
  }

  /** Ends at once with this failure, whatever waits or came before. */
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
