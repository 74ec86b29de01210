import { errnoOf } from '../system/fileProblems';
import type { ConnectionProblem } from '../../core/pacing/retryPolicy';
import { TransportFailure } from './transport';

/**
 * What is wrong with a certificate (OpenSSL's and Node's words). Another store may cure an untrusted one; an expired one or one for another
 * name stays wrong in every store, but no second attempt helps against it either.
 */
const UNTRUSTED = [
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_UNTRUSTED',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
];
/** A connection that was open (Node's, undici's and its parser's words). */
const BROKEN = [
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_INFO',
  'UND_ERR_ABORTED',
  'UND_ERR_DESTROYED',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'HPE_INVALID_EOF_STATE',
];
const LATE = ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

const PROBLEMS = new Map<string, ConnectionProblem>([
  ...UNTRUSTED.map((word) => [word, 'certificate'] as const),
  ...BROKEN.map((word) => [word, 'reset'] as const),
  ...LATE.map((word) => [word, 'timeout'] as const),
  ['UND_ERR_HEADERS_OVERFLOW', 'answerTooLarge'],
]);

/** A transport's error in our words. Some hide the system's word behind one or two causes. */
export function failureOf(error: unknown): TransportFailure {
  if (error instanceof TransportFailure) return error;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const word = errnoOf(cause);
    if (word !== undefined) return new TransportFailure(PROBLEMS.get(word) ?? 'unreachable', word, { cause });
  }
  // Without the cause: what is said about a header that is refused quotes it, and one of them is the key.
  return new TransportFailure('unreachable', error instanceof Error ? error.name : 'unknown');
}
