import type { LiveWord } from '../../transcription/liveWords';

/** What is being said, before it is in the note. */
export class SpokenWords {
  private settled: readonly LiveWord[] = [];
  private tentative: readonly LiveWord[] = [];
  private heardUntilS = 0;

  /** How far the audio was heard, in seconds; 0 before anything was. */
  get heardS(): number {
    return this.heardUntilS;
  }

  /** More was heard. @param settled new words that do not change any more @param tentative all words behind them */
  take(settled: readonly LiveWord[], tentative: readonly LiveWord[], heardS: number): void {
    this.settled = [...this.settled, ...settled];
    this.tentative = tentative;
    this.heardUntilS = heardS;
  }

  /** The words that a note does not have which ends at this time. Earlier ones are forgotten. */
  behind(shownS: number): readonly LiveWord[] {
    const isBehind = ({ startS, endS }: LiveWord): boolean => (startS + endS) / 2 > shownS;
    this.settled = this.settled.filter(isBehind);
    return [...this.settled, ...this.tentative.filter(isBehind)];
  }

  /** Nothing is being said any more. */
  clear(): void {
    this.settled = [];
    this.tentative = [];
  }
}
