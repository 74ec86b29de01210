/** The last samples of a recording that is being spoken, by their positions from its start. */
export class SpeechBuffer {
  private samples = new Int16Array(0);
  private used = 0;
  private first = 0;

  /** The first sample that is held. */
  get firstSample(): number {
    return this.first;
  }

  /** The position behind the last sample. */
  get endSample(): number {
    return this.first + this.used;
  }

  /** Adds samples at the end. */
  push(block: Int16Array): void {
    const needed = this.used + block.length;
    if (needed > this.samples.length) {
      const larger = new Int16Array(2 * needed);
      larger.set(this.samples.subarray(0, this.used));
      this.samples = larger;
    }
    this.samples.set(block, this.used);
    this.used = needed;
  }

  /** Forgets what lies before a position. */
  dropBefore(sample: number): void {
    const count = Math.min(this.used, sample - this.first);
    if (count <= 0) return;
    this.samples.copyWithin(0, count, this.used);
    this.first += count;
    this.used -= count;
  }

  /** A copy of samples that are held, as the bytes that recognisers take. */
  bytes(startSample: number, endSample: number): Uint8Array<ArrayBuffer> {
    const part = this.samples.slice(startSample - this.first, endSample - this.first);
    return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  }
}
