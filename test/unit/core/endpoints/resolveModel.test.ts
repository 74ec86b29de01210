import { assert } from 'chai';
import { parseEndpoint, resolveModel } from '../../../../src/core/endpoints/endpoint';
import { SPEECH_JOBS } from '../../../../src/core/model';

describe('resolveModel', () => {
  const endpoint = parseEndpoint('groq');
  if (endpoint.kind !== 'remote') throw new Error('groq is elsewhere');

  it('takes the model that was chosen for the job, and no other', () => {
    const chosen = { dictation: 'one', meeting: 'two', translation: 'three' };
    assert.deepStrictEqual(
      SPEECH_JOBS.map((job) => resolveModel(endpoint, job, chosen)),
      ['one', 'two', 'three'],
    );
    assert.strictEqual(resolveModel(endpoint, 'translation', { meeting: 'two' }), 'whisper-large-v3');
  });

  it("takes the endpoint's own for the job where none was chosen: a translation gets one that translates", () => {
    assert.deepStrictEqual(
      SPEECH_JOBS.map((job) => resolveModel(endpoint, job)),
      ['whisper-large-v3-turbo', 'whisper-large-v3-turbo', 'whisper-large-v3'],
    );
  });
});
