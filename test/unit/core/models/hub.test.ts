import { assert } from 'chai';
import { CATALOGUE } from '../../../../src/core/models/catalogue';
import { parseHub } from '../../../../src/core/models/hubAddress';
import { chooseModelFiles, parseWeightsIndex } from '../../../../src/core/models/modelFiles';
import { parseModelName } from '../../../../src/core/models/modelName';
import { parseHubFiles, parseHubModel, parseNextPage } from '../../../../src/core/models/parseHub';
import {
  CONVERTIBLE_GRAPH_VERSION,
  parseModelFacts,
  printModelFacts,
} from '../../../../src/core/models/installedFacts';
import { parseWhisperConfig } from '../../../../src/core/models/whisperShape';
import { problemThrownBy } from '../expectations';

const SHA1 = 'a'.repeat(40);
const SHA256 = 'b'.repeat(64);

describe('parseHub', () => {
  it('takes the setting, then the customary variable, then the public hub', () => {
    assert.equal(parseHub(' ', '').baseUrl, 'https://huggingface.co');
    assert.equal(parseHub('', 'https://mirror.example/hf/').baseUrl, 'https://mirror.example/hf');
    assert.deepEqual(parseHub('http://localhost:8080/', 'https://x.example'), {
      baseUrl: 'http://localhost:8080',
      host: 'localhost:8080',
    });
  });

  for (const hub of [
    'mirror',
    'http://mirror.example',
    'ftp://a',
    'https://u:secret@a.example',
    'https://a.example/?x',
  ]) {
    it(`refuses ${hub}`, () => {
      const problem = problemThrownBy(() => parseHub(hub));
      assert.equal(problem.code, 'hubInvalid');
      assert.notInclude(JSON.stringify(problem), 'secret');
    });
  }
});

describe('the hub’s answers', () => {
  it('tell commit and license', () => {
    assert.deepEqual(parseHubModel(JSON.stringify({ sha: SHA1, cardData: { license: 'mit' } })), {
      commit: SHA1,
      license: 'mit',
    });
    assert.deepEqual(parseHubModel(JSON.stringify({ sha: SHA1, cardData: { license: ['mit', 'x'] } })), {
      commit: SHA1,
      license: 'mit, x',
    });
    assert.deepEqual(parseHubModel(JSON.stringify({ sha: SHA1, cardData: null })), { commit: SHA1 });
    for (const text of ['', '[]', 'null', '{"sha":"main"}', '<html>']) assert.isUndefined(parseHubModel(text));
  });

  it('tell files with the checksum of their own bytes', () => {
    const files = parseHubFiles(
      JSON.stringify([
        { type: 'directory', path: 'd', oid: SHA1, size: 0 },
        { type: 'file', path: 'small', oid: SHA1, size: 3 },
        { type: 'file', path: 'large', oid: SHA1, size: 5, lfs: { oid: SHA256, size: 5, pointerSize: 134 } },
        { type: 'file', path: 'pointer', oid: SHA1, size: 5, lfs: { size: 5 } },
        { type: 'file', path: 'negative', oid: SHA1, size: -1 },
        null,
        7,
        'x',
        {},
      ]),
    );
    assert.deepEqual(files, [
      { path: 'small', sizeBytes: 3, checksum: { kind: 'git', hex: SHA1 } },
      { path: 'large', sizeBytes: 5, checksum: { kind: 'sha256', hex: SHA256 } },
    ]);
    assert.isUndefined(parseHubFiles('{}'));
  });

  it('tell the next page', () => {
    assert.equal(parseNextPage('<https://a/?p=1>; rel="prev", <https://a/?p=3>; rel="next"'), 'https://a/?p=3');
    assert.isUndefined(parseNextPage('<https://a/?p=1>; rel="prev"'));
    assert.isUndefined(parseNextPage(undefined));
  });
});

