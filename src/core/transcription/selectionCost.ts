import { samplesToSeconds } from '../audio/pcm';
import { answeredChunk } from '../transcript/foldChunks';
import type { AnsweredEntry } from '../transcript/logEntries';

/** What a user is asked about before a recording is sent. All amounts are US dollars. */
export interface CostQuestion {
  /** The recording at hand. */
  readonly usd: number;
  /** What was sent of this selection before it. */
  readonly sentUsd: number;
  /** How many recordings come behind it. */
  readonly following: number;
}

/** The running sum of one selection's recordings, which are sent one after the other. The user is asked once, where the sum passes the threshold. */
export class SelectionCost {
  private sentUsd = 0;
  private verdict: 'open' | 'agreed' | 'refused' = 'open';

  /**
   * @param askAboveUsd asked anew each time, since a user may change it
   * @param waiting how many recordings are to be sent, before the first {@link next}
   */
  constructor(
    private readonly askAboveUsd: () => number,
    private waiting = 0,
  ) {}

  /** The turn of the next recording has come. */
  next(): void {
    this.waiting--;
  }

  /** Whether the user wants nothing more of the selection to be sent. */
  get isRefused(): boolean {
    return this.verdict === 'refused';
  }

  /**
   * What to ask before a recording is sent; undefined where it may go unasked.
   *
   * @param usd what it costs; undefined where the price is not known
   */
  question(usd: number | undefined): CostQuestion | undefined {
    if (usd === undefined || this.isLittle(usd)) return undefined;
    return { usd, sentUsd: this.sentUsd, following: Math.max(0, this.waiting) };
  }

  /**
   * Whether a recording may go unasked.
   *
   * @param mostUsd the most that it can cost; undefined where the price is not known
   */
  isLittle(mostUsd: number | undefined): boolean {
    if (mostUsd === undefined || this.verdict === 'agreed') return true;
    return this.sentUsd + mostUsd <= this.askAboveUsd();
  }

  /** The user's answer. It holds for all recordings that follow. */
  answer(isYes: boolean): void {
    this.verdict = isYes ? 'agreed' : 'refused';
  }

  /** Adds what was sent of a recording, be it a part of it only. Undefined where the price is not known. */
  sent(usd: number | undefined): void {
    this.sentUsd += usd ?? 0;
  }
}

/** The seconds of each request that has brought an answer since these answers were there. */
export function sentSince(before: readonly AnsweredEntry[], now: readonly AnsweredEntry[]): readonly number[] {
  const known = new Set(before);
  return now
    .filter((answer) => !known.has(answer))
    .map((answer) => {
      const { startSample, endSample } = answeredChunk(answer);
      return samplesToSeconds(endSample - startSample);
    });
}
