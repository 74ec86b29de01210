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

/** One HTTP request. Redirects are never followed, so that the key goes only to the address that was asked. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Lower-case names, without `content-length`: the body tells it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** Replaces the transport's own limit, see {@link TransportTimeouts}. */
  readonly answerMs?: number;
  /** Takes the answer's body in place of {@link HttpAnswer.body}. */
  readonly sink?: AnswerSink;
}

/** Takes an answer that is too large to be kept in memory. */
export interface AnswerSink {
  /** Whether the sink takes this answer's body. Other bodies, such as that of an error, become text. */
  readonly accepts: (head: Omit<HttpAnswer, 'body'>) => boolean;
  /** Called with one block at a time; resolves when the next may come. An error that it throws ends the request, which throws it again. */
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

/** A transport's longest waits, in milliseconds. */
export interface TransportTimeouts {
  /** From the request to an open connection. */
  readonly connectMs: number;
  /** From the body's last byte to the answer's head. Also the longest time in which the server takes no byte of the body. */
  readonly answerMs: number;
  /** From the answer's head to its last byte, so that a slow server cannot hold a request for ever. For a sink: from block to block. */
  readonly bodyMs: number;
}

/** The waits that users meet. */
export const TRANSPORT_TIMEOUTS: TransportTimeouts = {
  connectMs: 10_000,
  // A slow self-hosted server may need minutes for 30 s of audio.
  answerMs: 5 * 60_000,
  bodyMs: 60_000,
};

/** An answer for 30 s of speech has some kilobytes; a larger body is not a transcription. */
export const MAXIMUM_ANSWER_BYTES = 16 * 1024 * 1024;

/** A request got no answer. An abort throws the signal's reason instead, and a request body that cannot be read throws its own error. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';

  constructor(
    readonly problem: ConnectionProblem,
    /** The system's name for it, such as `ECONNREFUSED`; never text of the request. */
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
