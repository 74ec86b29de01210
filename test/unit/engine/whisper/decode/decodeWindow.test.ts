import assert from 'node:assert/strict';
import { compressionRatio, decodeWindow, type Attempt } from '../../../../../src/engine/whisper/decode/decodeWindow';
import type { Vocabulary } from '../../../../../src/engine/whisper/network/vocabulary';
import { FakeNetwork } from '../fakeNetwork';
import { logitsOf, SMALL_FACTS, time } from '../smallFacts';

const { end, start } = SMALL_FACTS.tokens;
/** Token 1 is "b", 2 is "c"… */
const letters = {
  decode: (tokens: readonly number[]) => tokens.map((token) => String.fromCharCode(97 + token)).join(''),
} as unknown as Vocabulary;
const NOTHING = -100;

/** Decodes with a network that wants to write these tokens, beginning behind three that it has read. */
async function write(
  wanted: (place: number) => number,
  options: { readonly check?: (network: FakeNetwork) => void; readonly maximumTokens?: number } = {},
): Promise<{ readonly attempt: Attempt; readonly fake: FakeNetwork }> {
  const fake = new FakeNetwork((_, position) => logitsOf({ [wanted(position - 2)]: 0 }, NOTHING));
  const { state, logits, attention } = await fake.read(fake.window, [start, start, start]);
  fake.calls.length = 0;
  const attempt = await decodeWindow(
    fake.network,
    { ...SMALL_FACTS, maximumTokens: options.maximumTokens ?? SMALL_FACTS.maximumTokens },
    letters,
    { window: fake.window, state, logits, attention },
    {
      temperature: 0,
      seed: 0,
      suppressed: [],
      check: () => {
        options.check?.(fake);
        return undefined;
      },
    },
  );
  return { attempt, fake };
}

describe('decodeWindow', () => {
  const TEXT = [time(0), 1, 2, 3, time(50), end];

  it('writes until the end', async () => {
    const { attempt, fake } = await write((place) => TEXT[place] ?? NaN);
    assert.deepEqual(attempt.tokens, TEXT.slice(0, -1));
    assert.equal(attempt.text, 'bcd');
    assert.equal(attempt.isLoop, false);
    assert.equal(attempt.logProbabilities.length, 5);
    assert.ok(Math.abs(attempt.averageLogProbability) < 1e-6);
    assert.deepEqual(
      fake.calls.map(({ tokens, tokenCount }) => [tokens, tokenCount]),
      TEXT.slice(0, -1).map((token, place) => [[token], 3 + place]),
    );
  });

  it('keeps what was looked at for each token, and for the end', async () => {
    const { attempt } = await write((place) => TEXT[place] ?? NaN);
    assert.deepEqual(
      attempt.attention.map((row) => row[0]),
      [3, 4, 5, 6, 7, 8],
    );
  });

  it('stops when it runs in circles', async () => {
    const { attempt } = await write((place) => (place === 0 ? time(0) : place % 2));
    assert.equal(attempt.isLoop, true);
    assert.equal(attempt.tokens.length, 1 + 20);
  });

  it('stops where the decoder has no room left, and at half of it at the latest', async () => {
    const endless = (place: number): number => (place === 0 ? time(0) : 1 + ((place * place) % 19));
    const varied = (place: number): number =>
      place === 0 ? time(0) : 6 + ((Math.imul(place, 2_654_435_761) >>> 16) % 14);
    assert.equal((await write(varied)).attempt.tokens.length, 224);
    assert.equal((await write(endless, { maximumTokens: 13 })).attempt.tokens.length, 10);
  });

  it('stops between two tokens when it is told to', async () => {
    let last: FakeNetwork | undefined;
    const check = (fake: FakeNetwork): void => {
      last = fake;
      if (fake.calls.length === 2) throw new Error('enough');
    };
    await assert.rejects(
      write((place) => TEXT[place] ?? NaN, { check }),
      { message: 'enough' },
    );
    assert.equal(last?.calls.length, 2);
  });
});

describe('compressionRatio', () => {
  it('is high for what repeats itself', () => {
    assert.ok(compressionRatio('I am sorry. '.repeat(20)) > 2.4);
    assert.ok(
      compressionRatio('Ask not what your country can do for you, ask what you can do for your country.') < 2.4,
    );
    assert.equal(compressionRatio(''), 1);
  });
});
