import { defined } from './async/defined';
import { fieldsOf } from './engineProtocol';

/**
 * The messages of a session in which the engine hears speech while it is spoken. The client opens it with an HTTP request for
 * {@link SESSION_PATH} that asks for the protocol {@link SESSION_PROTOCOL} (RFC 9110, 7.8) and has the engine's token. Then both sides
 * write lines of JSON: the client {@link SessionLine}s, of which `begin` is the first, the engine {@link SessionEvent}s.
 */

/** Below the API's base address. */
export const SESSION_PATH = '/minutes/session';
/** In the request's header `Upgrade`. A plain request would have to arrive as a whole within the server's time limit. */
export const SESSION_PROTOCOL = 'minutes-session';
/** No line is longer, in UTF-16 units. It limits the memory of a line; audio of 20 s is shorter. */
export const MAXIMUM_LINE_LENGTH = 1024 * 1024;

/** What a session is for: a dictation is heard before a meeting. */
export type SessionPurpose = 'dictation' | 'meeting';

/** What a client says. */
export type SessionLine =
  | SessionBegin
  /** Samples behind those before: signed 16-bit little-endian, 16 kHz mono, as Base64. */
  | { readonly kind: 'audio'; readonly pcm: string }
  /** Words that may be said, from the next hearing on. They replace those before; an empty text removes them. */
  | { readonly kind: 'terms'; readonly prompt: string }
  /** No audio follows. The engine tells what is still to be told, then `ended`. */
  | { readonly kind: 'end' };

/** The first line of a session. */
export interface SessionBegin {
  readonly kind: 'begin';
  readonly purpose: SessionPurpose;
  /** ISO-639-1; absent: the engine finds out, and keeps the language until it is certain of another. */
  readonly language?: string;
  /** Words that may be said, as one text. */
  readonly prompt?: string;
}

/** A word with its time in seconds from the session's first sample. */
export interface SessionWord {
  /** With the blank before it where there is one, so that words can be put one after the other. */
  readonly text: string;
  readonly startS: number;
  readonly endS: number;
}

/** What the engine says. */
export type SessionEvent =
  /** The audio up to `heardS` was heard. Settled words do not change any more; the tentative ones replace those told before. */
  | {
      readonly kind: 'words';
      /** New ones, behind those told before. */
      readonly settled: readonly SessionWord[];
      readonly tentative: readonly SessionWord[];
      readonly heardS: number;
    }
  /** A stretch of speech has ended: samples `[startSample, endSample)`. All its words are settled, and told. */
  | {
      readonly kind: 'utterance';
      readonly startSample: number;
      readonly endSample: number;
      /** What a request for this audio would be answered, in the form `verbose_json`. */
      readonly answer: Readonly<Record<string, unknown>>;
    }
  /** Whether the machine is quick enough for words while somebody speaks. Told when it changes; at first it counts as quick enough. */
  | { readonly kind: 'pace'; readonly isLive: boolean }
  /** The last line: everything is told. */
  | { readonly kind: 'ended' }
  /** The last line where the session cannot go on. */
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string };

/** @returns undefined where the line is none of a client's */
export function parseSessionLine(line: string): SessionLine | undefined {
  const { kind, pcm, prompt, purpose, language } = fieldsOf(line) ?? {};
  const isText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string';
  switch (kind) {
    case 'begin':
      return (purpose === 'dictation' || purpose === 'meeting') && isText(language) && isText(prompt)
        ? defined({ kind, purpose, language, prompt })
        : undefined;
    case 'audio':
      return typeof pcm === 'string' ? { kind, pcm } : undefined;
    case 'terms':
      return typeof prompt === 'string' ? { kind, prompt } : undefined;
    case 'end':
      return { kind };
    default:
      return undefined;
  }
}

/** @returns undefined where the line is none of the engine's */
export function parseSessionEvent(line: string): SessionEvent | undefined {
  const fields = fieldsOf(line) ?? {};
  const { kind, heardS, startSample, endSample, answer, isLive, code, reason } = fields;
  switch (kind) {
    case 'words': {
      const [settled, tentative] = [parseWords(fields['settled']), parseWords(fields['tentative'])];
      return settled && tentative && typeof heardS === 'number' ? { kind, settled, tentative, heardS } : undefined;
    }
    case 'utterance':
      return typeof startSample === 'number' && typeof endSample === 'number' && isRecord(answer)
        ? { kind, startSample, endSample, answer }
        : undefined;
    case 'pace':
      return typeof isLive === 'boolean' ? { kind, isLive } : undefined;
    case 'ended':
      return { kind };
    case 'failed':
      return typeof code === 'string' && typeof reason === 'string' ? { kind, code, reason } : undefined;
    default:
      return undefined;
  }
}

function parseWords(value: unknown): readonly SessionWord[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const words = (value as readonly unknown[]).map((entry) => {
    const { text, startS, endS } = isRecord(entry) ? entry : {};
    return typeof text === 'string' && typeof startS === 'number' && typeof endS === 'number'
      ? { text, startS, endS }
      : undefined;
  });
  return words.every((word) => word !== undefined) ? words : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
