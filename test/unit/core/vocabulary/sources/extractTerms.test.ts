import { assert } from 'chai';
import fc from 'fast-check';
import { extractTerms } from '../../../../../src/core/vocabulary/sources/extractTerms';
import { fileTerm } from '../../../../../src/core/vocabulary/sources/fileTerm';
import { rankTerms } from '../../../../../src/core/vocabulary/rankTerms';
import type { VocabularySourceKind } from '../../../../../src/core/vocabulary/term';
import { SEED } from '../../random';
import { term } from '../terms';

describe('extractTerms', () => {
  it('joins what differs in case only, in the commonest spelling, and says where it is from', () => {
    const terms = extractTerms([
      { kind: 'source', name: 'a.ts', text: 'TypeScript TypeScript planChunks', isAtHand: true },
      { kind: 'manifest', name: 'package.json', text: '{"dependencies":{"typescript":"6","undici":"3"}}' },
      { kind: 'fileName', name: 'src/planChunks.test.ts', text: '' },
      { kind: 'source', name: 'b.ts', text: 'PlanChunks' },
    ]);
    assert.deepEqual(terms, [
      term('TypeScript', { kind: 'dependency', from: ['a.ts', 'package.json'], count: 3, isAtHand: true }),
      term('planChunks', { kind: 'file', from: ['a.ts', 'src/planChunks.test.ts', 'b.ts'], count: 3, isAtHand: true }),
      term('undici', { kind: 'dependency', from: ['package.json'] }),
    ]);
  });

  it('takes the spelling with more capitals where both are as common', () => {
    const [only] = extractTerms([
      { kind: 'manifest', name: 'package.json', text: '{"dependencies":{"graphql":"16"}}' },
      { kind: 'source', name: 'a.ts', text: 'GraphQL' },
    ]);
    assert.strictEqual(only?.text, 'GraphQL');
  });

  it('throws for no junk', () => {
    const kinds: VocabularySourceKind[] = ['manifest', 'fileName', 'source', 'gitLog', 'mailmap'];
    const anySource = fc.record({
      kind: fc.constantFrom(...kinds),
      name: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('package.json', 'go.mod', '', '/', '...')),
      text: fc.string({ unit: 'binary', maxLength: 200 }),
    });
    fc.assert(
      fc.property(fc.array(anySource, { maxLength: 10 }), (sources) => {
        for (const { text, count, from } of rankTerms(extractTerms(sources))) {
          assert.isNotEmpty(text);
          assert.isNotEmpty(from);
          assert.isAbove(count, 0);
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe('fileTerm', () => {
  it('is the stem of a file with a name of its own', () => {
    const names = [
      'src/transcribeFile.test.ts',
      'lib/voice-activity.py',
      'AudioPreparer.java',
      'JWT.md',
      'chunk_plan.rs',
    ];
    assert.deepEqual(names.map(fileTerm), ['transcribeFile', 'voice-activity', 'AudioPreparer', 'JWT', 'chunk_plan']);
  });

  it('is nothing for what every project has, ordinary words, hidden files, dates and hashes', () => {
    const names = [
      'src/index.ts',
      'README.md',
      'package-lock.json',
      'settings.ts',
      '.eslintrc.json',
      '2026-01-02-standup.md',
    ];
    names.push('main.a8f3e2c1.js', 'a8f3e2c1b2d4.css', 'RELEASE_NOTES.md', '', '/', 'Screenshot 2026.png', 'id_rsa');
    for (const name of names) assert.isUndefined(fileTerm(name), name);
  });
});
