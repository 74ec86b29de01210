import type { RateBucket } from '../../../../src/core/pacing/rateBucket';
import { UNKNOWN_BUDGET, type RateBudget } from '../../../../src/core/pacing/rateLimit';
import type { ServerLimit } from '../../../fakes/tokenBucketServer';

/** An endpoint whose limits are known. */
export const GROQ = 'https://api.groq.com/openai/v1';

/** A budget that knows these limits, and nothing of what was used. */
export function budgetOf(limits: readonly ServerLimit[], nowMs: number): RateBudget {
  return {
    ...UNKNOWN_BUDGET,
    headerWindows: { requests: 86_400, audioS: 3600 },
    buckets: limits.map(({ unit, windowS, limit }) => ({
      unit: unit === 'audio' ? 'audioS' : unit,
      windowS: windowS as RateBucket['windowS'],
      capacity: limit,
      level: limit,
      atMs: nowMs,
      knowledge: 'assumed',
    })),
  };
}
