import { NEVER } from '../../src/core/async/never';
import type { RateLimiter } from '../../src/core/pacing/rateLimiter';
import type { SimulatedClock } from './simulatedClock';
import type { ServerAnswer, TokenBucketServer } from './tokenBucketServer';

/** One request of a job, and how its way to the server and back takes. */
export interface SimulatedPiece {
  readonly audioS: number;
  /** From the sending to the answer. */
  readonly latencyMs: number;
  /** The part of the latency after which it arrives, in [0, 1]. */
  readonly arrival: number;
}

export interface SimulatedRefusal {
  readonly piece: number;
  readonly sentMs: number;
  readonly answeredMs: number;
  readonly answer: Extract<ServerAnswer, { status: 429 }>;
}

export interface SimulatedJobResult {
  readonly durationMs: number;
  /** The pieces in the order in which they were sent, those that were refused again and again. */
  readonly sent: readonly { readonly piece: number; readonly sentMs: number }[];
  readonly refusals: readonly SimulatedRefusal[];
  /** When the first answer that was no refusal came. */
  readonly firstAnswerMs: number;
}

/** Sends all pieces through the limiter, so many at a time; refused ones again until they are taken. */
export async function simulateJob(
  pieces: readonly SimulatedPiece[],
  parallelism: number,
  limiter: RateLimiter,
  server: TokenBucketServer,
  clock: SimulatedClock,
  /** Whether the headers tell what remained when the request came, or when the answer goes. */
  headersAt: 'arrival' | 'answer' = 'arrival',
): Promise<SimulatedJobResult> {
  const startMs = clock.nowMs();
  const sent: { piece: number; sentMs: number }[] = [];
  const refusals: SimulatedRefusal[] = [];
  let firstAnswerMs = Infinity;
  let next = 0;

  const ask = async (piece: number, { audioS, latencyMs, arrival }: SimulatedPiece): Promise<void> => {
    for (;;) {
      const lease = await limiter.acquire(audioS, NEVER);
      const sentMs = clock.nowMs();
      sent.push({ piece, sentMs });
      await clock.sleep(latencyMs * arrival);
      const answer = server.take(audioS, clock.nowMs());
      const early = server.headers(clock.nowMs());
      await clock.sleep(latencyMs * (1 - arrival));
      const answeredMs = clock.nowMs();
      if (answer.status === 200) {
        firstAnswerMs = Math.min(firstAnswerMs, answeredMs);
        lease.answered(headersAt === 'arrival' ? early : server.headers(answeredMs));
        return;
      }
      refusals.push({ piece, sentMs, answeredMs, answer });
      lease.refused({ message: answer.message, retryAfterMs: answer.retryAfterS * 1000 });
    }
  };
  const work = async (): Promise<void> => {
    for (let piece = next++; piece < pieces.length; piece = next++) {
      const found = pieces[piece];
      if (found) await ask(piece, found);
    }
  };
  await clock.run(Promise.all(Array.from({ length: parallelism }, work)));
  return { durationMs: clock.nowMs() - startMs, sent, refusals, firstAnswerMs };
}

/**
 * How long a client takes that knows the server's books, whose requests arrive as soon as they are sent, and that keeps the order. No
 * client can be quicker with the same order and parallelism.
 */
export function idealDurationMs(
  pieces: readonly SimulatedPiece[],
  parallelism: number,
  limits: readonly { unit: 'requests' | 'audio'; windowS: number; limit: number; usedBefore?: number }[],
  minimumAudioS: number,
): number {
  const free = new Array<number>(parallelism).fill(0);
  const levels = limits.map(({ limit, usedBefore = 0 }) => limit - usedBefore);
  let nowS = 0;
  for (const { audioS, latencyMs } of pieces) {
    const slot = free.indexOf(Math.min(...free));
    const beforeS = nowS;
    nowS = Math.max(nowS, free[slot] ?? 0);
    const costs = limits.map(({ unit }) => (unit === 'requests' ? 1 : Math.max(minimumAudioS, audioS)));
    limits.forEach(({ limit, windowS }, i) => {
      nowS = Math.max(nowS, beforeS + (((costs[i] ?? 0) - (levels[i] ?? 0)) * windowS) / limit);
    });
    limits.forEach(({ limit, windowS }, i) => {
      const filled = Math.min(limit, (levels[i] ?? 0) + ((nowS - beforeS) * limit) / windowS);
      levels[i] = filled - (costs[i] ?? 0);
    });
    free[slot] = nowS + latencyMs / 1000;
  }
  return Math.max(...free) * 1000;
}
