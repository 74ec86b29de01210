import { samplesToSeconds } from '../audio/pcm';

/** How often the watch is asked. */
export const TICK_MS = 1000;
/** A tick that comes so much too late means that the machine slept, or was very busy. */
const LATE_MS = 5000;
/** Of a machine that was only busy, the sound comes later and is complete but for this. */
const MISSING_MS = 2000;

/** A time in which nothing was recorded. */
export interface Slept {
  /** The first sample behind it. */
  readonly fromSample: number;
  /** When it began and ended, milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

interface Tick {
  readonly nowMs: number;
  readonly sampleCount: number;
}

/**
 * Tells a machine that slept from one that was busy. A recorder sleeps with the machine and goes on afterwards, so that the samples join
 * over the hole as if there were none.
 */
export class SleepWatch {
  private last: Tick | undefined;
  /** The tick before a late one, and how many samples there were at the late one. */
  private suspect: (Tick & { readonly fromSample: number }) | undefined;

  /** To be called every {@link TICK_MS} while sound should arrive. Undefined where the machine was awake, or it is too early to tell. */
  tick(nowMs: number, sampleCount: number): Slept | undefined {
    const { last, suspect } = this;
    this.last = { nowMs, sampleCount };
    this.suspect = undefined;
    if (suspect) {
      const missingMs = nowMs - suspect.nowMs - millisecondsOf(sampleCount - suspect.sampleCount);
      if (missingMs < MISSING_MS) return undefined;
      const { fromSample } = suspect;
      const toMs = nowMs - millisecondsOf(sampleCount - fromSample);
      return { fromSample, fromMs: suspect.nowMs, toMs };
    }
    // Only the next tick can tell: what waits in the pipe is read first.
    if (last && nowMs - last.nowMs > TICK_MS + LATE_MS) this.suspect = { ...last, fromSample: sampleCount };
    return undefined;
  }

  /** Forgets the time until now: no sound should arrive, or it begins anew. */
  reset(): void {
    this.last = undefined;
    this.suspect = undefined;
  }
}

function millisecondsOf(sampleCount: number): number {
  return samplesToSeconds(sampleCount) * 1000;
}
