import type { ProblemCode } from '../errors';
import type { Host } from '../model';
import type { WaitCause } from './transcriber';

/** A line of the log, as values. It never holds the key or what was said. */
export type LogEntry =
  | (RequestFacts & { readonly kind: 'sent'; readonly sizeBytes: number; readonly form: string })
  | (RequestFacts & {
      readonly kind: 'answered';
      readonly status: number;
      readonly durationMs: number;
      /** The endpoint's own id of the request, which its support asks for. */
      readonly requestId?: string;
      /** What is left, as the endpoint says. */
      readonly remaining?: { readonly requests?: number; readonly audioS?: number };
      /** The endpoint's message, where it refused. */
      readonly message?: string;
    })
  | (RequestFacts & { readonly kind: 'broken'; readonly durationMs: number; readonly reason: string })
  | (RequestFacts & { readonly kind: 'waiting'; readonly waitMs: number; readonly cause: WaitCause })
  | (RequestFacts & { readonly kind: 'changed'; readonly to: string })
  | { readonly kind: 'routed'; readonly host: Host; readonly via: 'direct' | 'editor'; readonly reason: string }
  /** What is odd about a setting of the user's or the workspace's. */
  | { readonly kind: 'setting'; readonly setting: string; readonly said: string }
  /** What a recorder said when it failed; `problem` is what that means. */
  | { readonly kind: 'recorder'; readonly problem: ProblemCode; readonly said: string };

interface RequestFacts {
  /** The request's number in this VS Code window. All attempts of one request have the same number. */
  readonly request: number;
  readonly attempt: number;
  readonly host: Host;
}

/** Keeps a record that the user can read and send to somebody. */
export interface RequestLog {
  write(entry: LogEntry): void;
}
