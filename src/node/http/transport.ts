import type { ConnectionProblem } from '../../core/pacing/retryPolicy';

/** A body whose length is known before a byte is read. */
export interface RequestBody {
  readonly lengthBytes: number;
  /**
   * The bytes, read as they are sent. May be called anew for another attempt.
   *
   * @throws MinutesError `fileUnreadable`
   */
  readonly stream: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

/** One HTTP request. Redirects are never followed: the key goes to the address that was asked and to no other. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Lower-case names, without `content-length`: the body tells it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** In place of the transport's own, see {@link TransportTimeouts}. */
  readonly answerMs?: number;
  /** Takes the answer's body in place of {@link HttpAnswer.body}. */
  readonly sink?: AnswerSink;
}

/** Where an answer goes that is too large to be kept. */
export interface AnswerSink {
  /** Whether this answer's body is meant; that of an error, say, becomes text as always. */
  readonly accepts: (head: Omit<HttpAnswer, 'body'>) => boolean;
  /** Called with one block at a time; resolves when the next may come. What it throws ends the request and is thrown by it. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
}

/** An answer of any status, redirects included. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names; values of a name that came twice are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where a sink took it. */
  readonly body: string;
}

/** What a transport waits for at most. All milliseconds. */
export interface TransportTimeouts {
  /** From the request to an open connection. */
  readonly connectMs: number;
  /** From the body's last byte to the answer's head; also the longest time without a byte taken while the body is sent. */
  readonly answerMs: number;
  /** From the answer's head to its last byte: a server that drips cannot hold a request for ever. For a sink: from block to block. */
  readonly bodyMs: number;
}

/** The waits that users meet. */
export const TRANSPORT_TIMEOUTS: TransportTimeouts = {
  connectMs: 10_000,
  // A slow server on somebody's own machine may think for minutes about 30 s of audio.
  answerMs: 5 * 60_000,
  bodyMs: 60_000,
};

/** An answer for 30 s of speech has some kilobytes; a body beyond this is no answer. */
export const MAXIMUM_ANSWER_BYTES = 16 * 1024 * 1024;

/** There is no answer. Never made for an abort, which throws the signal's reason, nor for a body that cannot be read. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';

  constructor(
    readonly problem: ConnectionProblem,
    /** The system's word for it, such as `ECONNREFUSED`; never the request's own text. */
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${problem}: ${reason}`, options);
  }
}

/** Sends requests and keeps connections for the next. */
export interface HttpTransport {
  /** @throws TransportFailure; MinutesError of the body; the signal's reason when aborted */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** Ends every request and connection. */
  dispose(): Promise<void>;
}
