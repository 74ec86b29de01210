import type { Frame } from '../../../core/audio/speechDetector';
import { cutSegments } from '../decode/cutSegments';
import { FRAMES_PER_S, HOP_SAMPLES, logMel, loudest, loudestWithin, type LogMel } from '../features/logMel';
import type { SpeechRegion } from '../guards/speechRegions';
import { uncoveredSpeech, type FrameRange } from '../guards/uncoveredSpeech';
import type { AudioWindow, HeardWindow, HearingKind } from './hearWindow';
import type { LoadedModel } from '../network/loadedModel';
import { timeWords } from '../words/timeWords';
import type { WindowText } from './writeWindow';

/**
 * A rest with less speech than this, 0.5 s, gets no window of its own: for a very short rest the model invents sentences (0.17 s gave 113
 * words). The text that the window before wrote for it is kept.
 */
const SHORTEST_REST_FRAMES = 50;
/** A second hearing gets this much audio on both sides of the hole. No word is nearer to the hole than 0.5 s. */
const AROUND_HOLE_FRAMES = 30;
/** A hole is heard again in windows of half the length, 15 s: the same 30 s would give the same text. A choice; other lengths were not measured. */
const HOLE_WINDOW_FRAMES = 1500;

/** The rest of a hole is heard again where words filled at least 1 s of it. A single word at its edge does not fill that much. */
const LEAST_FILLED_FRAMES = 100;

/** The text of one region. Frames count from the recording's start. */
export interface RegionText {
  /** In order of time; the windows of second hearings come at the end. */
  readonly windows: readonly WindowText[];
  /** Where the first hearing left text out. A second hearing may have filled the hole. */
  readonly holes: readonly FrameRange[];
  /** Detected speech in which two hearings found no words. */
  readonly unheard: readonly FrameRange[];
}

/** Hears a window; told what language is spoken, and who knows the prompt. */
export type Hear = (window: AudioWindow, kind: HearingKind) => Promise<HeardWindow>;

/** Hears a region in windows of at most 30 s, then its holes. Each window begins where the timestamps of the one before end. */
export async function hearRegion(
  model: LoadedModel,
  samples: Int16Array,
  region: SpeechRegion,
  textLanguage: (heard: HeardWindow) => string,
  hear: Hear,
): Promise<RegionText> {
  return new RegionHearing(model, samples, region, textLanguage, hear).run();
}

class RegionHearing {
  private readonly features: LogMel;
  /** The loudest value of the whole region, computed once. */
  private readonly loudestValue: number;
  private readonly startFrame: number;
  private readonly totalFrames: number;
  private readonly windows: WindowText[] = [];
  private readonly holes: FrameRange[] = [];
  private readonly unheard: FrameRange[] = [];

  constructor(
    private readonly model: LoadedModel,
    samples: Int16Array,
    private readonly region: SpeechRegion,
    private readonly textLanguage: (heard: HeardWindow) => string,
    private readonly hear: Hear,
  ) {
    const { startSample, endSample } = region;
    this.features = logMel(toFloats(samples.subarray(startSample, endSample)), model.facts.melBins);
    this.loudestValue = loudest(this.features);
    this.startFrame = Math.round(startSample / HOP_SAMPLES);
    this.totalFrames = Math.ceil((endSample - startSample) / HOP_SAMPLES);
  }

  async run(): Promise<RegionText> {
    await this.hearRange({ startFrame: 0, endFrame: this.totalFrames }, 'first', this.model.facts.windowFrames);
    for (const hole of this.holesIn({ startFrame: 0, endFrame: this.totalFrames })) {
      this.holes.push(this.fromStart(hole));
      await this.hearHole(hole);
    }
    const { windows, holes, unheard } = this;
    return { windows, holes, unheard };
  }

  private get frames(): readonly Frame[] {
    return this.region.frames;
  }

