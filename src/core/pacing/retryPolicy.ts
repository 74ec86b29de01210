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
  /** Whether a server is known to be at this address. Then a failure to reach it may pass. */
  readonly isAddressKnown: boolean;
  /** Whether the failure gives no reason, at a server that may not have the model. */
  readonly isModelDoubtful?: boolean;
  /** In [0, 1), for the jitter. */
  readonly random: number;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/**
 * Statuses of failures that pass, from the endpoints' documentation: 520 to 524 are Cloudflare's words for a server behind it that gave no
 * answer, 529 says that a server has too much to do. After any other status the same request would only fail again.
 */
const PASSING: ReadonlySet<number> = new Set([408, 409, 429, 498, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529]);

/** One attempt and four more. The waits between them give a server four to eight seconds to come back. Exported so that tests name the limit and not the number. */
export const MAXIMUM_ATTEMPTS = 5;
/** Fewer attempts after a time-out: it has cost minutes already, and the server may still be working on the first request. */
const TIMEOUT_ATTEMPTS = 2;
/** Fewer attempts where no server was ever met: the address is more likely wrong than busy. */
const UNKNOWN_ATTEMPTS = 2;
/** Fewer attempts where the model may be missing: that would not pass. A server that only starts again, or loads the model, has two seconds. */
const DOUBTFUL_ATTEMPTS = 3;

/** The wait doubles from attempt to attempt: 0.5, 1, 2, 4 s, as in the SDKs of Groq and OpenAI, but with a higher cap. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** For a longer wait the job pauses instead of showing a progress bar. */
export const PAUSE_ABOVE_MS = 15 * 60_000;

/** A gateway's words for a server that took the request and did not answer in time: RFC 9110, section 15.6.5, and Cloudflare's 524. */
const GATEWAY_TIMEOUTS: ReadonlySet<number> = new Set([504, 524]);

const GIVE_UP: Verdict = { kind: 'giveUp' };

/** @param message what the answer's body says */
export function afterRefusal(status: number, headers: AnswerHeaders, message: string, facts: AttemptFacts): Verdict {
  if (!PASSING.has(status)) return GIVE_UP;
  const toldMs = parseRetryAfter(headers, facts.nowMs) ?? (status === 429 ? waitInMessage(message) : undefined);
  if (toldMs !== undefined && toldMs > PAUSE_ABOVE_MS) return { kind: 'pause', waitMs: toldMs };
  const attempts = GATEWAY_TIMEOUTS.has(status) ? TIMEOUT_ATTEMPTS : MAXIMUM_ATTEMPTS;
  if (facts.attempt >= Math.min(attempts, mostAttempts(facts))) return GIVE_UP;
  // The jitter is added to the time told: never before it, and several windows do not come back in the same moment.
  return { kind: 'again', waitMs: toldMs === undefined ? backoffMs(facts) : toldMs + facts.random * FIRST_WAIT_MS };
}

/** What to do after a connection that broke or never came about. */
export function afterBrokenConnection(problem: ConnectionProblem, facts: AttemptFacts): Verdict {
  if (problem === 'certificate' || problem === 'answerTooLarge') return GIVE_UP;
  const isUnknown = problem === 'unreachable' && !facts.isAddressKnown;
  const attempts = isUnknown ? UNKNOWN_ATTEMPTS : problem === 'timeout' ? TIMEOUT_ATTEMPTS : MAXIMUM_ATTEMPTS;
  return facts.attempt >= Math.min(attempts, mostAttempts(facts))
    ? GIVE_UP
    : { kind: 'again', waitMs: backoffMs(facts) };
}

/** Whether a failed request shows that a server is at its address: the connection was open, and a server that starts again breaks it. */
export function provesAddress(problem: ConnectionProblem): boolean {
  return problem === 'reset' || problem === 'answerTooLarge';
}

function mostAttempts({ maximumAttempts = MAXIMUM_ATTEMPTS, isModelDoubtful = false }: AttemptFacts): number {
  return isModelDoubtful ? Math.min(maximumAttempts, DOUBTFUL_ATTEMPTS) : maximumAttempts;
}

/** A random wait between half of the doubled wait and all of it. */
function backoffMs({ attempt, random }: AttemptFacts): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)) * (0.5 + random / 2);
}
