import type { Clock } from '../../core/async/clock';
import { defined } from '../../core/async/defined';
import { Utterances } from '../../core/audio/live/utterances';
import { samplesToSeconds } from '../../core/audio/pcm';
import type { Chunk } from '../../core/model';
import type { SessionBegin, SessionEvent, SessionWord } from '../../core/sessionProtocol';
import { Overtaken, type JobQueue } from '../api/jobQueue';
import type { Priority, Recogniser, Recognition } from '../api/recogniser';
import { recognitionAsJson } from '../api/renderAnswer';
import type { HeardWord } from './agreement';
import { OpenUtterance } from './openUtterance';
import { Pace } from './pace';
import { SpeechBuffer } from './speechBuffer';
import { wordsWithBlanks } from './wordsWithBlanks';

/** What a session works with. */
export interface SessionParts {
  readonly recogniser: Recogniser;
  readonly queue: JobQueue;
  readonly say: (event: SessionEvent) => void;
  readonly clock: Clock;
}

/** More audio than this waits at the client: two of the longest utterances. */
const MOST_BUFFERED_S = 60;

/**
 * Hears speech while it is spoken. It finds the utterances itself, hears the open one again and again, and each one that has ended as a
 * request would.
 */
export class LiveSession {
  private readonly buffer = new SpeechBuffer();
  private readonly utterances: Utterances;
  private readonly pace = new Pace();
  private readonly priority: Priority;
  /** Utterances that have ended and are not yet heard to their end. */
  private readonly ended: Chunk[] = [];
  private open: OpenUtterance | undefined;
  private prompt: string | undefined;
  private languageBefore: string | undefined;
  /** When the last settled word ends: the next utterance may overlap its own, where nobody pauses. */
  private settledS = 0;
  private hasAll = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly parts: SessionParts,
    private readonly begin: SessionBegin,
  ) {
    this.utterances = new Utterances(begin.purpose);
    this.priority = begin.purpose === 'dictation' ? 'dictation' : 'live';
    this.prompt = begin.prompt;
  }

  /** Takes more audio. To be called only while the session is not full. */
  push(samples: Int16Array): void {
    this.buffer.push(samples);
    this.ended.push(...this.utterances.push(samples));
    this.wake();
  }

  /** From the next hearing on; empty: no terms. */
  setTerms(prompt: string): void {
    this.prompt = prompt === '' ? undefined : prompt;
  }

  /** No more audio comes. */
  end(): void {
    this.ended.push(...this.utterances.end());
    this.hasAll = true;
    this.wake();
  }

  /** Whether the client has to wait. */
  get isFull(): boolean {
    return samplesToSeconds(this.buffer.endSample - this.buffer.firstSample) > MOST_BUFFERED_S;
  }

  /** Hears until all audio is heard. @param onRoom called when some was heard. @throws the signal's reason when aborted */
  async run(onRoom: () => void, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const ended = this.ended.shift();
      if (ended) await this.finish(ended, signal);
      else if (this.hasAll) return;
      else {
        const waitMs = this.draftWaitMs();
        if (waitMs === 0) await this.draft(signal);
        else await this.news(waitMs, signal);
      }
      const openSample = this.utterances.openSample ?? Infinity;
      const neededSample = Math.min(
        openSample,
        this.utterances.firstNeededSample,
        this.ended[0]?.startSample ?? Infinity,
      );
      this.buffer.dropBefore(neededSample);
      onRoom();
    }
  }

  private draftWaitMs(): number {
    const { openSample } = this.utterances;
    if (openSample === undefined) return Infinity;
    if (this.open?.startSample !== openSample) {
      this.open = new OpenUtterance(openSample);
      this.pace.begin();
    }
    return this.pace.waitMs(this.parts.clock.nowMs(), samplesToSeconds(this.buffer.endSample - this.open.heardSample));
  }

  private async draft(signal: AbortSignal): Promise<void> {
    const { open, parts, priority } = this;
    if (!open) return;
    const { startSample, heardSample } = open;
    let beganMs = 0;
    try {
      const draft = await parts.queue.run(
        (inner) => {
          beganMs = parts.clock.nowMs();
          open.heardSample = this.buffer.endSample;
          const job = {
            pcm: this.buffer.bytes(startSample, open.heardSample),
            priority,
            // A short piece tells little about its language: only a whole utterance changes it.
            language: this.begin.language ?? open.language ?? this.languageBefore,
            prompt: this.prompt,
            written: open.written,
            writtenS: open.writtenS,
          };
          return parts.recogniser.draft(defined(job), inner);
        },
        { priority, isDropped: true },
        signal,
      );
      if (this.pace.drafted(beganMs, parts.clock.nowMs())) parts.say({ kind: 'pace', isLive: this.pace.isLive });
      const words = this.pace.isLive ? open.take(draft, samplesToSeconds(open.heardSample - startSample)) : undefined;
      if (words) this.tell(startSample, words.settled, words.tentative, open.heardSample);
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
      open.heardSample = heardSample;
    }
  }

  private async finish({ startSample, endSample }: Chunk, signal: AbortSignal): Promise<void> {
    const { parts, priority, begin } = this;
    const recognition = await parts.queue.run(
      (inner) =>
        parts.recogniser.recognise(
          defined({
            pcm: this.buffer.bytes(startSample, endSample),
            task: 'transcribe',
            priority,
            language: begin.language,
            languageBefore: this.languageBefore,
            prompt: this.prompt,
            promptScope: 'everyWindow',
            temperature: 0,
            seed: 0,
            wantsWords: true,
            isUrgent: priority === 'dictation',
          }),
          inner,
        ),
      { priority },
      signal,
    );
    const open = this.open?.startSample === startSample ? this.open : new OpenUtterance(startSample);
    this.open = undefined;
    if (recognition.words.length > 0) this.languageBefore = recognition.language;
    this.tell(startSample, open.finish(wordsWithBlanks(recognition)), [], endSample);
    parts.say({ kind: 'utterance', startSample, endSample, answer: answerOf(recognition, { startSample, endSample }) });
  }

  private tell(
    startSample: number,
    settled: readonly HeardWord[],
    tentative: readonly HeardWord[],
    heardSample: number,
  ): void {
    const offsetS = samplesToSeconds(startSample);
    const isNew = ({ startS, endS }: SessionWord): boolean => (startS + endS) / 2 > this.settledS;
    const inSession = (words: readonly HeardWord[]): SessionWord[] =>
      words
        .map(({ text, startS, endS }) => ({ text, startS: rounded(offsetS + startS), endS: rounded(offsetS + endS) }))
        .filter(isNew);
    const [told, open] = [inSession(settled), inSession(tentative)];
    this.parts.say({ kind: 'words', settled: told, tentative: open, heardS: samplesToSeconds(heardSample) });
    this.settledS = told.at(-1)?.endS ?? this.settledS;
  }

  /** Waits for audio, for the end, or for the next draft's time. */
  private async news(waitMs: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const woken = new Promise<void>((resolve) => (this.wake = resolve));
    const ended = AbortSignal.any([signal, over.signal]);
    ended.addEventListener('abort', this.wake);
    const waits = waitMs < Infinity ? [woken, this.parts.clock.sleep(waitMs, ended)] : [woken];
    try {
      await Promise.race(waits);
    } finally {
      over.abort();
      await Promise.allSettled(waits);
      this.wake = () => undefined;
    }
  }
}

function answerOf(recognition: Recognition, { startSample, endSample }: Chunk): Readonly<Record<string, unknown>> {
  return recognitionAsJson(recognition, { task: 'transcribe', durationS: samplesToSeconds(endSample - startSample) });
}

function rounded(value: number): number {
  return Math.round(value * 1e3) / 1e3;
}
