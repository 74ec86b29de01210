import { errnoOf } from '../system/fileProblems';
import type { ConnectionProblem } from '../../core/pacing/retryPolicy';
import { TransportFailure } from './transport';

/**
 * Faults of a certificate (OpenSSL's and Node's codes). Another certificate store may trust an untrusted one. An expired certificate, or
 * one for another name, stays wrong in every store; a second attempt does not help against it.
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
/** Codes for an open connection that broke (of Node, undici and its parser). */
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
/** zlib's codes, and those of Brotli: a packed answer that is damaged, or ends too early. */
const DAMAGED = /^(Z_|ERR_(BROTLI|_ERROR)_)/;
const LATE = ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

const PROBLEMS = new Map<string, ConnectionProblem>([
  ...UNTRUSTED.map((word) => [word, 'certificate'] as const),
  ...BROKEN.map((word) => [word, 'reset'] as const),
  ...LATE.map((word) => [word, 'timeout'] as const),
  ['UND_ERR_HEADERS_OVERFLOW', 'answerTooLarge'],
]);

/** A transport's error as a {@link TransportFailure}. Some errors hold the system's code only in their cause, or in its cause. */
export function failureOf(error: unknown): TransportFailure {
  if (error instanceof TransportFailure) return error;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const word = errnoOf(cause);
    if (word === undefined) continue;
    const problem = DAMAGED.test(word) ? 'reset' : (PROBLEMS.get(word) ?? 'unreachable');
    return new TransportFailure(problem, word, { cause });
  }
  // The cause is left out: an error about a refused header quotes the header, which may be the key.
  return new TransportFailure('unreachable', error instanceof Error ? error.name : 'unknown');
}
