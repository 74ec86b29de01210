import { assert } from 'chai';
import type { Problem } from '../../../../src/core/errors';
import { classifyFailure, type FailedRequest } from '../../../../src/core/speech/classifyFailure';

const REQUEST: FailedRequest = { host: 'api.example.org', model: 'whisper-x', hasKey: true };
const host = REQUEST.host;

function classify(status: number, body: string, request: FailedRequest = REQUEST): Problem {
  return classifyFailure(status, body, request).problem;
}

function errorBody(message: string, code?: string): string {
  return JSON.stringify({ error: { message, type: 'invalid_request_error', ...(code === undefined ? {} : { code }) } });
}

describe('classifyFailure', () => {
  for (const code of ['invalid_prompt', 'unsupported_audio_format', 'invalid_media_file']) {
    it(`passes on why a request was refused: 400 ${code}`, () => {
      assert.deepStrictEqual(classify(400, errorBody('not like this', code)), {
        ...{ code: 'requestRefused', host, status: 400, reason: 'not like this' },
      });
    });
  }

  for (const status of [413, 422, 424]) {
    it(`calls ${status} a refused request and names the status`, () => {
      assert.deepStrictEqual(classify(status, errorBody('no')), { code: 'requestRefused', host, status, reason: 'no' });
    });
  }

  it('tells a rejected key from a missing one by whether one was sent', () => {
    assert.deepStrictEqual(classify(401, errorBody('Invalid API Key')), { code: 'keyRejected', host });
    assert.deepStrictEqual(classify(401, '', { ...REQUEST, hasKey: false }), { code: 'keyMissing', host });
  });

  it('tells missing permission from a firewall’s plain text by the reason', () => {
    assert.deepStrictEqual(classify(403, errorBody('Your plan lacks this model')), {
      ...{ code: 'forbidden', host, reason: 'Your plan lacks this model' },
    });
    assert.deepStrictEqual(classify(403, 'error code: 1010'), { code: 'forbidden', host, reason: 'error code: 1010' });
  });

  it('names host and model where one of them was not found', () => {
    assert.deepStrictEqual(classify(404, errorBody('The model does not exist', 'model_not_found')), {
      ...{ code: 'notFound', host, model: 'whisper-x', reason: 'The model does not exist' },
    });
  });

  it('passes on what the server says of its rate limit', () => {
    const reason =
      'Rate limit reached on seconds of audio per hour (ASPH): Limit 7200, Used 5956, Requested 2336. Please try again in 9m6s.';
    assert.deepStrictEqual(classify(429, errorBody(reason)), { code: 'rateLimited', host, reason });
  });

  for (const status of [408, 409, 498, 500, 502, 503, 504]) {
    it(`calls ${status} the endpoint’s failure, which passes`, () => {
      assert.deepStrictEqual(classify(status, '<h1>Sorry</h1>'), {
        ...{ code: 'endpointFailed', host, status, reason: 'Sorry' },
      });
    });
  }

  it('calls a redirect a refused request: the key follows none', () => {
    assert.strictEqual(classify(302, '').code, 'requestRefused');
  });

  it('names the language that a model does not know, if one was asked for', () => {
    const body = errorBody('The model knows en, not "de".', 'unsupported_language');
    assert.deepStrictEqual(classify(400, body, { ...REQUEST, language: 'de' }), {
      ...{ code: 'languageUnsupported', host, language: 'de' },
    });
    assert.strictEqual(classify(400, body).code, 'requestRefused');
  });
});
