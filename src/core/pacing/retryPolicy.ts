import { parseRetryAfter, waitInMessage, type AnswerHeaders } from './retryAfter';

/** Why there was no answer. */
export type ConnectionProblem =
  /** Name not found, connection refused, no route, TLS that cannot be agreed on. */
  | 'unreachable'
  /** The server's certificate is signed by an authority that is not known here. */
  | 'certificate'
  /** The connection broke before the answer was whole. */
  | 'reset'
  /** One of the transport's time limits is over. */
  | 'timeout'
  /** The answer has so many bytes that it cannot be a transcription. */
  | 'answerTooLarge';

/** Whether the very same request should be sent again. */
export type Verdict =
  | { readonly kind: 'again'; readonly waitMs: number }
  /** Yes, but only after a wait too long to sit through: the job should pause. */
  | { readonly kind: 'pause'; readonly waitMs: number }
  | { readonly kind: 'giveUp' };

/** What is known of a request that failed. */
export interface AttemptFacts {
  /** 1 for the first. */
  readonly attempt: number;
  /** Absent: {@link MAXIMUM_ATTEMPTS}. */
  readonly maximumAttempts?: number;
  /** Whether this endpoint has answered before. Then its address is right, and the failure may pass. */
  readonly hasAnswered: boolean;
  /** In [0, 1), for the jitter. */
  readonly random: number;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** Statuses of failures that pass, from the endpoints' documentation. After any other status the same request would only fail again. */
const PASSING: ReadonlySet<number> = new Set([408, 409, 429, 498, 500, 502, 503, 504]);

/** One attempt and four more. With the waits between them a server has a quarter of a minute to come back. Exported so that tests name the limit and not the number. */
export const MAXIMUM_ATTEMPTS = 5;
/** Fewer attempts after a time-out, which has cost minutes already. */
const TIMEOUT_ATTEMPTS = 2;
/** Fewer attempts where the address never answered: it is more likely wrong than busy. */
const UNKNOWN_ATTEMPTS = 2;

/** The wait doubles from attempt to attempt: 0.5, 1, 2, 4 s, as in the SDKs of Groq and OpenAI, but with a higher cap. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** For a longer wait the job pauses instead of showing a progress bar. */
export const PAUSE_ABOVE_MS = 15 * 60_000;

const GIVE_UP: Verdict = { kind: 'giveUp' };

/** @param message what the answer's body says */
export function afterRefusal(status: number, headers: AnswerHeaders, message: string, facts: AttemptFacts): Verdict {
  if (!PASSING.has(status)) return GIVE_UP;
  const toldMs = parseRetryAfter(headers, facts.nowMs) ?? (status === 429 ? waitInMessage(message) : undefined);
  if (toldMs !== undefined && toldMs > PAUSE_ABOVE_MS) return { kind: 'pause', waitMs: toldMs };
  if (facts.attempt >= mostAttempts(facts)) return GIVE_UP;
  // The jitter is added to the time told: never before it, and several windows do not come back in the same moment.
  return { kind: 'again', waitMs: toldMs === undefined ? backoffMs(facts) : toldMs + facts.random * FIRST_WAIT_MS };
}

/** What to do after a connection that broke or never came about. */
export function afterBrokenConnection(problem: ConnectionProblem, facts: AttemptFacts): Verdict {
  if (problem === 'certificate' || problem === 'answerTooLarge') return GIVE_UP;
  const isUnknown = problem === 'unreachable' && !facts.hasAnswered;
  const attempts = isUnknown ? UNKNOWN_ATTEMPTS : problem === 'timeout' ? TIMEOUT_ATTEMPTS : MAXIMUM_ATTEMPTS;
  return facts.attempt >= Math.min(attempts, mostAttempts(facts))
    ? GIVE_UP
    : { kind: 'again', waitMs: backoffMs(facts) };
}

function mostAttempts({ maximumAttempts = MAXIMUM_ATTEMPTS }: AttemptFacts): number {
  return maximumAttempts;
}

/** A random wait between half of the doubled wait and all of it. */
function backoffMs({ attempt, random }: AttemptFacts): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)) * (0.5 + random / 2);
}
