import type { Host } from '../errors';
import type { WaitCause } from './transcriber';

/** A line of the log, as values: never the key, never what was said. */
export type LogEntry =
  | (RequestFacts & { readonly kind: 'sent'; readonly sizeBytes: number; readonly form: string })
  | (RequestFacts & {
      readonly kind: 'answered';
      readonly status: number;
      readonly durationMs: number;
      /** What the endpoint calls the request: what its support asks for. */
      readonly requestId?: string;
      /** What is left, as the endpoint says. */
      readonly remaining?: { readonly requests?: number; readonly audioS?: number };
      /** Its own words, where it refused. */
      readonly message?: string;
    })
  | (RequestFacts & { readonly kind: 'broken'; readonly durationMs: number; readonly reason: string })
  | (RequestFacts & { readonly kind: 'waiting'; readonly waitMs: number; readonly cause: WaitCause })
  | (RequestFacts & { readonly kind: 'changed'; readonly to: string })
  | { readonly kind: 'routed'; readonly host: Host; readonly via: 'direct' | 'editor'; readonly reason: string };

interface RequestFacts {
  /** Counts the window's requests; all attempts of one bear the same number. */
  readonly request: number;
  readonly attempt: number;
  readonly host: Host;
}

/** Keeps a record that the user can read and send to somebody. */
export interface RequestLog {
  write(entry: LogEntry): void;
}