  /** Hears a hole of the first hearing, and then the holes that remain in it, as long as words are found. */
  private async hearHole(hole: FrameRange): Promise<void> {
    const range = {
      startFrame: Math.max(0, hole.startFrame - AROUND_HOLE_FRAMES),
      endFrame: Math.min(this.totalFrames, hole.endFrame + AROUND_HOLE_FRAMES),
    };
    await this.hearRange(range, 'second', HOLE_WINDOW_FRAMES);
    for (const rest of this.holesIn(hole)) {
      const filledFrames = hole.endFrame - hole.startFrame - (rest.endFrame - rest.startFrame);
      if (filledFrames >= LEAST_FILLED_FRAMES) await this.hearHole(rest);
      else this.unheard.push(this.fromStart(rest));
    }
  }

  private async hearRange(range: FrameRange, kind: HearingKind, windowFrames: number): Promise<void> {
    for (let { startFrame } = range; startFrame < range.endFrame;) {
      const frames = Math.min(windowFrames, range.endFrame - startFrame);
      const heardFrames = await this.hearWindow(startFrame, frames, range.endFrame, kind);
      if (this.isRestShort(startFrame + heardFrames, range.endFrame)) break;
      startFrame += heardFrames;
    }
  }

  /** @returns how many frames were heard to their end */
  private async hearWindow(startFrame: number, frames: number, endFrame: number, kind: HearingKind): Promise<number> {
    const { features, model } = this;
    const loudestValue = kind === 'first' ? this.loudestValue : loudestWithin(features, startFrame, frames);
    const heard = await this.hear({ features, loudestValue, startFrame, frames }, kind);
    const { attempt, noSpeechProbability, positions } = heard;
    if (!attempt) return frames;
    const { tokens } = attempt;
    let { segments, advanceFrames } = cutSegments(tokens, frames, model.facts.tokens);
    if (this.isRestShort(startFrame + advanceFrames, endFrame)) {
      ({ segments, advanceFrames } = cutSegments(tokens, frames, model.facts.tokens, true));
    }
    // A segment that begins behind the audio's end is invented.
    const written = segments.filter(
      (segment) =>
        segment.startFrame !== segment.endFrame &&
        segment.startFrame < frames &&
        this.textOf(tokens.slice(segment.from, segment.to)).trim() !== '',
    );
    const levelsDb = this.frames.slice(startFrame, startFrame + frames).map(({ levelDb }) => levelDb);
    const timed = timeWords(model, attempt, { positions, frames, levelsDb }, this.textLanguage(heard));
    this.windows.push({
      startFrame: this.startFrame + startFrame,
      frames,
      noSpeechProbability,
      // `attention` is left out: it takes megabytes, and is not needed any more.
      attempt: {
        tokens,
        temperature: attempt.temperature,
        averageLogProbability: attempt.averageLogProbability,
        compressionRatio: attempt.compressionRatio,
      },
      segments: written,
      words: timed.filter(({ token }) => written.some(({ from, to }) => token >= from && token < to)),
    });
    return Math.max(1, advanceFrames);
  }

  private textOf(tokens: readonly number[]): string {
    return this.model.vocabulary.decode(tokens.filter((token) => token < this.model.facts.tokens.end));
  }

  /** Whether there is too little speech for another window between two frames. */
  private isRestShort(fromFrame: number, endFrame: number): boolean {
    const rest = this.frames.slice(fromFrame, endFrame).filter(({ isSpeech }) => isSpeech);
    return rest.length < SHORTEST_REST_FRAMES;
  }

  /** Holes within a range, in frames of the region. */
  private holesIn({ startFrame, endFrame }: FrameRange): readonly FrameRange[] {
    const offset = this.startFrame + startFrame;
    const words = this.windows.flatMap((window) => {
      const windowS = (window.startFrame - offset) / FRAMES_PER_S;
      return window.words.map(({ startS, endS }) => ({ startS: windowS + startS, endS: windowS + endS }));
    });
    return uncoveredSpeech(this.frames.slice(startFrame, endFrame), words).map((hole) => ({
      startFrame: startFrame + hole.startFrame,
      endFrame: startFrame + hole.endFrame,
    }));
  }

  private fromStart({ startFrame, endFrame }: FrameRange): FrameRange {
    return { startFrame: this.startFrame + startFrame, endFrame: this.startFrame + endFrame };
  }
}

/** Samples in [-1, 1). */
export function toFloats(samples: Int16Array): Float32Array {
  const floats = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) floats[i] = (samples[i] ?? 0) / 32768;
  return floats;
}
