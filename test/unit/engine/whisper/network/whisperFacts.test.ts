import assert from 'node:assert/strict';
import { parseWhisperFacts, readWhisperFacts } from '../../../../../src/engine/whisper/network/whisperFacts';
import { baseWithoutWeights } from '../../../../models';

const CONFIG = {
  num_mel_bins: 80,
  decoder_layers: 4,
  decoder_attention_heads: 6,
  d_model: 384,
  vocab_size: 51_864,
  max_target_positions: 448,
  max_source_positions: 1500,
};
const token = (id: number, content: string): object => ({ id, content });
/** As in OpenAI's English models: languages are there, and mean nothing. */
const ENGLISH = [
  token(50_256, '<|endoftext|>'),
  token(50_257, '<|startoftranscript|>'),
  token(50_258, '<|en|>'),
  token(50_259, '<|de|>'),
  token(50_357, '<|translate|>'),
  token(50_358, '<|transcribe|>'),
  token(50_359, '<|startoflm|>'),
  token(50_360, '<|startofprev|>'),
  token(50_361, '<|nocaptions|>'),
  token(50_362, '<|notimestamps|>'),
];

describe('readWhisperFacts', () => {
  it('reads whisper-base', async () => {
    const facts = await readWhisperFacts(baseWithoutWeights());
    const { tokens, suppressed, suppressedAtStart, ...shape } = facts;
    assert.deepEqual(shape, {
      melBins: 80,
      decoderLayers: 6,
      heads: 8,
      headWidth: 64,
      vocabularySize: 51_865,
      maximumTokens: 448,
      windowFrames: 3000,
      isMultilingual: true,
      latestStart: 50,
    });
    const { languages, ...ids } = tokens;
    assert.deepEqual(ids, {
      end: 50_257,
      start: 50_258,
      translate: 50_358,
      transcribe: 50_359,
      startOfLm: 50_360,
      previous: 50_361,
      noSpeech: 50_362,
      noTimestamps: 50_363,
      firstTimestamp: 50_364,
    });
    assert.equal(languages.size, 99);
    assert.deepEqual([languages.get('en'), languages.get('su')], [50_259, 50_357]);
    assert.ok(suppressed.length > 80);
    assert.deepEqual(suppressedAtStart, [220, 50_257]);
  });
});

describe('parseWhisperFacts', () => {
  it('tells an English model by its end token', () => {
    const { isMultilingual, tokens, latestStart, suppressed } = parseWhisperFacts(
      CONFIG,
      {},
      { added_tokens: ENGLISH },
    );
    assert.deepEqual([isMultilingual, tokens.languages.size, tokens.end], [false, 0, 50_256]);
    assert.deepEqual([tokens.noSpeech, tokens.firstTimestamp], [50_361, 50_363]);
    assert.deepEqual([latestStart, suppressed], [50, []]);
  });

  it('takes the configuration where there is no file for generation, which goes first', () => {
    const config = { ...CONFIG, suppress_tokens: [1, 2], begin_suppress_tokens: [3] };
    const tokenizer = { added_tokens: ENGLISH };
    assert.deepEqual(parseWhisperFacts(config, {}, tokenizer).suppressed, [1, 2]);
    const generation = { suppress_tokens: [7, 'x'], max_initial_timestamp_index: 25 };
    const facts = parseWhisperFacts(config, generation, tokenizer);
    assert.deepEqual([facts.suppressed, facts.suppressedAtStart, facts.latestStart], [[7], [3], 25]);
  });

  it('finds the silence token by its place where it has no name', () => {
    const unnamed = ENGLISH.filter((entry) => !JSON.stringify(entry).includes('nocaptions'));
    assert.equal(parseWhisperFacts(CONFIG, {}, { added_tokens: unnamed }).tokens.noSpeech, 50_361);
  });

  it('names what is missing', () => {
    for (const name of Object.keys(CONFIG)) {
      const config = { ...CONFIG, [name]: undefined };
      assert.throws(() => parseWhisperFacts(config, {}, { added_tokens: ENGLISH }), {
        message: `config.json has no ${name}`,
      });
    }
    assert.throws(() => parseWhisperFacts(CONFIG, {}, {}), { message: 'tokenizer.json has no added_tokens' });
    assert.throws(() => parseWhisperFacts(CONFIG, {}, { added_tokens: ENGLISH.slice(0, 1) }), {
      message: 'tokenizer.json has no <|notimestamps|>',
    });
  });
});
