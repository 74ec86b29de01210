import { samplesToSeconds, secondsToSamples } from '../audio/pcm';

/** Two clocks of one nominal rate differ by 0.2 per mille at most: a tenth of a second in eight minutes. */
const DRIFT_S = 0.1;
/** Blocks come in bursts. The least lead within this time is what clocks make, the rest is the way through pipes. */
const WINDOW_S = 10;
/** Behind a hole a source is placed by the wall clock, which nobody trusts beyond this. */
const LONGEST_PAD_S = 8;

/**
 * A hole leaves so much silence in the recording, the least that is left out of every request. What was said before it becomes text at once, as
 * at any pause, and is no part of the sentence behind it. Exported so that tests name the figure and not the number.
 */
export const HOLE_SILENCE_S = 3;

interface Waiting {
  isOpen: boolean;
  blocks: Int16Array[];
  sampleCount: number;
  /** The least number of samples that it was ahead of the other within the window. */
  leastLead: number;
}

/**
 * Joins sources of 16 kHz mono into the frames of one recording, sample by sample at the same time. A source that is open is waited for;
 * one that is not is silent. Silence is put in where a source's clock is slow: no sound is dropped.
 */
export class TrackJoiner {
  private readonly tracks: readonly Waiting[];
  /** Frames given so far. */
  private frameCount: number;
  private windowEnd: number;

  /** @param frameCount how many frames lie before the first one */
  constructor(trackCount: number, frameCount = 0) {
    this.frameCount = frameCount;
    this.windowEnd = frameCount + secondsToSamples(WINDOW_S);
    this.tracks = Array.from({ length: trackCount }, () => ({
      isOpen: false,
      blocks: [],
      sampleCount: 0,
      leastLead: Infinity,
    }));
  }

  /** The frame that the track's next sample comes into. */
  positionOf(track: number): number {
    return this.frameCount + this.at(track).sampleCount;
  }

  /**
   * The source gives sound.
   *
   * @param ageMs how long ago its first sample was captured. The other source's last sample is taken for one of this moment
   */
  open(track: number, ageMs: number): void {
    const own = this.at(track);
    own.isOpen = true;
    const ahead = Math.max(0, ...this.others(track).map((other) => (other.isOpen ? other.sampleCount : 0)));
    const pad = ahead - secondsToSamples(ageMs / 1000) - own.sampleCount;
    if (ahead > 0 && pad > 0) this.append(own, new Int16Array(Math.min(pad, secondsToSamples(LONGEST_PAD_S))));
    for (const each of this.tracks) each.leastLead = Infinity;
  }

  /** Takes a source's next samples. The frames that are complete, the tracks' samples side by side. */
  push(track: number, samples: Int16Array): Int16Array {
    this.append(this.at(track), samples);
    const frames = this.take();
    this.evenOut();
    return frames;
  }

  /** The source gives no sound any more, and is not waited for. The frames that are complete now. */
  close(track: number): Int16Array {
    const own = this.at(track);
    const wasOpen = own.isOpen;
    own.isOpen = false;
    if (!wasOpen || this.tracks.some(({ isOpen }) => isOpen)) return this.take();
    // Where no source is open any more, what waits is given, with silence behind it: the recording has a hole there.
    this.addHole();
    return this.take();
  }

  /** The silence that a hole leaves, where the recording goes on behind one. To be called before a source is open. */
  hole(): Int16Array {
    this.addHole();
    return this.take();
  }

  private addHole(): void {
    const longest = Math.max(...this.tracks.map(({ sampleCount }) => sampleCount));
    for (const each of this.tracks) {
      this.append(each, new Int16Array(longest - each.sampleCount + secondsToSamples(HOLE_SILENCE_S)));
    }
  }

  private take(): Int16Array {
    const open = this.tracks.filter(({ isOpen }) => isOpen);
    const counts = (open.length > 0 ? open : this.tracks).map(({ sampleCount }) => sampleCount);
    const count = open.length > 0 ? Math.min(...counts) : Math.max(...counts);
    const [only] = this.tracks;
    if (this.tracks.length === 1 && only) {
      this.frameCount += count;
      return shift(only, count);
    }
    const frames = new Int16Array(count * this.tracks.length);
    this.tracks.forEach((track, channel) => {
      shift(track, count).forEach((sample, i) => (frames[i * this.tracks.length + channel] = sample));
    });
    this.frameCount += count;
    return frames;
  }

  /** Puts silence into the source that stays behind through a whole window. */
  private evenOut(): void {
    if (this.tracks.length < 2 || this.tracks.some(({ isOpen }) => !isOpen)) return;
    for (const track of this.tracks) track.leastLead = Math.min(track.leastLead, track.sampleCount);
    if (this.frameCount < this.windowEnd) return;
    this.windowEnd = this.frameCount + secondsToSamples(WINDOW_S);
    this.tracks.forEach((track, channel) => {
      const { leastLead } = track;
      track.leastLead = Infinity;
      if (samplesToSeconds(leastLead) < DRIFT_S || !Number.isFinite(leastLead)) return;
      for (const other of this.others(channel)) this.append(other, new Int16Array(leastLead));
    });
  }

  private append(track: Waiting, samples: Int16Array): void {
    track.blocks.push(samples);
    track.sampleCount += samples.length;
  }

  private at(track: number): Waiting {
    const found = this.tracks[track];
    if (!found) throw new Error(`There is no track ${track}.`);
    return found;
  }

  private others(track: number): Waiting[] {
    return this.tracks.filter((_, channel) => channel !== track);
  }
}

/** Takes so many samples off, silence where there are fewer. */
function shift(track: Waiting, count: number): Int16Array {
  const taken = new Int16Array(count);
  let at = 0;
  while (at < count) {
    const block = track.blocks.shift();
    if (!block) break;
    const part = block.subarray(0, count - at);
    taken.set(part, at);
    at += part.length;
    if (part.length < block.length) track.blocks.unshift(block.subarray(part.length));
  }
  track.sampleCount -= at;
  return taken;
}
