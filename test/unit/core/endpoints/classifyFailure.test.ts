import { assert } from 'chai';
import type { Problem } from '../../../../src/core/errors';
import { classifyFailure, type FailedRequest } from '../../../../src/core/endpoints/classifyFailure';
import { errorBody, PAGE } from './refusals';

const REQUEST: FailedRequest = {
  host: 'api.example.org',
  model: 'whisper-large-v3-turbo',
  task: 'transcribe',
  hasKey: true,
  sizeBytes: 1234,
};
const { host, model } = REQUEST;

function classify(
  status: number,
  body = '',
  request: Partial<FailedRequest> = {},
  headers: Readonly<Record<string, string>> = {},
): Problem {
  return classifyFailure({ status, headers, body }, { ...REQUEST, ...request }).problem;
}

describe('classifyFailure', () => {
  it('names the model of a 500 that gives no reason, where the server may lack it', () => {
    const own = { mayLackModel: true } as const;
    for (const body of [
      '',
      ' ',
      'Internal Server Error',
      '500 Internal Server Error',
      '{"detail":"Internal Server Error."}',
      '<html><head><title>500 Internal Server Error</title></head><body><h1>Internal Server Error</h1></body></html>',
    ])
      assert.deepInclude(classify(500, body, own), { code: 'endpointFailed', status: 500, model }, body);
    for (const other of [
      classify(500, 'CUDA out of memory', own),
      classify(503, '', own),
      classify(500, ''),
      classify(500, '', { mayLackModel: false }),
    ])
      assert.notProperty(other, 'model');
  });

  it('passes on why a request was refused: 400 invalid_prompt', () => {
    assert.deepStrictEqual(classify(400, errorBody('not like this', 'invalid_prompt')), {
      code: 'requestRefused',
      host,
      status: 400,
      reason: 'not like this',
    });
  });

  const badFiles: readonly (readonly [message: string, code?: string])[] = [
    ['no', 'unsupported_audio_format'],
    ['no', 'invalid_media_file'],
    ['no', 'audio_too_short'],
    ['Audio file is too short. Minimum audio length is 0.01 seconds.'],
    ['could not process file - is it a valid media file?'],
    ['Invalid file format. Supported formats: flac, mp3'],
    ['file must be one of the following types: [flac mp3 mp4 mpeg mpga m4a ogg opus wav webm]'],
    ['The audio could not be decoded'],
    ['Invalid or unsupported audio file.'],
    ['failed to read audio data'],
  ];
  for (const [reason, code] of badFiles) {
    it(`says that it is the file: ${code ?? reason}`, () => {
      assert.deepStrictEqual(classify(400, errorBody(reason, code)), { code: 'fileRefused', host, reason });
    });
  }

  it('knows whisper.cpp’s only words for audio that it cannot read', () => {
    const reason = 'Invalid request';
    assert.deepStrictEqual(classify(400, reason, {}, { server: 'whisper.cpp' }), { code: 'fileRefused', host, reason });
    assert.deepInclude(classify(400, reason, {}, { server: 'uvicorn' }), { code: 'requestRefused' });
  });

  it('reads that in an error that is a string, too', () => {
    const reason = 'failed to read audio data';
    assert.deepStrictEqual(classify(400, JSON.stringify({ error: reason })), { code: 'fileRefused', host, reason });
  });

  const refusals: readonly (readonly [status: number, message: string])[] = [
    [400, 'temperature must be between 0 and 1'],
    [400, 'the profile name is not valid'],
    [405, 'Method Not Allowed'],
    [415, 'Unsupported Media Type'],
    [422, 'body.model: Field required'],
    [424, 'Failed dependency'],
  ];
  for (const [status, reason] of refusals) {
    it(`calls it a refused request and names the status: ${status} ${reason}`, () => {
      assert.deepStrictEqual(classify(status, errorBody(reason)), { code: 'requestRefused', host, status, reason });
    });
  }

  it('tells a rejected key from a missing one by whether one was sent', () => {
    assert.deepStrictEqual(classify(401, errorBody('Invalid API Key')), { code: 'keyRejected', host });
    assert.deepStrictEqual(classify(401, '', { hasKey: false }), { code: 'keyMissing', host });
  });

  it('asks for a key where 403 answers a request without one', () => {
    const forbidden = [
      errorBody('Not authenticated'),
      JSON.stringify({ detail: 'Not authenticated' }),
      'Forbidden',
      '',
    ];
    for (const body of forbidden) {
      assert.deepStrictEqual(classify(403, body, { hasKey: false }), { code: 'keyMissing', host }, body);
    }
    // The key has no part in these.
    assert.strictEqual(classify(403, 'error code: 1010', { hasKey: false }).code, 'clientBlocked');
    assert.strictEqual(classify(403, PAGE, { hasKey: false }).code, 'proxyAnswered');
  });

  it('says that the account has no credit', () => {
    const reason = 'You exceeded your current quota, please check your plan and billing details.';
    for (const [status, code] of [
      [402, 'payment_required'],
      [429, 'insufficient_quota'],
      [429, 'billing_hard_limit_reached'],
      [429, 'billing_not_active'],
    ] as const) {
      assert.deepStrictEqual(classify(status, errorBody(reason, code)), { code: 'quotaExhausted', host, reason });
    }
  });

  it('tells missing permission from Cloudflare’s dislike of the client', () => {
    const reason = 'Your plan lacks this model';
    assert.deepStrictEqual(classify(403, errorBody(reason)), { code: 'forbidden', host, reason });
    for (const body of ['error code: 1010', 'error code: 1020\n']) {
      assert.deepStrictEqual(classify(403, body), { code: 'clientBlocked', host, reason: body.trim() });
    }
    // Not by a status that means something else.
    assert.strictEqual(classify(502, 'error code: 1010').code, 'endpointFailed');
  });

  it('names host and model where one of them was not found, by a page as well', () => {
    const reason = 'The model does not exist';
    assert.deepStrictEqual(classify(404, errorBody(reason, 'model_not_found')), {
      code: 'notFound',
      host,
      model,
      reason,
    });
    assert.deepStrictEqual(classify(404, '404 page not found'), {
      code: 'notFound',
      host,
      model,
      reason: '404 page not found',
    });
    // Web servers and frameworks have pages for addresses that they do not know.
    const cannot =
      '<!DOCTYPE html>\n<html lang="en"><body><pre>Cannot POST /v1/audio/transcriptions</pre></body></html>';
    assert.deepStrictEqual(classify(404, cannot), {
      code: 'notFound',
      host,
      model,
      reason: 'Cannot POST /v1/audio/transcriptions',
    });
  });

  it('says how large a request was that is too large, whoever says so', () => {
    for (const body of ['', errorBody('Request Entity Too Large', 'request_too_large'), PAGE]) {
      assert.deepStrictEqual(classify(413, body), { code: 'tooLarge', host, sizeBytes: 1234 });
    }
  });

  it('says how the audio was sent where it is too large or cannot be read', () => {
    for (const audioKind of ['chunk', 'file', 'url'] as const) {
      assert.deepStrictEqual(classify(413, '', { audioKind }), {
        code: 'tooLarge',
        host,
        sizeBytes: 1234,
        audioKind,
      });
      assert.deepStrictEqual(classify(400, errorBody('no', 'invalid_media_file'), { audioKind }), {
        code: 'fileRefused',
        host,
        reason: 'no',
        audioKind,
      });
    }
  });

  it('passes on what the server says of its rate limit', () => {
    const reason =
      'Rate limit reached on seconds of audio per hour (ASPH): Limit 7200, Used 5956, Requested 2336. Please try again in 9m6s.';
    assert.deepStrictEqual(classify(429, errorBody(reason, 'rate_limit_exceeded')), {
      code: 'rateLimited',
      host,
      reason,
    });
    assert.strictEqual(classify(429, PAGE).code, 'rateLimited');
  });

  for (const status of [408, 409, 498, 500, 501, 502, 503, 504, 520, 599]) {
    it(`calls ${status} the endpoint’s failure, by whatever page it is told`, () => {
      const failed = { code: 'endpointFailed', host, status } as const;
      assert.deepStrictEqual(classify(status, PAGE.replace('<title>Sorry</title>', '')), {
        ...failed,
        reason: 'Sorry',
      });
      assert.deepStrictEqual(classify(status, errorBody('busy')), { ...failed, reason: 'busy' });
      assert.deepStrictEqual(classify(status), { ...failed, reason: '' });
    });
  }

  it('names a status once, by whatever page or text it is told', () => {
    const page = PAGE.replaceAll('Sorry', '502 Bad Gateway');
    for (const body of [page, '502 Bad Gateway', errorBody('502 Bad Gateway'), errorBody('502: Bad Gateway')]) {
      assert.deepStrictEqual(classify(502, body), { code: 'endpointFailed', host, status: 502, reason: 'Bad Gateway' });
    }
    assert.deepInclude(classify(405, '405 Method Not Allowed'), { status: 405, reason: 'Method Not Allowed' });
    assert.deepInclude(classify(407, '407 - Log in'), { status: 407, reason: 'Log in' });
    assert.deepInclude(classify(502, '502'), { status: 502, reason: '' });
    assert.deepInclude(classify(524, 'error code: 524'), { status: 524, reason: '' });
    assert.deepInclude(classify(502, 'error code: 1010'), { status: 502, reason: 'error code: 1010' });
    // Other figures are part of what was said.
    assert.deepInclude(classify(500, '5000 requests are waiting'), { reason: '5000 requests are waiting' });
    assert.deepInclude(classify(500, '404 from the model'), { reason: '404 from the model' });
  });

  for (const status of [400, 401, 402, 403, 405, 422]) {
    it(`says that it was not the endpoint where a page comes with ${status}`, () => {
      assert.deepStrictEqual(classify(status, PAGE), { code: 'proxyAnswered', host, status, reason: 'Sorry' });
    });
  }

  it('says so of a proxy that wants a name and a password, whatever it sends', () => {
    assert.deepStrictEqual(classify(407, 'Log in'), { code: 'proxyAnswered', host, status: 407, reason: 'Log in' });
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`says where a redirect would lead: ${status}`, () => {
      const location = 'https://login.example.org/';
      assert.deepStrictEqual(classify(status, PAGE, {}, { location }), { code: 'redirected', host, location });
      assert.deepStrictEqual(classify(status), { code: 'redirected', host, location: '' });
    });
  }

  it('names the language that a model does not know, if one was asked for', () => {
    const body = errorBody('The model knows en, not "de".', 'unsupported_language');
    assert.deepStrictEqual(classify(400, body, { language: 'de' }), {
      code: 'languageUnsupported',
      host,
      language: 'de',
    });
    assert.strictEqual(classify(400, body).code, 'requestRefused');
  });

  it('knows the embedded engine’s code for a model that does not translate, whatever its name', () => {
    const body = errorBody('The model "my-own" cannot do it.', 'unsupported_task');
    assert.deepStrictEqual(classify(400, body, { task: 'translate', model: 'my-own' }), {
      code: 'translationUnsupported',
      host,
      model: 'my-own',
    });
    assert.strictEqual(classify(400, body).code, 'requestRefused');
  });

  it('names the model that does not translate, where a translation was asked for', () => {
    const reason = 'The model `whisper-large-v3-turbo` does not support translations';
    assert.deepStrictEqual(classify(400, errorBody(reason), { task: 'translate' }), {
      code: 'translationUnsupported',
      host,
      model,
    });
    assert.strictEqual(classify(400, errorBody(reason)).code, 'requestRefused');
    assert.strictEqual(classify(400, errorBody('no'), { task: 'translate' }).code, 'requestRefused');
    // A model that can was refused for something else.
    const able = { task: 'translate', model: 'whisper-large-v3' } as const;
    assert.strictEqual(classify(400, errorBody('no prompt in translations'), able).code, 'requestRefused');
  });

  it('has a problem for every status, with any body', () => {
    for (let status = 300; status < 600; status++) {
      for (const body of ['', PAGE, 'error code: 1010', '{"error":null}', '[]', 'null', errorBody('no', 'x')]) {
        assert.isString(classify(status, body).code, `${status} ${body}`);
      }
    }
  });
});
