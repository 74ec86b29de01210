import { defined } from '../../core/async/defined';
import type { GrowingAudio } from '../../core/audio/growingAudio';
import { int16ToBytes, samplesToSeconds } from '../../core/audio/pcm';
import { parseResponse } from '../../core/endpoints/parseResponse';
import { MinutesError } from '../../core/errors';
import { EMBEDDED, SAMPLE_RATE_HZ } from '../../core/model';
import type { SessionEvent, SessionLine, SessionWord } from '../../core/sessionProtocol';
import type { LiveWishes, LiveWord, LiveWordsEvent } from '../../core/transcription/liveWords';
import type { EngineFiles } from '../engine/engineFiles';
import { engineSession, SessionBroken } from '../engine/engineSession';
import type { LocalEngine } from '../engine/localEngine';

/** An engine that dies so often in a row, with no utterance between, would die again. */
const MOST_DEATHS = 3;
/** A line of audio has at most so many samples, 1 s. */
const LINE_SAMPLES = SAMPLE_RATE_HZ;

/** Hears growing audio with the embedded engine: see `LiveHearing`. */
export async function* hearWithEngine(
  engine: LocalEngine,
  files: EngineFiles,
  audio: GrowingAudio,
  wishes: LiveWishes,
  signal: AbortSignal,
): AsyncGenerator<LiveWordsEvent> {
  const hearing = new Hearing(audio, wishes, files.recogniser.modelName);
  for (let deaths = 0; ;) {
    const lease = await engine.lease(files, signal);
    try {
      for await (const event of engineSession(lease, hearing.lines(), signal)) {
        if (event.kind === 'utterance') deaths = 0;
        const told = hearing.take(event);
        if (told) yield told;
      }
      return;
    } catch (error) {
      if (!(error instanceof SessionBroken)) throw error;
      if (++deaths < MOST_DEATHS) continue;
      throw new MinutesError({ code: 'engineFailed', reason: lease.lastWords() ?? error.message }, { cause: error });
    } finally {
      lease.release();
    }
  }
}

/** One recording's hearing, over all sessions that it takes. */
class Hearing {
  /** Where the next session begins. */
  private nextSample: number;
  /** Where the session that runs began. */
  private sessionSample = 0;
  /** When the last word that was told as settled ends. */
  private settledS = 0;
  private isLive = true;

  constructor(
    private readonly audio: GrowingAudio,
    private readonly wishes: LiveWishes,
    private readonly model: string,
  ) {
    this.nextSample = wishes.fromSample ?? 0;
  }

  /** What the next session is told. */
  lines(): (signal: AbortSignal) => AsyncGenerator<SessionLine> {
    const fromSample = this.nextSample;
    this.sessionSample = fromSample;
    return (signal) => this.linesFrom(fromSample, signal);
  }

  /** @throws MinutesError `languageUnsupported`, `engineFailed` */
  take(event: SessionEvent): LiveWordsEvent | undefined {
    const offsetS = samplesToSeconds(this.sessionSample);
    switch (event.kind) {
      case 'words': {
        const settled = this.inRecording(event.settled, offsetS);
        const tentative = this.inRecording(event.tentative, offsetS);
        this.settledS = settled.at(-1)?.endS ?? this.settledS;
        return { kind: 'words', settled, tentative, heardS: offsetS + event.heardS };
      }
      case 'utterance': {
        const [startSample, endSample] = [event.startSample, event.endSample].map((at) => this.sessionSample + at);
        const chunk = { startSample: startSample ?? 0, endSample: endSample ?? 0 };
        this.nextSample = chunk.endSample;
        const answer = { ...parseResponse(JSON.stringify(event.answer), EMBEDDED), model: this.model };
        const [startS, endS] = [samplesToSeconds(chunk.startSample), samplesToSeconds(chunk.endSample)];
        return { kind: 'utterance', startS, endS, chunk, answer };
      }
      case 'pace':
        if (event.isLive === this.isLive) return undefined;
        this.isLive = event.isLive;
        return event;
      case 'failed':
        if (event.code === 'unsupported_language') {
          const { language = '' } = this.wishes;
          throw new MinutesError({ code: 'languageUnsupported', host: EMBEDDED, language });
        }
        throw new MinutesError({ code: 'engineFailed', reason: event.reason });
      case 'ended':
        return undefined;
    }
  }

  /** A session that begins anew hears words again that were told before. */
  private inRecording(words: readonly SessionWord[], offsetS: number): readonly LiveWord[] {
    return words
      .map(({ text, startS, endS }) => ({ text, startS: offsetS + startS, endS: offsetS + endS }))
      .filter(({ startS, endS }) => (startS + endS) / 2 >= this.settledS);
  }

  private async *linesFrom(fromSample: number, signal: AbortSignal): AsyncGenerator<SessionLine> {
    const { for: purpose, language, terms } = this.wishes;
    let prompt = terms?.()?.text;
    yield defined({ kind: 'begin', purpose, language, prompt });
    for await (const block of this.audio.samples(fromSample, signal)) {
      const now = terms?.()?.text;
      if (now !== prompt) {
        prompt = now;
        yield { kind: 'terms', prompt: prompt ?? '' };
      }
      for (let at = 0; at < block.length; at += LINE_SAMPLES) {
        const bytes = int16ToBytes(block.subarray(at, at + LINE_SAMPLES));
        yield { kind: 'audio', pcm: Buffer.from(bytes.buffer).toString('base64') };
      }
    }
    yield { kind: 'end' };
  }
}
