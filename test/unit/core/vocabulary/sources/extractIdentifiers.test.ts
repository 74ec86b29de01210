import { assert } from 'chai';
import fc from 'fast-check';
import { extractIdentifiers } from '../../../../../src/core/vocabulary/sources/extractIdentifiers';
import { SEED } from '../../random';

const found = (text: string): string[] => [...extractIdentifiers(text).keys()];

describe('extractIdentifiers', () => {
  it('finds names that have a shape of their own, and counts them', () => {
    const counts = extractIdentifiers(
      'async function readChunk(chunkPlan: ChunkPlan) { return chunkPlan.start_sample ?? parseWAV(MAX_SIZE); } // JWT, CORS',
    );
    assert.deepEqual(
      [...counts],
      [
        ['readChunk', 1],
        ['chunkPlan', 2],
        ['ChunkPlan', 1],
        ['start_sample', 1],
        ['parseWAV', 1],
        ['MAX_SIZE', 1],
        ['JWT', 1],
        ['CORS', 1],
      ],
    );
  });

  it('finds no keywords, ordinary words, short ones, numbers or commonplaces', () => {
    assert.deepEqual(
      found(
        'const value = await function TODO AND id ok i18 0xDEADBEEF 1e9 deadbeef The Quick; toString() foo.bar this.x $a',
      ),
      [],
    );
  });

  it('finds names joined by a dot where they come again', () => {
    assert.deepEqual(found('next.router next.router next.router once.only'), ['next.router']);
    assert.deepEqual(found('this.pages this.pages this.pages'), []);
  });

  it('finds names in other alphabets', () => {
    assert.deepEqual(found('größeÄndern ПотокДанных'), ['größeÄndern', 'ПотокДанных']);
  });

  it('throws for no junk, and takes no time over a file without spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        for (const word of found(text)) assert.isAtMost(word.length, 40);
      }),
      { seed: SEED, numRuns: 300 },
    );
    for (const run of ['aB3-', 'x', '@a', '"', "\\'", 'token', 'a.b', 'A_', '-----BEGIN '])
      found(run.repeat(200_000 / run.length));
  }).timeout(20_000);
});
