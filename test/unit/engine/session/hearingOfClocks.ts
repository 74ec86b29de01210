import type { Clock } from '../../../../src/core/async/clock';
import { BYTES_PER_SAMPLE, samplesToSeconds } from '../../../../src/core/audio/pcm';
import type { Draft, DraftJob, Recogniser, Recognition, RecognitionJob } from '../../../../src/engine/api/recogniser';

/** A word is said every half second. */
export const WORD_S = 0.5;

const NAMES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** The word that is said in this half second of an utterance. */
export function wordAt(i: number): string {
  return `${NAMES[i % NAMES.length] ?? ''}${'teen'.repeat(Math.floor(i / NAMES.length))}`;
}

/** Hears a word in every half second, and takes the last one, whose sound is not complete, for another each time. */
export class CountingRecogniser implements Recogniser {
  readonly modelId = 'counting';
  readonly languages = ['en', 'de'];
  readonly canTranslate = false;
  readonly drafts: DraftJob[] = [];
  readonly jobs: RecognitionJob[] = [];
  /** Called before each draft is answered. */
  onDraft: (signal: AbortSignal) => Promise<void> | void = () => undefined;
  language = 'en';

  async draft(job: DraftJob, signal: AbortSignal): Promise<Draft> {
    this.drafts.push(job);
    await this.onDraft(signal);
    signal.throwIfAborted();
    const count = Math.ceil(lengthOf(job) / WORD_S);
    const places = Array.from({ length: count }, (_, i) => i).slice(job.written.length);
    return {
      tokens: places,
      words: places.map((i, n) => ({
        text: ` ${i === count - 1 ? `${wordAt(i)}${this.drafts.length}` : wordAt(i)}`,
        startS: i * WORD_S,
        endS: (i + 1) * WORD_S,
        tokenEnd: n + 1,
      })),
      language: this.language,
      languageProbability: 0.9,
    };
  }

  recognise(job: RecognitionJob): Promise<Recognition> {
    this.jobs.push(job);
    const words = Array.from({ length: Math.floor(lengthOf(job) / WORD_S) }, (_, i) => ({
      word: wordAt(i),
      start: i * WORD_S,
      end: (i + 1) * WORD_S,
      probability: 1,
    }));
    const text = words.map(({ word }) => ` ${word}`).join('');
    const segment = {
      id: 0,
      seek: 0,
      start: 0,
      end: lengthOf(job),
      text,
      tokens: [],
      temperature: 0,
      avg_logprob: 0,
      compression_ratio: 1,
      no_speech_prob: 0,
    };
    return Promise.resolve({ text: text.trim(), language: this.language, segments: [segment], words });
  }
}

function lengthOf({ pcm }: { readonly pcm: Uint8Array }): number {
  return samplesToSeconds(pcm.length / BYTES_PER_SAMPLE);
}

/** A clock that goes on when somebody sleeps, and when a test says so. */
export class SleptClock implements Clock {
  private ms = 0;

  nowMs(): number {
    return this.ms;
  }

  pass(ms: number): void {
    this.ms += ms;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    this.ms += ms;
  }
}
