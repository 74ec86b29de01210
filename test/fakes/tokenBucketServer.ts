/** One limit of the server: so many units within so many seconds. */
export interface ServerLimit {
  readonly unit: 'requests' | 'audio';
  readonly windowS: number;
  readonly limit: number;
  /** What somebody else with the same key has used before. */
  readonly usedBefore?: number;
}

export interface TokenBucketServerOptions {
  readonly limits: readonly ServerLimit[];
  /** What a request counts at least, in audio seconds. */
  readonly minimumAudioS: number;
  /** How the headers round what remains. */
  readonly rounding: 'exact' | 'floor' | 'round' | 'ceil';
  /** The windows that the headers tell, as Groq does: requests of a day, audio of an hour. None: no such headers. */
  readonly told: { readonly requests?: number; readonly audio?: number };
}

export type ServerAnswer =
  | { readonly status: 200 }
  /** `limit`: the one that refused. */
  | { readonly status: 429; readonly limit: ServerLimit; readonly message: string; readonly retryAfterS: number };

export const GROQ_FREE_LIMITS: readonly ServerLimit[] = [
  { unit: 'requests', windowS: 60, limit: 20 },
  { unit: 'requests', windowS: 86_400, limit: 2000 },
  { unit: 'audio', windowS: 3600, limit: 7200 },
  { unit: 'audio', windowS: 86_400, limit: 28_800 },
];

/**
 * Refuses what is too much. It keeps no levels, unlike the planner that it judges: for each limit it knows when everything would be
 * forgiven if nobody asked again, and a request is too much where that moment would lie further ahead than the window is long (the
 * "generic cell rate algorithm"; the same limits by other sums).
 */
export class TokenBucketServer {
  private readonly forgivenMs = new Map<ServerLimit, number>();

  constructor(
    private readonly options: TokenBucketServerOptions,
    nowMs: number,
  ) {
    for (const limit of options.limits) {
      this.forgivenMs.set(limit, nowMs + spanMs(limit, limit.usedBefore ?? 0));
    }
  }

  /** A request with so much audio arrives. */
  take(audioS: number, nowMs: number): ServerAnswer {
    const claims = this.options.limits.map((limit) => {
      const cost = limit.unit === 'requests' ? 1 : Math.max(audioS, this.options.minimumAudioS);
      const untilMs = Math.max(nowMs, this.forgivenMs.get(limit) ?? nowMs) + spanMs(limit, cost);
      return { limit, cost, untilMs, tooMuchMs: untilMs - (nowMs + limit.windowS * 1000) };
    });
    const worst = claims.toSorted((a, b) => b.tooMuchMs - a.tooMuchMs)[0];
    // A nanosecond for the sums' last digits.
    if (worst && worst.tooMuchMs > 1e-6) {
      const { limit, cost, tooMuchMs } = worst;
      const name = `${limit.unit === 'requests' ? 'R' : 'AS'}P${{ 60: 'M', 3600: 'H' }[limit.windowS] ?? 'D'}`;
      const used = Math.ceil(this.used(limit, nowMs));
      return {
        status: 429,
        limit,
        message: `Rate limit reached for model \`whisper-large-v3-turbo\` in organization \`org_x\` service tier \`on_demand\` on ${limit.unit} (${name}): Limit ${limit.limit}, Used ${used}, Requested ${Math.ceil(cost)}. Please try again in ${(tooMuchMs / 1000).toFixed(3)}s.`,
        retryAfterS: Math.ceil(tooMuchMs / 1000),
      };
    }
    for (const { limit, untilMs } of claims) this.forgivenMs.set(limit, untilMs);
    return { status: 200 };
  }

  /** The headers of an answer that is written at this moment. */
  headers(nowMs: number): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const limit of this.options.limits) {
      if (this.options.told[limit.unit] !== limit.windowS) continue;
      const name = limit.unit === 'requests' ? 'requests' : 'audio-seconds';
      const left = limit.limit - this.used(limit, nowMs);
      const { rounding } = this.options;
      headers[`x-ratelimit-limit-${name}`] = String(limit.limit);
      headers[`x-ratelimit-remaining-${name}`] = String(rounding === 'exact' ? left : Math[rounding](left));
      headers[`x-ratelimit-reset-${name}`] = `${(spanMs(limit, limit.limit - left) / 1000).toFixed(3)}s`;
    }
    return headers;
  }

  private used(limit: ServerLimit, nowMs: number): number {
    const debtMs = Math.max(0, (this.forgivenMs.get(limit) ?? nowMs) - nowMs);
    return (debtMs / 1000 / limit.windowS) * limit.limit;
  }
}

/** In what time so much is forgiven. */
function spanMs({ limit, windowS }: ServerLimit, amount: number): number {
  return (amount / limit) * windowS * 1000;
}
