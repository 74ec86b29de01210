import { initialBudget } from '../../src/core/pacing/rateLimit';
import { RateLimiter } from '../../src/core/pacing/rateLimiter';
import { SimulatedClock } from '../fakes/simulatedClock';
import { simulateJob, type SimulatedPiece } from '../fakes/simulatedJob';
import { GROQ_FREE_LIMITS, TokenBucketServer, type ServerLimit } from '../fakes/tokenBucketServer';
import { seededRandom } from '../unit/core/random';
import type { BenchReport, Goal } from './report';

const GROQ = 'https://api.groq.com/openai/v1';
/** The jobs: pieces of 10 to 30 s as they come from meetings; and a talkative one, where every fourth is shorter than is billed. */
const JOBS = [
  { hours: 1, shortShare: 0 },
  { hours: 3, shortShare: 0 },
  { hours: 8, shortShare: 0 },
  { hours: 3, shortShare: 0.25 },
] as const;
const PARALLELISM = 4;
/** What a request counts at least. Whether Groq's limits count as its bills do is not documented, so both are tried. */
const COUNTS = [
  { name: 'at least 10 s a request', minimumAudioS: 10 },
  { name: 'true seconds', minimumAudioS: 0 },
] as const;

/**
 * Long jobs against Groq's free tier on a simulated clock: a server with token buckets of its own counts the requests that it has to
 * refuse, and the time is compared with what the limits allow at best.
 */
export async function benchPlanner(): Promise<BenchReport> {
  const table: string[][] = [['audio, counted as', 'pieces', 'refused', 'took s', 'best s', 'above %']];
  const goals: Goal[] = [];
  for (const { hours, shortShare } of JOBS) {
    for (const { name, minimumAudioS } of COUNTS) {
      const pieces = cutIntoPieces(hours * 3600, shortShare);
      const clock = new SimulatedClock();
      const limiter = new RateLimiter(clock, initialBudget(GROQ, clock.nowMs()));
      const server = new TokenBucketServer(
        { limits: GROQ_FREE_LIMITS, minimumAudioS, rounding: 'floor', told: { requests: 86_400, audio: 3600 } },
        clock.nowMs(),
      );
      const { durationMs, refusals } = await simulateJob(pieces, PARALLELISM, limiter, server, clock);
      const tookS = durationMs / 1000;
      const bestS = Math.max(
        ...GROQ_FREE_LIMITS.map((limit) => leastS(limit, pieces, minimumAudioS)),
        serviceS(pieces),
      );
      const above = Math.round((tookS / bestS - 1) * 10_000) / 100;
      const job = `${hours} h${shortShare > 0 ? ' with short pieces' : ''}, ${name}`;
      table.push(
        [job, pieces.length, refusals.length, tookS.toFixed(1), bestS.toFixed(1), above.toFixed(2)].map(String),
      );
      goals.push(
        { name: `planner: avoidable refusals, ${job}`, value: refusals.length, unit: 'requests', goal: 0 },
        { name: `planner: time above the optimum, ${job}`, value: above, unit: '%', goal: 2 },
      );
    }
  }
  const remarks = [
    `Groq's free tier, ${PARALLELISM} requests at a time, 0.5 to 2 s each. Best: (total - capacity) / refill of the tightest limit, and the last answer.`,
  ];
  return { table, goals, remarks };
}

/** Always the same. Short ones have 1 to 10 s. */
function cutIntoPieces(totalS: number, shortShare: number): SimulatedPiece[] {
  const random = seededRandom();
  const pieces: SimulatedPiece[] = [];
  for (let leftS = totalS; leftS > 0;) {
    const isShort = random() < shortShare;
    const wantedS = Math.round(1000 * (isShort ? 1 + 9 * random() : 10 + 20 * random())) / 1000;
    // No stump under ten seconds at the end.
    const audioS = leftS <= 30 ? leftS : Math.min(wantedS, leftS - 10);
    pieces.push({ audioS, latencyMs: Math.round(500 + 1500 * random()), arrival: random() });
    leftS = Math.round(1000 * (leftS - audioS)) / 1000;
  }
  return pieces;
}

/** The time that one limit alone makes the job take, the last answer included. */
function leastS(
  { unit, limit, windowS }: ServerLimit,
  pieces: readonly SimulatedPiece[],
  minimumAudioS: number,
): number {
  const total = pieces.reduce(
    (sum, { audioS }) => sum + (unit === 'requests' ? 1 : Math.max(minimumAudioS, audioS)),
    0,
  );
  return Math.max(0, total - limit) * (windowS / limit) + (pieces.at(-1)?.latencyMs ?? 0) / 1000;
}

/** The time that the answers alone take, so many at once. */
function serviceS(pieces: readonly SimulatedPiece[]): number {
  return pieces.reduce((sum, { latencyMs }) => sum + latencyMs, 0) / 1000 / PARALLELISM;
}
