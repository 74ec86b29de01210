import fc from 'fast-check';
import assert from 'node:assert/strict';
import { agreement, firstNewWord, type HeardWord } from '../../../../src/engine/session/agreement';

/** Words of half a second each. */
function said(text: string, startS = 0): HeardWord[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word, i) => ({ text: ` ${word}`, startS: startS + i / 2, endS: startS + (i + 1) / 2 }));
}

describe('agreement', () => {
  it('is the start that two hearings share, whatever their capitals and punctuation', () => {
    assert.equal(agreement(said('and so. My'), said('And so, my fellow Americans')), 3);
    assert.equal(agreement(said('and so you'), said('and so my fellow')), 2);
    assert.equal(agreement(said('the and so'), said('and so my')), 0);
    assert.equal(agreement([], said('and')), 0);
    assert.equal(agreement(said('and'), []), 0);
  });

  it('compares signs where there are no letters, and scripts without blanks', () => {
    assert.equal(agreement(said('你 好 吗'), said('你 好 ？')), 2);
    assert.equal(agreement(said('$ 5'), said('$ 5')), 2);
    assert.equal(agreement(said('$ 5'), said('€ 5')), 0);
  });

  it('does not take a word for one that is said elsewhere', () => {
    assert.equal(agreement(said('yes'), said('yes', 1.5)), 0);
    assert.equal(agreement(said('yes'), said('yes', 0.75)), 1);
  });
});

describe('firstNewWord', () => {
  it('goes on behind the settled words', () => {
    assert.equal(firstNewWord(said('and so my'), said('And so, my fellow Americans')), 3);
    assert.equal(firstNewWord(said('and so my'), said('and so my')), 3);
    assert.equal(firstNewWord([], said('and so')), 0);
  });

  it('goes on behind as many words where the last ones are heard as others', () => {
    assert.equal(firstNewWord(said('and so mine'), said('and so my fellow')), 3);
    assert.equal(firstNewWord(said('and sow mine'), said('and so my fellow')), 3);
  });

  it('goes by the times where no word is the same', () => {
    assert.equal(firstNewWord(said('one two three four'), said('five six seven eight nine ten')), 4);
    assert.equal(firstNewWord(said('one'), []), 0);
  });

  it('gives a place in the hearing, whatever was heard', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }).map((all) => said(all.join(' ')));
    fc.assert(
      fc.property(words, words, (settled, all) => {
        const place = firstNewWord(settled, all);
        assert.ok(place >= 0 && place <= all.length);
        assert.equal(firstNewWord(all, all), all.length);
      }),
      { seed: 11 },
    );
  });
});