describe('chooseModelFiles', () => {
  it('prefers whole weights, and does without a generation_config.json', () => {
    const small = ['config.json', 'tokenizer.json', 'preprocessor_config.json'];
    const both = chooseModelFiles(new Set([...small, 'model.safetensors', 'model.safetensors.index.json']));
    assert.deepEqual(both, { wanted: [...small, 'model.safetensors'], missing: [], isDivided: false });
    assert.deepEqual(chooseModelFiles(new Set()).missing, [...small, 'model.safetensors']);
  });

  it('takes no path from an index', () => {
    const index = (name: string): string => JSON.stringify({ weight_map: { a: 'b.safetensors', c: name } });
    assert.deepEqual(parseWeightsIndex(index('a.safetensors')), ['a.safetensors', 'b.safetensors']);
    for (const name of ['../x.safetensors', '/x.safetensors', 'a\\b.safetensors', 'x.bin', '.x.safetensors']) {
      assert.isUndefined(parseWeightsIndex(index(name)), name);
    }
    for (const text of ['', '{}', 'null', '{"weight_map":{}}']) assert.isUndefined(parseWeightsIndex(text));
  });
});

describe('the catalogue', () => {
  it('has names that the hub could have, one of them recommended, and sizes as published', () => {
    for (const { name } of CATALOGUE) assert.equal(parseModelName(name), name);
    assert.deepEqual(
      CATALOGUE.filter((model) => model.isRecommended).map(({ name }) => name),
      ['openai/whisper-base'],
    );
    const base = CATALOGUE.find((model) => model.isRecommended);
    assert.equal(base?.parameterCount, 72_593_920);
    assert.closeTo(base?.downloadBytes ?? 0, 293e6, 2e6);
    assert.closeTo(base?.installedBytes ?? 0, 81e6, 1e6);
  });
});

describe('parseWhisperConfig', () => {
  it('says why a configuration is none', () => {
    for (const text of ['', '[]', '{}', '{"model_type":"bert"}', '{"model_type":"whisper","d_model":-1}']) {
      assert.property(parseWhisperConfig(text), 'notWhisper', text);
    }
  });

  const base = {
    model_type: 'whisper',
    d_model: 512,
    encoder_layers: 6,
    decoder_layers: 6,
    vocab_size: 51_865,
    encoder_attention_heads: 8,
    decoder_attention_heads: 8,
    encoder_ffn_dim: 2048,
    decoder_ffn_dim: 2048,
    num_mel_bins: 80,
    max_source_positions: 1500,
    max_target_positions: 448,
    activation_function: 'gelu',
  };

  it('refuses what the engine would refuse after it was downloaded', () => {
    assert.notProperty(parseWhisperConfig(JSON.stringify(base)), 'notWhisper');
    for (const name of Object.keys(base).filter((key) => key !== 'activation_function')) {
      assert.property(parseWhisperConfig(JSON.stringify({ ...base, [name]: undefined })), 'notWhisper', name);
      assert.property(parseWhisperConfig(JSON.stringify({ ...base, [name]: 1e9 })), 'notWhisper', name);
    }
    for (const change of [
      { activation_function: 'relu' },
      { scale_embedding: true },
      { decoder_attention_heads: 7 },
      { encoder_attention_heads: 1024 },
    ]) {
      const shape = parseWhisperConfig(JSON.stringify({ ...base, ...change }));
      assert.property(shape, 'notWhisper', JSON.stringify(change));
    }
  });
});

describe('model.json', () => {
  it('is read as it was written, and not where it is another graph’s', () => {
    const facts = {
      name: 'a/b',
      installedBytes: 1,
      parameterCount: 2,
      languages: ['en'],
      canTranslate: false,
      commit: SHA1,
    };
    assert.deepEqual(parseModelFacts(printModelFacts(facts)), facts);
    const turbo = { ...facts, name: 'openai/whisper-large-v3-turbo', canTranslate: true };
    assert.isFalse(parseModelFacts(printModelFacts(turbo))?.canTranslate);
    assert.isTrue(parseModelFacts(printModelFacts({ ...turbo, name: 'openai/whisper-large-v3' }))?.canTranslate);
    const old = printModelFacts(facts).replace('"graphVersion": 2', '"graphVersion": 1');
    assert.isUndefined(parseModelFacts(old));
    assert.deepEqual(parseModelFacts(old, CONVERTIBLE_GRAPH_VERSION), facts);
    for (const text of ['', 'null', '{}', '[]', '{"graphVersion":2,"name":"a/b"}'])
      assert.isUndefined(parseModelFacts(text));
  });
});
