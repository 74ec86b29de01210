/** Time as it passes. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** @throws the signal's reason, at once, when aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
