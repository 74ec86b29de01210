import { TextDecoder } from 'node:util';
import {
  MAXIMUM_ANSWER_BYTES,
  TransportFailure,
  type AnswerSink,
  type HttpAnswer,
  type HttpRequest,
  type RequestBody,
  type TransportTimeouts,
} from './transport';
import { failureOf } from './transportFailures';

/**
 * One request under way, with everything that all transports have in common: time limits, the abort, the body's errors and the answer's
 * size. A transport carries the bytes and reports through these methods how far it came.
 */
export interface Exchange {
  /** Aborted as soon as nobody waits for the answer any more. The transport then ends what is under way. */
  readonly signal: AbortSignal;
  /** The bytes to send. Reading them also tells how far the sending is. */
  readonly body: AsyncGenerator<Uint8Array> | undefined;
  /** To be called when the connection is open. */
  opened(): void;
  /** To be called when the answer's head has arrived. */
  head(status: number, headers: Iterable<readonly [name: string, value: string | readonly string[] | undefined]>): void;
  /** Takes a block of the answer's body, unpacked. Where it returns a promise, the next block has to wait for it; the promise never rejects. */
  block(bytes: Uint8Array): Promise<void> | undefined;
}

/**
 * Sends a request and waits for the answer.
 *
 * @param carry resolves when the answer is whole
 * @param signals any of them ends the exchange when aborted; the caller learns of it at once, even where `carry` does not react
 * @throws TransportFailure; the body's own error; the reason of the signal that was aborted
 */
export async function exchange(
  request: HttpRequest,
  timeouts: TransportTimeouts,
  carry: (exchange: Exchange) => Promise<void>,
  signals: readonly AbortSignal[],
): Promise<HttpAnswer> {
  for (const signal of signals) signal.throwIfAborted();
  const timed = new TimedExchange(request, timeouts);
  const stops = signals.map((signal) => {
    const stop = (): void => {
      timed.fail(signal.reason);
    };
    signal.addEventListener('abort', stop);
    return (): void => {
      signal.removeEventListener('abort', stop);
    };
  });
  const carried = async (): Promise<HttpAnswer> => {
    try {
      await carry(timed);
      await timed.taken();
    } catch (error) {
      throw failureOf(error);
    }
    return timed.answer();
  };
  try {
    return await Promise.race([timed.failed, carried()]);
  } finally {
    for (const stop of stops) stop();
    timed.end();
  }
}

class TimedExchange implements Exchange {
  readonly body: AsyncGenerator<Uint8Array> | undefined;
  /** Rejects when anything ends the exchange before {@link answer}. */
  readonly failed: Promise<never>;
  private rejectFailed: (reason: unknown) => void = () => undefined;
  private readonly ending = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private received: Omit<HttpAnswer, 'body'> | undefined;
  private readonly sink: AnswerSink | undefined;
  private isForSink = false;
  private readonly timeouts: TransportTimeouts;
  private written: Promise<void> = Promise.resolve();
  private text = '';
  private sizeBytes = 0;
  private decoder = new TextDecoder();

  constructor({ body, sink, answerMs }: Pick<HttpRequest, 'body' | 'sink' | 'answerMs'>, timeouts: TransportTimeouts) {
    this.timeouts = answerMs === undefined ? timeouts : { ...timeouts, answerMs };
    this.sink = sink;
    this.failed = new Promise((_, reject) => {
      this.rejectFailed = reject;
    });
    this.body = body && this.watched(body);
    this.wait('connect');
  }

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  opened(): void {
    if (!this.received) this.wait('answer');
  }

  head(status: number, headers: Iterable<readonly [string, string | readonly string[] | undefined]>): void {
    const joined: Record<string, string> = {};
    for (const [name, value] of headers) {
      const text = typeof value === 'string' ? value : (value?.join(', ') ?? '');
      joined[name] = Object.hasOwn(joined, name) ? `${joined[name] ?? ''}, ${text}` : text;
    }
    this.received = { status, headers: joined };
    this.decoder = decoderFor(joined['content-type']);
    this.isForSink = this.sink?.accepts(this.received) ?? false;
    this.wait('body');
  }

  block(bytes: Uint8Array): Promise<void> | undefined {
    // undici gives an empty block whenever it continues after a pause. Pausing for that block would never end.
    if (this.signal.aborted || bytes.length === 0) return undefined;
    if (this.isForSink && this.sink) return (this.written = this.give(this.sink, bytes));
    this.sizeBytes += bytes.length;
    if (this.sizeBytes > MAXIMUM_ANSWER_BYTES) {
      this.fail(new TransportFailure('answerTooLarge', `more than ${MAXIMUM_ANSWER_BYTES} bytes`));
    } else {
      this.text += this.decoder.decode(bytes, { stream: true });
    }
    return undefined;
  }

  /** A slow disk is not the server's fault, so the server's time limit does not run while the sink writes. */
  private async give(sink: AnswerSink, bytes: Uint8Array): Promise<void> {
    clearTimeout(this.timer);
    try {
      await this.written;
      await sink.write(bytes);
      this.wait('body');
    } catch (error) {
      this.fail(error);
    }
  }

  /** Resolves when the sink has taken the last block. */
  taken(): Promise<void> {
    return this.written;
  }

  answer(): HttpAnswer {
    if (!this.received) throw new TransportFailure('reset', 'no answer');
    return { ...this.received, body: this.text + this.decoder.decode() };
  }

  fail(reason: unknown): void {
    this.rejectFailed(reason);
    this.end();
  }

  end(): void {
    clearTimeout(this.timer);
    this.ending.abort();
  }

  /** The transport asks for the next block when the server took this one. A first read proves nothing: `fetch` reads before it connects. */
  private async *watched(body: RequestBody): AsyncGenerator<Uint8Array> {
    try {
      for await (const block of body.stream(this.signal)) {
        yield block;
        this.opened();
      }
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  private wait(what: 'connect' | 'answer' | 'body'): void {
    clearTimeout(this.timer);
    if (this.signal.aborted) return;
    this.timer = setTimeout(() => {
      this.fail(new TransportFailure('timeout', what));
    }, this.timeouts[`${what}Ms`]);
  }
}

/** Decodes text in the charset that a content type names. Text without one, or in one that is not known here, is taken for UTF-8. */
function decoderFor(contentType: string | undefined): TextDecoder {
  const charset = /;\s*charset\s*=\s*["']?([^\s;,"']+)/i.exec(contentType ?? '')?.[1];
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
