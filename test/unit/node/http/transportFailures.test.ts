import assert from 'node:assert/strict';
import { TransportFailure } from '../../../../src/node/http/transport';
import { failureOf } from '../../../../src/node/http/transportFailures';

const systemError = (code: string): Error => Object.assign(new Error('system'), { code });

describe('failureOf', () => {
  const problems = {
    ECONNREFUSED: 'unreachable',
    ENOTFOUND: 'unreachable',
    EHOSTUNREACH: 'unreachable',
    ERR_SSL_WRONG_VERSION_NUMBER: 'unreachable',
    ECONNRESET: 'reset',
    EPIPE: 'reset',
    UND_ERR_SOCKET: 'reset',
    Z_BUF_ERROR: 'reset',
    Z_DATA_ERROR: 'reset',
    ERR__ERROR_FORMAT_PADDING_1: 'reset',
    ERR_BROTLI_DECODER_ERROR_FORMAT_PADDING_1: 'reset',
    ETIMEDOUT: 'timeout',
    UND_ERR_CONNECT_TIMEOUT: 'timeout',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate',
    SELF_SIGNED_CERT_IN_CHAIN: 'certificate',
    // Wrong in every store.
    CERT_HAS_EXPIRED: 'certificate',
    ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
  };
  for (const [word, problem] of Object.entries(problems)) {
    it(`says ${problem} for ${word}`, () => {
      const failure = failureOf(systemError(word));
      assert.deepEqual([failure.problem, failure.reason], [problem, word]);
    });
  }

  it('finds the word behind the causes', () => {
    const hidden = new TypeError('fetch failed', { cause: new Error('proxy', { cause: systemError('ECONNRESET') }) });
    assert.equal(failureOf(hidden).reason, 'ECONNRESET');
  });

  it('leaves what already is a failure as it is', () => {
    const failure = new TransportFailure('timeout', 'body');
    assert.equal(failureOf(failure), failure);
  });

  it('repeats nothing of an error without a word: it may quote the key', () => {
    const failure = failureOf(new TypeError('Headers.append: "Bearer gsk_1" is an invalid header value.'));
    assert.deepEqual([failure.reason, failure.cause], ['TypeError', undefined]);
    assert.doesNotMatch(failure.stack ?? '', /gsk_1/);
  });
});
