import { samplesToSeconds } from '../audio/pcm';
import type { TranscriptionEvent } from './fileTranscriber';

/** Tells once when a run whose end is not known has cost more than the user's threshold. */
export class CostWatch {
  private readonly sentS: number[] = [];
  private hasTold = false;

  /**
   * @param priceUsd what requests of these lengths in seconds cost; undefined where the price is not known
   * @param askAboveUsd asked anew each time, since a user may change it
   */
  constructor(
    private readonly priceUsd: (requestS: readonly number[]) => number | undefined,
    private readonly askAboveUsd: () => number,
  ) {}

  /** What was sent until now has cost, in US dollars, where that is to be told; undefined else. */
  after(event: TranscriptionEvent): number | undefined {
    if (this.hasTold || event.kind !== 'transcribed') return undefined;
    const { startSample, endSample } = event.chunk;
    this.sentS.push(samplesToSeconds(endSample - startSample));
    const usd = this.priceUsd(this.sentS);
    if (usd === undefined || usd <= this.askAboveUsd()) return undefined;
    this.hasTold = true;
    return usd;
  }
}
