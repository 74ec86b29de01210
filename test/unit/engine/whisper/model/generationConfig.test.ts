import assert from 'node:assert/strict';
import { completeGeneration } from '../../../../../src/engine/whisper/model/generationConfig';
import { UnusableModel } from '../../../../../src/engine/whisper/weights/unusableModel';
import type { WhisperConfig } from '../../../../../src/engine/whisper/model/whisperConfig';

const config: WhisperConfig = {
  width: 8,
  melBins: 80,
  vocabularySize: 51_865,
  mostAudioPositions: 1500,
  mostTextPositions: 448,
  encoder: { layers: 1, heads: 2, innerWidth: 16 },
  decoder: { layers: 4, heads: 2, innerWidth: 16 },
};

const tokenizer = {
  added_tokens: [
    'endoftext',
    'startoftranscript',
    'en',
    'de',
    'yue',
    'translate',
    'transcribe',
    'startoflm',
    'startofprev',
    'nocaptions',
    'notimestamps',
    '0.00',
  ].map((name, i) => ({ id: 100 + i, content: `<|${name}|>`, special: true })),
};

describe('completeGeneration', () => {
  it('makes one where there is none, from the tokenizer and the older config.json', () => {
    const wire = { suppress_tokens: [1, 2], begin_suppress_tokens: null };
    const { json, languages, canTranslate } = completeGeneration(undefined, wire, tokenizer, config);
    assert.deepEqual([languages, canTranslate], [['en', 'de', 'yue'], true]);
    const heads = [2, 3].flatMap((layer) => [0, 1].map((head) => [layer, head]));
    assert.deepEqual(json, {
      bos_token_id: 100,
      eos_token_id: 100,
      pad_token_id: 100,
      decoder_start_token_id: 101,
      no_timestamps_token_id: 110,
      prev_sot_token_id: 108,
      max_initial_timestamp_index: 50,
      max_length: 448,
      suppress_tokens: [1, 2],
      is_multilingual: true,
      alignment_heads: heads,
      lang_to_id: { '<|en|>': 102, '<|de|>': 103, '<|yue|>': 104 },
      task_to_id: { transcribe: 106, translate: 105 },
    });
  });

  it('leaves what is there', () => {
    const given = {
      alignment_heads: [
        [3, 1],
        [0, 0],
      ],
      lang_to_id: { '<|xx|>': 7 },
      task_to_id: { transcribe: 8 },
      suppress_tokens: [9],
      max_initial_timestamp_index: 25,
      something: 'else',
      is_multilingual: true,
    };
    const { json, languages, canTranslate, alignmentHeads } = completeGeneration(given, {}, tokenizer, config);
    assert.deepEqual({ ...json, ...given }, json);
    assert.deepEqual([languages, canTranslate], [['xx'], false]);
    assert.deepEqual(alignmentHeads, [
      [3, 1],
      [0, 0],
    ]);
  });

  it('takes a model with the English vocabulary for an English one', () => {
    const { json, languages, canTranslate } = completeGeneration({}, {}, tokenizer, {
      ...config,
      vocabularySize: 51_864,
    });
    assert.deepEqual([languages, canTranslate], [['en'], false]);
    assert.deepEqual([json['is_multilingual'], 'lang_to_id' in json, 'task_to_id' in json], [false, false, false]);
  });

  it('leaves out alignment heads of another network', () => {
    const given = { alignment_heads: [[3, 1], [4, 0], [0, 2], [1], 'x', [-1, 0]] };
    assert.deepEqual(completeGeneration(given, {}, tokenizer, config).alignmentHeads, [[3, 1]]);
  });

  it('refuses a tokenizer of something else', () => {
    for (const other of [undefined, {}, { added_tokens: [{ id: 1, content: '<s>' }] }]) {
      assert.throws(
        () => completeGeneration({}, {}, other, config),
        (error) => error instanceof UnusableModel && error.fault.kind === 'notWhisper',
      );
    }
  });
});
