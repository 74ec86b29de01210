import type { Recognition, RecognitionJob, WireSegment, WireWord } from '../recogniser';
import { cutSegments } from './decode/cutSegments';
import { suppressedTokens } from './decode/rules';
import { FRAMES_PER_S, HOP_SAMPLES, logMel, loudest } from './features/logMel';
import { speechRegions, wholeRegion, type SpeechRegion } from './guards/speechRegions';
import { hearWindow, type AudioWindow, type HearOptions } from './hearWindow';
import type { LoadedModel } from './loadedModel';
import { writeWindow } from './writeWindow';

const SAMPLES_PER_S = FRAMES_PER_S * HOP_SAMPLES;
/**
 * A rest with less speech than this, 0.5 s, is not heard once more: for tiny tails the model invents sentences (0.17 s gave 113
 * words). What it wrote of it with the audio before is kept.
 */
const SHORTEST_REST_FRAMES = 50;

/**
 * Turns one recording into text: finds where speech may be, and hears each such region in windows of 30 s at most, of which each
 * begins where the last one's timestamps end.
 *
 * @param check throws when the request was aborted; asked between two tokens
 */
export async function transcribe(model: LoadedModel, job: RecognitionJob, check: () => void): Promise<Recognition> {
  // Samples of two bytes lie at even places.
  const pcm = job.pcm.byteOffset % 2 === 0 ? job.pcm : job.pcm.slice();
  const samples = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.byteLength >> 1);
  const options = hearOptions(model, job, check);
  const text = new RunningText(model, job, options);
  const regions = job.isUngated === true ? [wholeRegion(samples)] : speechRegions(samples);
  for (const region of regions) await text.hear(samples, region);
  return text.recognition;
}

interface WindowSurroundings {
  readonly offsetS: number;
  readonly levelsDb: readonly number[];
  /** Whether too little speech for another window lies behind so many frames of this one. */
  readonly isLastAfter: (heardFrames: number) => boolean;
}

/** The text of a request as far as it was heard. */
class RunningText {
  private readonly segments: WireSegment[] = [];
  private readonly words: WireWord[] = [];
  private language: string | undefined;
  private isFirstWindow = true;

  constructor(
    private readonly model: LoadedModel,
    private readonly job: RecognitionJob,
    private readonly options: HearOptions,
  ) {
    this.language = model.facts.isMultilingual ? job.language : 'en';
  }

  get recognition(): Recognition {
    const { segments, words, language = 'en' } = this;
    const text = segments.map((segment) => segment.text).join('');
    return { text: text.trim(), language, segments, words };
  }

  async hear(samples: Int16Array, { startSample, endSample, frames: loudness }: SpeechRegion): Promise<void> {
    const { facts } = this.model;
    const features = logMel(toFloats(samples.subarray(startSample, endSample)), facts.melBins);
    const loudestValue = loudest(features);
    const totalFrames = Math.ceil((endSample - startSample) / HOP_SAMPLES);
    for (let startFrame = 0; startFrame < totalFrames;) {
      this.options.check();
      const frames = Math.min(facts.windowFrames, totalFrames - startFrame);
      const offsetS = startSample / SAMPLES_PER_S + startFrame / FRAMES_PER_S;
      const levelsDb = loudness.slice(startFrame, startFrame + frames).map(({ levelDb }) => levelDb);
      const here = startFrame;
      const isLastAfter = (heardFrames: number): boolean => {
        const rest = loudness.slice(here + heardFrames).filter(({ isSpeech }) => isSpeech);
        return rest.length < SHORTEST_REST_FRAMES;
      };
      const window = { features, loudestValue, startFrame, frames };
      const heardFrames = await this.hearWindow(window, { offsetS, levelsDb, isLastAfter });
      if (isLastAfter(heardFrames)) break;
      startFrame += heardFrames;
    }
  }

  /** @returns how many frames were heard to their end */
  private async hearWindow(
    window: AudioWindow,
    { offsetS, levelsDb, isLastAfter }: WindowSurroundings,
  ): Promise<number> {
    const { model, options, job } = this;
    const isPrompted = this.isFirstWindow || job.promptScope === 'everyWindow';
    this.isFirstWindow = false;
    const heard = await hearWindow(
      model,
      window,
      this.language,
      isPrompted ? options : { ...options, prompt: undefined },
    );
    const { frames } = window;
    // Silence says nothing about the language of what follows.
    if (!heard.attempt) return frames;
    this.language ??= heard.language;
    const { tokens } = heard.attempt;
    let { segments: cut, advanceFrames } = cutSegments(tokens, frames, model.facts.tokens);
    if (isLastAfter(advanceFrames)) {
      ({ segments: cut, advanceFrames } = cutSegments(tokens, frames, model.facts.tokens, true));
    }
    const { segments, words } = writeWindow(model, heard, heard.attempt, cut, {
      ...{ offsetS, frames, levelsDb, firstId: this.segments.length, wantsWords: job.wantsWords },
      language: job.task === 'translate' ? 'en' : heard.language,
    });
    this.segments.push(...segments);
    this.words.push(...words);
    return Math.max(1, advanceFrames);
  }
}

function hearOptions({ facts, vocabulary }: LoadedModel, job: RecognitionJob, check: () => void): HearOptions {
  const { task, temperature, seed, isUrgent, isUngated = false } = job;
  const text = job.prompt?.trim() ?? '';
  // The reference reads half of the decoder's positions at most, less one for the token that begins the prompt.
  const tokens = text === '' ? [] : vocabulary.encode(` ${text}`).slice(-(facts.maximumTokens / 2 - 1));
  return {
    ...{ task, temperature, seed, isUrgent, isUngated, check },
    prompt: text === '' ? undefined : { text, tokens },
    suppressed: suppressedTokens(facts, (id) => vocabulary.spelling(id), new Set(text)),
  };
}

function toFloats(samples: Int16Array): Float32Array {
  const floats = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) floats[i] = (samples[i] ?? 0) / 32768;
  return floats;
}
