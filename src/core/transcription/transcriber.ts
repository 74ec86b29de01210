import type { Answer, TranscriptionRequest, Host } from '../model';

/** What happens to one request until its answer is there. */
export type RequestEvent =
  /** Other requests are under way, as many as may be. This one is made ready meanwhile, and nothing of it is sent yet. */
  | { readonly kind: 'queued' }
  /** Nothing is sent before `untilMs` (milliseconds since 1970). */
  | { readonly kind: 'waiting'; readonly host: Host; readonly untilMs: number; readonly cause: WaitCause }
  /** The wait is over, or the turn has come: the request is on its way. */
  | { readonly kind: 'asking' }
  /** The last event. */
  | { readonly kind: 'answered'; readonly answer: Answer };

/** `quota`: a wait so that the endpoint does not refuse; `refused`: the endpoint asked for the wait; `failed`: it failed in a way that passes. */
export type WaitCause = 'quota' | 'refused' | 'failed';

/** Turns speech into text, a request at a time. */
export interface Transcriber {
  /** How many requests at once make the endpoint quicker. May change with every answer. */
  readonly parallel: number;
  /** How many further requests are worth making ready meanwhile; absent: none. */
  readonly ahead?: number;
  /**
   * When the last of these requests may be sent, as far as the quota is known: milliseconds since 1970.
   *
   * @param requestS the seconds of audio of each
   * @throws MinutesError as {@link transcribe} does where nothing can be asked
   */
  lastStartMs(requestS: readonly number[], signal: AbortSignal): Promise<number>;
  /** @throws MinutesError any code that names an endpoint, the engine or a file */
  transcribe(request: TranscriptionRequest, signal: AbortSignal): AsyncIterable<RequestEvent>;
}
