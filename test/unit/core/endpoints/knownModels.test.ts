import { assert } from 'chai';
import fc from 'fast-check';
import { parseEndpoint, type Provider } from '../../../../src/core/endpoints/endpoint';
import { BILLED_AT_LEAST_S, canTranslate, knownModels, priceUsd } from '../../../../src/core/endpoints/knownModels';
import { SEED } from '../random';

const PROVIDERS: readonly Provider[] = ['groq', 'openai', 'mistral', 'whisperCpp', 'other'];

describe('knownModels', () => {
  it('lists the providers’ own models, each once, and none of anybody’s server', () => {
    const names = PROVIDERS.map((provider) => knownModels(provider).map(({ name }) => name));
    assert.deepStrictEqual(names, [
      ['whisper-large-v3-turbo', 'whisper-large-v3'],
      ['whisper-1', 'gpt-transcribe', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe'],
      ['voxtral-mini-latest'],
      [],
      [],
    ]);
  });

  it('knows what each provider is asked for where nothing was chosen', () => {
    for (const name of ['groq', 'openai', 'mistral']) {
      const endpoint = parseEndpoint(name);
      if (endpoint.kind !== 'remote') assert.fail(name);
      const known = knownModels(endpoint.provider).map((model) => model.name);
      assert.includeMembers(known, Object.values(endpoint.defaultModels));
    }
  });

  it('says which end soon, as a day', () => {
    const ending = knownModels('openai').filter(({ lastDay }) => lastDay !== undefined);
    assert.deepStrictEqual(
      ending.map(({ name, lastDay }) => [name, lastDay]),
      ['whisper-1', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe'].map((name) => [name, '2027-02-26']),
    );
  });
});

describe('canTranslate', () => {
  for (const model of [
    'whisper-large-v3',
    'whisper-1',
    'Systran/faster-whisper-small',
    'openai/whisper-large-v2',
    '',
  ]) {
    it(`believes that ${model === '' ? 'a model without a name' : model} can`, () => {
      assert.isTrue(canTranslate(model));
    });
  }

  for (const model of [
    'whisper-large-v3-turbo',
    'deepdml/faster-whisper-large-v3-TURBO-ct2',
    'distil-whisper-large-v3-en',
    'Systran/faster-distil-whisper-small.en',
    'ggml-base.en',
    'whisper-small.en-q5_1',
    'gpt-transcribe',
    'gpt-4o-mini-transcribe',
    'voxtral-mini-latest',
    'mistralai/Voxtral-Mini-3B-2507',
  ]) {
    it(`knows that ${model} cannot`, () => {
      assert.isFalse(canTranslate(model));
    });
  }
});

describe('priceUsd', () => {
  it('is the model’s price for its hour', () => {
    assert.closeTo(priceUsd('groq', 'whisper-large-v3', [3600]) ?? NaN, 0.111, 1e-12);
    assert.closeTo(priceUsd('groq', 'whisper-large-v3-turbo', [1800, 1800]) ?? NaN, 0.04, 1e-12);
  });

  it('counts ten seconds of every request at least', () => {
    assert.strictEqual(BILLED_AT_LEAST_S, 10);
    assert.closeTo(priceUsd('groq', 'whisper-large-v3-turbo', [0.1, 2, 9.9, 10]) ?? NaN, (40 / 3600) * 0.04, 1e-12);
  });

  it('is nothing for no request', () => {
    assert.strictEqual(priceUsd('groq', 'whisper-large-v3', []), 0);
  });

  it('is not known of other models and servers', () => {
    assert.isUndefined(priceUsd('groq', 'whisper-large-v4', [10]));
    assert.isUndefined(priceUsd('openai', 'whisper-1', [10]));
    assert.isUndefined(priceUsd('other', 'whisper-large-v3', [10]));
    assert.isUndefined(priceUsd('whisperCpp', '', [10]));
  });

  it('never falls where a request is added or grows', () => {
    const lengths = fc.array(fc.double({ min: 0, max: 3600, noNaN: true }), { maxLength: 20 });
    fc.assert(
      fc.property(lengths, fc.double({ min: 0, max: 3600, noNaN: true }), (some, more) => {
        const [before, added] = [some, [...some, more]].map((all) => priceUsd('groq', 'whisper-large-v3', all) ?? NaN);
        const grown =
          priceUsd(
            'groq',
            'whisper-large-v3',
            some.map((seconds) => seconds + more),
          ) ?? NaN;
        assert.isTrue(added !== undefined && before !== undefined && added > before && grown >= before);
      }),
      { seed: SEED },
    );
  });
});
