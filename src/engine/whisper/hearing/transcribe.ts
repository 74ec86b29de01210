import type { Recognition, RecognitionJob, UnheardStretch, WireSegment, WireWord } from '../../api/recogniser';
import type { Check } from '../decode/decodeWindow';
import { suppressedTokens } from '../decode/rules';
import { FRAMES_PER_S } from '../features/logMel';
import { speechRegions, wholeRegion, type SpeechRegion } from '../guards/speechRegions';
import type { FrameRange } from '../guards/uncoveredSpeech';
import { hearRegion } from './hearRegion';
import { hearWindow, type AudioWindow, type HeardWindow, type HearOptions, type HearingKind } from './hearWindow';
import type { LoadedModel } from '../network/loadedModel';
import { splitAtHoles, writeWindow } from './writeWindow';

/** Turns one recording into text. It finds the regions with speech, hears each of them, and hears again where the first hearing left out text. */
export async function transcribe(model: LoadedModel, job: RecognitionJob, check: Check): Promise<Recognition> {
  const samples = samplesOf(job.pcm);
  const text = new RunningText(model, job, hearOptions(model, job, check));
  const regions = job.isUngated === true ? [wholeRegion(samples)] : speechRegions(samples);
  for (const region of regions) await text.hear(samples, region);
  return text.recognition;
}

/** The text of a request that has been heard so far. */
class RunningText {
  private readonly segments: Omit<WireSegment, 'id'>[] = [];
  private readonly words: WireWord[] = [];
  private readonly unheard: UnheardStretch[] = [];
  /** The language that the request names. */
  private readonly told: string | undefined;
  /** The first language that was heard, for the answer, which names only one. */
  private language: string | undefined;
  /** The last language that was heard. */
  private before: string | undefined;
  private isFirstWindow = true;

  constructor(
    private readonly model: LoadedModel,
    private readonly job: RecognitionJob,
    private readonly options: HearOptions,
  ) {
    this.told = model.facts.isMultilingual ? job.language : 'en';
    this.before = job.languageBefore;
  }

  get recognition(): Recognition {
    const segments = inOrder(this.segments).map((segment, id): WireSegment => ({ id, ...segment }));
    const text = segments.map((segment) => segment.text).join('');
    return {
      text: text.trim(),
      language: this.told ?? this.language ?? 'en',
      segments,
      words: this.job.wantsWords ? inOrder(this.words) : [],
      unheard: inOrder(this.unheard),
    };
  }

  async hear(samples: Int16Array, region: SpeechRegion): Promise<void> {
    const { model } = this;
    const textLanguage = ({ language }: HeardWindow): string => (this.job.task === 'translate' ? 'en' : language);
    const { windows, holes, unheard } = await hearRegion(model, samples, region, textLanguage, (window, kind) =>
      this.hearWindow(window, kind),
    );
    for (const window of windows) {
      const { segments, words } = writeWindow(model, splitAtHoles(window, holes));
      this.segments.push(...segments);
      this.words.push(...words);
    }
    this.unheard.push(...unheard.map(toSeconds));
  }

  private async hearWindow(window: AudioWindow, kind: HearingKind): Promise<HeardWindow> {
    const { options, job, told, before } = this;
    const isPrompted = kind === 'first' && (this.isFirstWindow || job.promptScope === 'everyWindow');
    this.isFirstWindow = false;
    const hint = told === undefined ? (before === undefined ? {} : { before }) : { told };
    const heard = await hearWindow(this.model, window, hint, {
      ...options,
      prompt: isPrompted ? options.prompt : undefined,
      kind,
    });
    // A silent window tells nothing about the language of the next.
    if (heard.attempt) {
      this.language ??= heard.language;
      this.before = heard.language;
    }
    return heard;
  }
}

/** Sorts by start. Items with the same start stay in the order in which they were heard. */
function inOrder<Timed extends { readonly start: number }>(items: readonly Timed[]): Timed[] {
  return items.toSorted((a, b) => a.start - b.start);
}

function toSeconds({ startFrame, endFrame }: FrameRange): UnheardStretch {
  return { start: startFrame / FRAMES_PER_S, end: endFrame / FRAMES_PER_S };
}

/** The bytes as samples. They are copied only where they begin at an odd address, where no Int16Array may begin. */
export function samplesOf(bytes: Uint8Array): Int16Array {
  const pcm = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Int16Array(pcm.buffer, pcm.byteOffset, pcm.byteLength >> 1);
}

/** The prompt's tokens. As in the reference: at most half of the decoder's positions, less one for the token that begins the prompt. */
export function promptTokens({ facts, vocabulary }: LoadedModel, text: string): readonly number[] {
  return text === '' ? [] : vocabulary.encode(` ${text}`).slice(-(facts.maximumTokens / 2 - 1));
}

function hearOptions(model: LoadedModel, job: RecognitionJob, check: Check): HearOptions {
  const { task, temperature, seed, isUrgent, isUngated = false } = job;
  const { facts, vocabulary } = model;
  const text = job.prompt?.trim() ?? '';
  return {
    task,
    temperature,
    seed,
    isUrgent,
    isUngated,
    kind: 'first',
    check,
    prompt: text === '' ? undefined : { text, tokens: promptTokens(model, text) },
    suppressed: suppressedTokens(facts, (id) => vocabulary.spelling(id), new Set(text)),
  };
}
