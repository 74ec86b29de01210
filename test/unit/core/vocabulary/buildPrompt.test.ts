import { assert } from 'chai';
import fc from 'fast-check';
import { buildPrompt, PROMPT_LIMITS } from '../../../../src/core/vocabulary/buildPrompt';
import { countTokens } from '../../../../src/core/vocabulary/countTokens';
import { SEED } from '../random';
import { term, textsOf } from './terms';

describe('buildPrompt', () => {
  it('writes a list with a full stop, the most important last', () => {
    const { text, used, leftOut } = buildPrompt([term('Kubernetes'), term('PostgreSQL'), term('Ada Lovelace')]);
    assert.strictEqual(text, 'Ada Lovelace, PostgreSQL, Kubernetes.');
    assert.deepEqual(textsOf(used), ['Ada Lovelace', 'PostgreSQL', 'Kubernetes']);
    assert.strictEqual(leftOut, 0);
  });

  it('is empty without terms, and without terms that can be written', () => {
    for (const ranked of [[], [term(''), term(' , '), term('<>')]]) {
      const { text, tokens, sizeBytes, used } = buildPrompt(ranked);
      assert.deepEqual({ text, tokens, sizeBytes, used }, { text: '', tokens: 0, sizeBytes: 0, used: [] });
    }
  });

  it('writes nothing that an endpoint refuses or that would end a term or the list', () => {
    const { text, used } = buildPrompt(
      ['a\nb', 'x<y>', 'c,d', 'Dr. X.', 'tick`"', '\u0007bell\u2028'].map((t) => term(t)),
    );
    assert.strictEqual(text, 'bell, tick, Dr. X, c d, x y, a b.');
    assert.deepEqual(textsOf(used), ['bell', 'tick', 'Dr. X', 'c d', 'x y', 'a b']);
  });

  it('names no word twice', () => {
    assert.strictEqual(buildPrompt([term('ESLint'), term('eslint'), term('Zod')]).text, 'Zod, ESLint.');
  });

  it('passes over a term that does not fit and takes smaller ones behind it', () => {
    const ranked = [term('abcdefgh'), term('n'.repeat(60)), term('xyz')];
    const { text, leftOut } = buildPrompt(ranked, { sizeBytes: 20, tokens: 100 });
    assert.strictEqual(text, 'xyz, abcdefgh.');
    assert.strictEqual(leftOut, 1);
  });

  it('keeps both limits with whole terms in order, whatever the terms are', () => {
    const anyText = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.stringMatching(/^[a-z]{2,8}([A-Z][a-z]{2,8}){0,3}$/),
      fc.constantFrom('Jürgen Groß', '会議室', 'Łukasz Żółć', 'C++', 'user_id', '@types/node', 'Node.js', '🚀 launch'),
    );
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 120 }), (texts) => {
        const ranked = texts.map((text, rank) => term(text, { count: rank + 1 }));
        const { text, used, leftOut, tokens, sizeBytes } = buildPrompt(ranked);
        assert.isAtMost(new TextEncoder().encode(text).length, PROMPT_LIMITS.sizeBytes);
        assert.isAtMost(countTokens(text), PROMPT_LIMITS.tokens);
        assert.deepEqual([tokens, sizeBytes], [countTokens(text), new TextEncoder().encode(text).length]);
        assert.notMatch(text, /[\n\r<>`]/);
        assert.strictEqual(used.length + leftOut, ranked.length);
        // The list splits into exactly the terms used, and these are whole.
        assert.deepEqual(text === '' ? [] : text.slice(0, -1).split(', '), textsOf(used));
        const ranks = used.map(({ count }) => count);
        assert.deepEqual(
          ranks,
          ranks.toSorted((a, b) => b - a),
          'the most important last',
        );
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  it('fills the room there is', () => {
    const ranked = Array.from({ length: 300 }, (_, i) =>
      term(`handle${'ABCDEFGHIJ'[i % 10] ?? ''}orizon${'abcdefghijklmnopqrstuvwxyzabcd'[Math.floor(i / 10)] ?? ''}`),
    );
    const { tokens, used } = buildPrompt(ranked);
    assert.isAbove(tokens, PROMPT_LIMITS.tokens - 10);
    assert.isAbove(used.length, 20);
  });
});
