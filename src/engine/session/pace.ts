/** Earlier, there would be hardly a new word: 0.25 s. */
const LEAST_NEW_S = 0.25;
/**
 * The next draft begins no sooner than this many times the last one's duration after its begin, so that a slow or busy machine is not
 * kept at work by drafts alone.
 */
const SHARE = 1.5;
/** A draft that takes longer than this, 2 s, shows words too late to be of use. */
const SLOW_MS = 2000;
/** So many slow drafts in a row make the machine a slow one. */
const SLOW_DRAFTS = 3;
/** On a slow machine one draft an utterance tells whether it has become quicker; then it must take less than this. */
const QUICK_MS = 1000;

/** Decides when the growing speech is heard again. Times are milliseconds of one clock. */
export class Pace {
  private beganMs = -Infinity;
  private lastMs = 0;
  private slowInARow = 0;
  private isTried = false;
  /** Whether the machine is quick enough for drafts. */
  isLive = true;

  /** A new utterance begins. */
  begin(): void {
    this.isTried = false;
  }

  /**
   * How long the next draft has to wait.
   *
   * @param newS seconds of audio that no draft has heard
   * @returns 0: not at all; Infinity: there will be none before more audio comes
   */
  waitMs(nowMs: number, newS: number): number {
    if (newS < LEAST_NEW_S || (!this.isLive && this.isTried)) return Infinity;
    return Math.max(0, this.beganMs + SHARE * this.lastMs - nowMs);
  }

  /** A draft was made. @returns whether {@link isLive} has changed */
  drafted(beganMs: number, endedMs: number): boolean {
    this.beganMs = beganMs;
    this.lastMs = endedMs - beganMs;
    this.isTried = true;
    this.slowInARow = this.lastMs > SLOW_MS ? this.slowInARow + 1 : 0;
    const wasLive = this.isLive;
    this.isLive = wasLive ? this.slowInARow < SLOW_DRAFTS : this.lastMs < QUICK_MS;
    return this.isLive !== wasLive;
  }
}
