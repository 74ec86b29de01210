import { bytesToInt16 } from '../../../../src/core/audio/pcm';
import type { Capture } from '../../../../src/core/capture/audioSource';

/** Reads a capture as it comes, and remembers everything. */
export class Listener {
  /** Events other than audio, in order. */
  readonly told: string[] = [];
  /** Settles when the events end; gives the failure where they ended in one. */
  readonly ended: Promise<unknown>;
  /** The loudest sample, in [0, 32768]. */
  loudest = 0;
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
        const samples = bytesToInt16(event.pcm);
        this.blocks.push(samples);
        this.sampleCount += samples.length;
        this.loudest = samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), this.loudest);
      } else this.told.push(event.kind);
    }
  }
}
