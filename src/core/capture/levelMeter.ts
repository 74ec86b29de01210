import { secondsToSamples } from '../audio/pcm';

/** Long enough to hold a period of the lowest voice, short enough to move with syllables. */
const WINDOW_S = 0.1;
/** Full scale of signed 16-bit samples: 0 dBFS. */
const FULL_SCALE = 32_768;
/** 16 bits have 96 dB. Nothing at all is as loud as this. Exported so that tests name the limit and not the number. */
export const SILENT_DBFS = -96;

/** How loud the last moment was, in decibels of full scale: 0 is the loudest, {@link SILENT_DBFS} nothing at all. */
export interface Level {
  /** Root mean square without the mean, which converters add and nobody hears. A full sine has -3. */
  readonly rmsDbfs: number;
  /** The largest sample as it is: at 0 the converter clips. */
  readonly peakDbfs: number;
}

/** Tells how loud the last 100 ms were. It is computed when somebody asks. */
export class LevelMeter {
  /** A ring: the samples before `next` are the newest. */
  private readonly window = new Int16Array(secondsToSamples(WINDOW_S));
  private next = 0;
  private count = 0;

  push(samples: Int16Array): void {
    const { length } = this.window;
    for (const sample of samples.subarray(Math.max(0, samples.length - length))) {
      this.window[this.next] = sample;
      this.next = (this.next + 1) % length;
    }
    this.count = Math.min(length, this.count + samples.length);
  }

  /** Forgets what was heard: no samples arrive any more. */
  reset(): void {
    this.count = 0;
    this.next = 0;
  }

  get level(): Level {
    // While the ring is not full, it is filled from its start.
    const heard = this.window.subarray(0, this.count);
    let [sum, squares, peak] = [0, 0, 0];
    for (const sample of heard) {
      sum += sample;
      squares += sample * sample;
      peak = Math.max(peak, Math.abs(sample));
    }
    const meanSquare = this.count === 0 ? 0 : squares / this.count - (sum / this.count) ** 2;
    return { rmsDbfs: dbfs(Math.sqrt(Math.max(0, meanSquare))), peakDbfs: dbfs(peak) };
  }
}

function dbfs(amplitude: number): number {
  return Math.max(SILENT_DBFS, 20 * Math.log10(amplitude / FULL_SCALE));
}
