import { assert } from 'chai';
import fc from 'fast-check';
import type { Segment, Word } from '../../../../src/core/model';
import { cutAtSentences } from '../../../../src/core/text/sentences';
import { SEED } from '../random';

/** Words of one second each, as a text with blanks has them. */
function timed(text: string, startS = 0): Word[] {
  return text.split(' ').map((word, i) => ({ text: word, startS: startS + i, endS: startS + i + 0.8 }));
}

/** The texts that one segment becomes. */
function textsOf(text: string, words: readonly Word[] = timed(text)): string[] {
  const segment = { startS: 0, endS: text.split(' ').length, text };
  return cutAtSentences([segment], words).map((part) => part.text);
}

describe('cutAtSentences', () => {
  it('gives each sentence of a long segment its words’ times, and the figures of the whole', () => {
    const text = 'One two three four five six. Seven eight nine ten eleven twelve? Thirteen fourteen fifteen.';
    const segment: Segment = { startS: 0, endS: 16, text, averageLogProbability: -0.5 };
    assert.deepStrictEqual(cutAtSentences([segment], timed(text)), [
      { ...segment, endS: 5.8, text: 'One two three four five six.' },
      { ...segment, startS: 6, endS: 11.8, text: 'Seven eight nine ten eleven twelve?' },
      { ...segment, startS: 12, text: 'Thirteen fourteen fifteen.' },
    ]);
  });

  it('joins short sentences to a paragraph of some seconds', () => {
    assert.deepStrictEqual(textsOf('Yes. We do. It works now. So let us all go on with it today, please. Fine.'), [
      'Yes. We do. It works now.',
      'So let us all go on with it today, please. Fine.',
    ]);
  });

  for (const [language, first, second] of [
    ['Hindi', 'एक दो तीन चार पाँच छह सात।', 'आठ नौ दस ग्यारह बारह तेरह चौदह।'],
    ['Urdu', 'ایک دو تین چار پانچ چھ سات۔', 'آٹھ نو دس گیارہ بارہ تیرہ چودہ۔'],
    ['Arabic', 'هل كان هذا هو كل شيء هنا؟', 'نعم كان هذا كل شيء هنا اليوم.'],
    ['Armenian', 'Մեկ երկու երեք չորս հինգ վեց յոթ։', 'Ութ ինը տասը մեկ երկու երեք չորս։'],
    ['Amharic', 'አንድ ሁለት ሦስት አራት አምስት ስድስት ሰባት።', 'ስምንት ዘጠኝ አሥር አንድ ሁለት ሦስት አራት።'],
    ['Georgian', 'ერთი ორი სამი ოთხი ხუთი ექვსი შვიდი.', 'რვა ცხრა ათი ერთი ორი სამი ოთხი.'],
  ] as const) {
    it(`knows where a sentence ends in ${language}`, () => {
      assert.deepStrictEqual(textsOf(`${first} ${second}`), [first, second]);
    });
  }

  it('leaves a short segment whole, and one without words or of other words', () => {
    const text = 'One two three four five six. Seven eight nine ten eleven twelve thirteen.';
    for (const [endS, words] of [
      [11, timed(text)],
      [13, []],
      [13, timed(text.replace('nine', 'none'))],
      [13, timed(text).slice(0, -1)],
    ] as const) {
      const segment = { startS: 0, endS, text };
      assert.deepStrictEqual(cutAtSentences([segment], words), [segment]);
    }
  });

  it('cuts behind no title, initial, number or abbreviation', () => {
    for (const inside of [
      'Dr. Weber',
      'J. Smith',
      'z. B. Wasser',
      'am 5. Mai',
      'black letter, i.e. the letter',
      '3.5 Liter',
    ]) {
      const text = `Da sagte einer heute früh ${inside} und dann noch sehr viel mehr davon.`;
      assert.deepStrictEqual(textsOf(text), [text], inside);
    }
  });

  it('looks behind closing marks, and finds the ends of Chinese sentences', () => {
    assert.deepStrictEqual(textsOf('He said to all of us “stop.” Then nobody did it for a very long time.'), [
      'He said to all of us “stop.”',
      'Then nobody did it for a very long time.',
    ]);
    const signs = Array.from('今天天气很好。我们去公园散步吧').map((text, i) => ({ text, startS: i, endS: i + 1 }));
    const segment = { startS: 0, endS: 15, text: '今天天气很好。我们去公园散步吧' };
    assert.deepStrictEqual(
      cutAtSentences([segment], signs).map(({ startS, text }) => [startS, text]),
      [
        [0, '今天天气很好。'],
        [7, '我们去公园散步吧'],
      ],
    );
  });

  it('takes words without their punctuation', () => {
    const text = 'One two three four five six. Seven eight nine ten eleven twelve thirteen.';
    const bare = timed(text).map((word) => ({ ...word, text: word.text.replace('.', '') }));
    assert.lengthOf(textsOf(text, bare), 2);
  });

  it('gives each of several segments its own words', () => {
    const text = 'One two three four five six. Seven eight nine ten eleven twelve thirteen.';
    const short = { startS: 13, endS: 15, text: 'Not long.' };
    const parts = cutAtSentences(
      [{ startS: 0, endS: 13, text }, short, { startS: 15, endS: 28, text }],
      [...timed(text), ...timed(short.text, 13), ...timed(text, 15)],
    );
    assert.deepStrictEqual(
      parts.map(({ startS }) => startS),
      [0, 6, 13, 15, 21],
    );
  });

  it('loses nothing and keeps the order of times, whatever the words’ times are', () => {
    const token = fc.constantFrom('Yes.', 'No?', 'and', 'Then', '今天。', 'i.e.', '”', '...', 'é!', '12.');
    const time = fc.double({ min: 0, max: 60, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(token, time, time)), fc.boolean(), (told, isSorted) => {
        const words = told.map(([text, a, b]) => ({ text, startS: Math.min(a, b), endS: Math.max(a, b) }));
        if (isSorted) words.sort((a, b) => a.startS - b.startS);
        const text = words.map((word) => word.text).join(' ');
        const parts = cutAtSentences([{ startS: 0, endS: 60, text }], words);
        assert.strictEqual(parts.map((part) => part.text).join(' '), text);
        let lastS = 0;
        for (const { startS, endS } of parts) {
          assert.isAtLeast(startS, lastS);
          assert.isAtLeast(endS, startS);
          lastS = endS;
        }
      }),
      { seed: SEED },
    );
  });

  it('takes a time that is no more than proportional to the text', () => {
    const text = Array.from({ length: 20_000 }, (_, i) => (i % 9 === 0 ? 'Ende.' : 'Wort')).join(' ');
    assert.isAbove(textsOf(text).length, 2000);
  });
});
