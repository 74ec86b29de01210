import { MinutesError } from '../../core/errors';
import type { RequestOutcome } from './followedRequests';

/**
 * The error for a download that ended before the file was whole. What arrived is kept.
 *
 * @param outcome of the last attempt; undefined: the server sent another part than it was asked for
 * @param file what the user calls it
 */
export function brokenDownload(outcome: RequestOutcome | undefined, url: string, file: string): MinutesError {
  const facts = { host: outcome?.host ?? new URL(url).host, file };
  if (outcome?.kind === 'broken') {
    const { failure } = outcome;
    return new MinutesError({ code: 'downloadBroken', ...facts, reason: failure.reason }, { cause: failure });
  }
  const reason = outcome ? `it ended early (${outcome.answer.status})` : 'it sends other bytes than were asked for';
  return new MinutesError({ code: 'downloadBroken', ...facts, reason });
}
