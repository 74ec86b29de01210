import type { Recogniser, Recognition } from '../../../src/engine/recogniser';

/** One request to a {@link FakeRecogniser}. */
export interface RecognisedJob {
  readonly pcm: Uint8Array;
  readonly signal: AbortSignal;
}

/** Answers as told, and keeps what it was asked. */
export class FakeRecogniser implements Recogniser {
  readonly modelId = 'fake-model';
  readonly languages = ['en'];
  readonly jobs: RecognisedJob[] = [];
  running = 0;
  mostAtOnce = 0;

  constructor(private readonly answer: (job: RecognisedJob) => Promise<Recognition> = () => Promise.resolve(HELLO)) {}

  async recognise(pcm: Uint8Array, signal: AbortSignal): Promise<Recognition> {
    const job = { pcm, signal };
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
  segments: [
    {
      ...{ id: 0, seek: 0, start: 0.1, end: 0.9, text: ' hello there', tokens: [], temperature: 0 },
      ...{ avg_logprob: -0.1, compression_ratio: 0.7, no_speech_prob: 0.1 },
    },
  ],
  words: [
    { word: 'hello', start: 0.1, end: 0.5 },
    { word: 'there', start: 0.5, end: 0.9 },
  ],
};
