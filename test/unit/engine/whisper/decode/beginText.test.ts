import assert from 'node:assert/strict';
import { beginText, type BegunText } from '../../../../../src/engine/whisper/decode/beginText';
import type { WhisperFacts } from '../../../../../src/engine/whisper/network/whisperFacts';
import { FakeNetwork, type DecoderCall } from '../fakeNetwork';
import { logitsOf, SMALL_ENGLISH_FACTS, SMALL_FACTS } from '../smallFacts';

const { start, previous, noSpeech, transcribe = NaN, translate = NaN } = SMALL_FACTS.tokens;
const [ENGLISH, GERMAN] = [22, 23];
const NOTHING = -100;

interface Wishes {
  readonly facts?: WhisperFacts;
  readonly task?: 'transcribe' | 'translate';
  readonly language?: string;
  readonly prompt?: readonly number[];
}

/** Behind the start token it hears German and silence to a quarter; the last token begins with token 9. */
async function begin(wishes: Wishes): Promise<{ readonly calls: readonly DecoderCall[]; readonly text: BegunText }> {
  const fake = new FakeNetwork((token) =>
    token === start
      ? logitsOf({ [noSpeech]: 0, [GERMAN]: Math.log(2), [ENGLISH]: 0 }, NOTHING)
      : logitsOf({ 9: 1 }, NOTHING),
  );
  const { facts = SMALL_FACTS, task = 'transcribe', language, prompt = [] } = wishes;
  return {
    text: await beginText(
      fake.network,
      facts,
      fake.window,
      task,
      language === undefined ? {} : { told: language },
      prompt,
    ),
    calls: fake.calls,
  };
}

const assertSilence = ({ noSpeechProbability }: BegunText): void => {
  assert.ok(Math.abs(noSpeechProbability - 0.25) < 1e-6);
};

describe('beginText', () => {
  it('reads all in one step where the language is known', async () => {
    const { calls, text } = await begin({ language: 'en' });
    assert.deepEqual(calls, [{ tokens: [start, ENGLISH, transcribe], tokenCount: 0, rows: [0, 2] }]);
    assertSilence(text);
    assert.equal(text.language, 'en');
    assert.equal(text.start.state.tokenCount, 3);
    assert.deepEqual(text.start.logits, logitsOf({ 9: 1 }, NOTHING), 'the last row');
  });

  it('finds out the language where nobody knows', async () => {
    const { calls, text } = await begin({});
    assert.deepEqual(calls, [
      { tokens: [start], tokenCount: 0, rows: [0] },
      { tokens: [start, GERMAN, transcribe], tokenCount: 0, rows: [2] },
    ]);
    assertSilence(text);
    assert.equal(text.language, 'de');
    assert.equal(text.start.state.tokenCount, 3);
  });

  it('asks about silence and language without the prompt', async () => {
    const { calls, text } = await begin({ prompt: [5, 6] });
    assert.deepEqual(calls, [
      { tokens: [start], tokenCount: 0, rows: [0] },
      { tokens: [previous, 5, 6, start, GERMAN, transcribe], tokenCount: 0, rows: [5] },
    ]);
    assertSilence(text);
    const known = await begin({ prompt: [5], language: 'en' });
    assert.deepEqual(known.calls[1]?.tokens, [previous, 5, start, ENGLISH, transcribe]);
    assert.equal(known.text.language, 'en');
  });

  it('asks for a translation', async () => {
    const { calls } = await begin({ language: 'de', task: 'translate' });
    assert.deepEqual(calls[0]?.tokens, [start, GERMAN, translate]);
  });

  it('tells a model that knows English only neither language nor task', async () => {
    const facts = SMALL_ENGLISH_FACTS;
    const { calls, text } = await begin({ facts, language: 'en' });
    assert.deepEqual(calls, [{ tokens: [start], tokenCount: 0, rows: [0] }]);
    assertSilence(text);
    const prompted = await begin({ facts, language: 'en', prompt: [5] });
    assert.deepEqual(prompted.calls[1]?.tokens, [previous, 5, start]);
    assert.equal((await begin({ facts })).calls.length, 1);
  });
});
