import assert from 'node:assert/strict';
import type { Draft } from '../../../../src/engine/api/recogniser';
import { OpenUtterance, type NewWords } from '../../../../src/engine/session/openUtterance';

/** A draft of words of half a second each, which begins behind so many words. Each word is one token: its place. */
function draftOf(text: string, from = 0, languageProbability = 1): Draft {
  const words = text.split(' ').map((word, i) => ({
    text: ` ${word}`,
    startS: (from + i) / 2,
    endS: (from + i + 1) / 2,
    tokenEnd: i + 1,
  }));
  return { tokens: words.map((_, i) => from + i), words, language: 'en', languageProbability };
}

function textsOf(words: NewWords | undefined): readonly [settled: string, tentative: string] | undefined {
  return words && ([words.settled, words.tentative].map((all) => all.map(({ text }) => text).join('')) as never);
}

describe('OpenUtterance', () => {
  it('settles what two drafts agree on, and continues behind it', () => {
    const open = new OpenUtterance(0);
    assert.deepEqual(textsOf(open.take(draftOf('and so my felt'), 2)), ['', ' and so my']);
    assert.deepEqual(textsOf(open.take(draftOf('And so, my fellow Amer'), 2.5)), [' And so, my', ' fellow']);
    assert.deepEqual([open.written, open.writtenS, open.language], [[0, 1, 2], 1.5, 'en']);
    assert.deepEqual(textsOf(open.take(draftOf('fellow Americans ask', 3), 3)), [' fellow', ' Americans']);
    assert.deepEqual(open.written, [0, 1, 2, 3]);
  });

  it('keeps what was told until two drafts contradict it', () => {
    const open = new OpenUtterance(0);
    open.take(draftOf('are you role his'), 2);
    assert.deepEqual(textsOf(open.take(draftOf('I am your role is'), 3)), ['', ' are you role']);
    assert.deepEqual(textsOf(open.take(draftOf('are you roll his'), 3)), ['', ' are you role']);
    assert.deepEqual(textsOf(open.take(draftOf('I am your role is'), 3)), ['', ' are you role']);
    assert.deepEqual(textsOf(open.take(draftOf('I am your role is', 0, 0.7), 3)), ['', ' I am your role is']);
  });

  it('takes tentative words back that what is settled contradicts', () => {
    const open = new OpenUtterance(0);
    open.take(draftOf('and sew mine here'), 2);
    open.take(draftOf('or so my fellow'), 2);
    assert.deepEqual(textsOf(open.take(draftOf('or so my fellow a'), 3)), [' or so my fellow', ' a']);
  });

  it('settles no word of a language that may be another one, and tells none of one that is hardly likely', () => {
    const open = new OpenUtterance(0);
    assert.equal(open.take(draftOf('they are hinter this', 0, 0.5), 3), undefined);
    open.take(draftOf('they are hinter this', 0, 0.84), 3);
    assert.deepEqual(textsOf(open.take(draftOf('they are hinter this', 0, 0.84), 3)), ['', ' they are hinter this']);
    assert.equal(open.language, undefined);
  });

  it('tells nothing new where a draft has no words', () => {
    const open = new OpenUtterance(0);
    assert.equal(open.take({ ...draftOf('a'), words: [], tokens: [] }, 3), undefined);
  });

  it('gives the words of the last hearing that are not settled', () => {
    const open = new OpenUtterance(0);
    for (const text of ['and so my fellow', 'and so my fellow a']) open.take(draftOf(text), 2.5);
    const { words } = draftOf('and so my fellow Americans');
    assert.deepEqual(
      open.finish(words).map(({ text }) => text),
      [' Americans'],
    );
  });
});
