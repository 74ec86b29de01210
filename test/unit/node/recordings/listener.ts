import { bytesToInt16 } from '../../../../src/core/audio/pcm';
import type { Capture } from '../../../../src/core/capture/audioSource';

/** Reads a capture as it comes, and remembers everything. */
export class Listener {
  /** Events other than audio, in order. */
  readonly told: string[] = [];
  /** Settles when the events end; gives the failure where they ended in one. */
  readonly ended: Promise<unknown>;
  highestPeak = 0;
  sampleCount = 0;
  private readonly blocks: Int16Array[] = [];

  constructor(readonly capture: Capture) {
    this.ended = this.listen().catch((error: unknown) => error);
  }

  get samples(): Int16Array {
    const all = new Int16Array(this.sampleCount);
    let at = 0;
    for (const block of this.blocks) {
      all.set(block, at);
      at += block.length;
    }
    return all;
  }

  private async listen(): Promise<void> {
    for await (const event of this.capture.events) {
      if (event.kind === 'audio') {
        this.blocks.push(bytesToInt16(event.pcm));
        this.sampleCount += event.pcm.length / 2;
        this.highestPeak = Math.max(this.highestPeak, event.peak);
      } else this.told.push(event.kind);
    }
  }
}
