import { assert } from 'chai';
import { isAbort, MinutesError, problemOf } from '../../../src/core/errors';

describe('errors', () => {
  it('tells the code and every fact in the message, for logs', () => {
    const error = new MinutesError({ code: 'endpointFailed', host: 'example.org', status: 503, reason: 'busy' });
    assert.strictEqual(error.message, 'endpointFailed: example.org, 503, busy');
    assert.strictEqual(error.name, 'MinutesError');
  });

  it('keeps the cause', () => {
    const cause = new Error('ECONNREFUSED');
    assert.strictEqual(new MinutesError({ code: 'noSpeech', file: 'a.wav' }, { cause }).cause, cause);
  });

  it('finds the problem in an error of another bundle, whose class is a copy', () => {
    const problem = { code: 'noSpeech', file: 'a.wav' } as const;
    class CopiedError extends Error {
      override readonly name = 'MinutesError';
      readonly problem = problem;
    }
    assert.deepStrictEqual(problemOf(new CopiedError()), problem);
    assert.deepStrictEqual(problemOf(new MinutesError(problem)), problem);
  });

  it('finds no problem in other values', () => {
    const named = Object.assign(new Error('no facts'), { name: 'MinutesError' });
    const faked = { name: 'MinutesError', problem: { code: 'noSpeech' } };
    for (const value of [new Error('other'), named, faked, 'noSpeech', undefined, null]) {
      assert.isUndefined(problemOf(value));
    }
  });

  it('knows what an aborted signal throws from every other error', () => {
    assert.isTrue(isAbort(AbortSignal.abort().reason));
    assert.isTrue(isAbort(Object.assign(new Error('stop'), { name: 'AbortError' })));
    for (const value of [
      new Error('AbortError'),
      new MinutesError({ code: 'noSpeech', file: 'a' }),
      'AbortError',
      null,
    ]) {
      assert.isFalse(isAbort(value));
    }
  });
});
