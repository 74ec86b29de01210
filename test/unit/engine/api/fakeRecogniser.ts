import type { Draft, Recogniser, Recognition, RecognitionJob } from '../../../../src/engine/api/recogniser';

/** One request to a {@link FakeRecogniser}. */
export interface RecognisedJob extends RecognitionJob {
  readonly signal: AbortSignal;
}

/** Answers as told, and keeps what it was asked. */
export class FakeRecogniser implements Recogniser {
  readonly jobs: RecognisedJob[] = [];
  running = 0;
  mostAtOnce = 0;

  constructor(
    private readonly answer: (job: RecognisedJob) => Promise<Recognition> = () => Promise.resolve(HELLO),
    readonly languages: readonly string[] = ['en'],
    readonly canTranslate = false,
    readonly modelId = 'fake-model',
  ) {}

  /** Hears no words. */
  draft(): Promise<Draft> {
    return Promise.resolve({ tokens: [], words: [], language: 'en', languageProbability: 1 });
  }

  async recognise(asked: RecognitionJob, signal: AbortSignal): Promise<Recognition> {
    const job = { ...asked, signal };
    this.jobs.push(job);
    this.running++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    try {
      return await this.answer(job);
    } finally {
      this.running--;
    }
  }
}

export const HELLO: Recognition = {
  text: 'hello there',
  language: 'en',
  segments: [
    {
      id: 0,
      seek: 0,
      start: 0.1,
      end: 0.9,
      text: ' hello there',
      tokens: [],
      temperature: 0,
      avg_logprob: -0.1,
      compression_ratio: 0.7,
      no_speech_prob: 0.1,
    },
  ],
  words: [
    { word: 'hello', start: 0.1, end: 0.5, probability: 0.9 },
    { word: 'there', start: 0.5, end: 0.9, probability: 0.4 },
  ],
};
