import assert from 'node:assert/strict';
import { UnusableModel } from '../../../../../src/engine/whisper/weights/unusableModel';
import { headWidth, parseConfig } from '../../../../../src/engine/whisper/model/whisperConfig';

/** As large-v3's, as far as it matters. */
const wire = {
  model_type: 'whisper',
  activation_function: 'gelu',
  scale_embedding: false,
  d_model: 1280,
  num_mel_bins: 128,
  vocab_size: 51_866,
  max_source_positions: 1500,
  max_target_positions: 448,
  encoder_layers: 32,
  encoder_attention_heads: 20,
  encoder_ffn_dim: 5120,
  decoder_layers: 4,
  decoder_attention_heads: 20,
  decoder_ffn_dim: 5120,
};

const refused = (json: unknown, reason: RegExp): void => {
  assert.throws(
    () => parseConfig(json),
    (error) => error instanceof UnusableModel && error.fault.kind === 'notWhisper' && reason.test(error.fault.reason),
  );
};

describe('parseConfig', () => {
  it('reads the form of the network', () => {
    const config = parseConfig(wire);
    assert.deepEqual(config, {
      width: 1280,
      melBins: 128,
      vocabularySize: 51_866,
      mostAudioPositions: 1500,
      mostTextPositions: 448,
      encoder: { layers: 32, heads: 20, innerWidth: 5120 },
      decoder: { layers: 4, heads: 20, innerWidth: 5120 },
    });
    assert.equal(headWidth(config, config.decoder), 64);
  });

  it('refuses other networks', () => {
    refused({ ...wire, model_type: 'wav2vec2' }, /of type wav2vec2/);
    refused({ ...wire, model_type: undefined }, /names no type/);
    refused({ ...wire, activation_function: 'relu' }, /activation "relu"/);
    refused({ ...wire, scale_embedding: true }, /scales/);
    refused([], /names no type/);
    refused(null, /no object/);
  });

  it('refuses sizes that make no network', () => {
    for (const name of ['d_model', 'num_mel_bins', 'vocab_size', 'encoder_layers', 'decoder_ffn_dim']) {
      for (const value of [undefined, 0, -1, 1.5, '80', 1e9]) {
        refused({ ...wire, [name]: value }, new RegExp(name));
      }
    }
    refused({ ...wire, encoder_attention_heads: 7 }, /no multiple/);
  });
});
