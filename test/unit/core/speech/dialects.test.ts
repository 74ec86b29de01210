import { assert } from 'chai';
import type { TranscriptionRequest } from '../../../../src/core/model';
import { buildRequestFields } from '../../../../src/core/speech/buildRequest';

const REQUEST: TranscriptionRequest = {
  audio: { path: 'prepared.pcm', dataOffsetBytes: 0, sampleCount: 16_000, isTruncated: false },
  chunk: { startSample: 0, endSample: 16_000 },
};

describe('buildRequestFields', () => {
  it('asks for segments and words with their times, at temperature 0, of the default model', () => {
    assert.deepStrictEqual(buildRequestFields(REQUEST, 'whisper-1'), [
      ['model', 'whisper-1'],
      ['response_format', 'verbose_json'],
      ['timestamp_granularities[]', 'segment'],
      ['timestamp_granularities[]', 'word'],
      ['temperature', '0'],
    ]);
  });

  it('names model, language and prompt where the request does', () => {
    const fields = new Map(
      buildRequestFields({ ...REQUEST, model: 'own', language: 'de', prompt: 'Kubernetes, npm.' }, 'x'),
    );
    assert.strictEqual(fields.get('model'), 'own');
    assert.strictEqual(fields.get('language'), 'de');
    assert.strictEqual(fields.get('prompt'), 'Kubernetes, npm.');
  });

  it('sends no empty prompt', () => {
    assert.isFalse(new Map(buildRequestFields({ ...REQUEST, prompt: '' }, 'x')).has('prompt'));
  });
});
