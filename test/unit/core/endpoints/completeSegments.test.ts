import { assert } from 'chai';
import fc from 'fast-check';
import { completeSegments } from '../../../../src/core/endpoints/completeSegments';
import { parseResponse } from '../../../../src/core/endpoints/parseResponse';
import type { Segment } from '../../../../src/core/model';
import { SEED } from '../random';

function segment(startS: number, endS: number, text: string): Segment {
  return { startS, endS, text };
}

/** Segments of a second each, one after the other. */
function seconds(...texts: readonly string[]): Segment[] {
  return texts.map((text, i) => segment(i, i + 1, text));
}

function lettersOf(texts: readonly string[]): string {
  return texts
    .join('')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Without punctuation and capitals: of two same words, either may be the one whose segment is there. */
function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
    .filter((word) => word !== '');
}

const textsOf = (segments: readonly Segment[]): string[] => segments.map(({ text }) => text);

describe('completeSegments', () => {
  const [a, b, c] = [segment(1, 2, 'Alpha.'), segment(4, 5, 'Beta.'), segment(7, 8, 'Gamma.')];

  it('adds what the text has behind the last segment, up to the audio’s end', () => {
    const text = 'Alpha. Beta. And the rest, “too”…';
    assert.deepStrictEqual(completeSegments(text, [a, b], 9), [a, b, segment(5, 9, 'And the rest, “too”…')]);
    assert.deepStrictEqual(completeSegments(text, [a, b], 3)[2], segment(5, 5, 'And the rest, “too”…'));
  });

  it('adds what the text has before the first segment and between two, at the time between them', () => {
    assert.deepStrictEqual(completeSegments('«One» Alpha. ¿Two? ... Gamma.', [a, c], 9), [
      segment(0, 1, '«One»'),
      a,
      segment(2, 7, '¿Two? ...'),
      c,
    ]);
    assert.deepStrictEqual(completeSegments('Alpha. Two. Gamma.', [c, a].toReversed(), 9)[1]?.text, 'Two.');
  });

  it('changes nothing where text and segments say the same, whatever their line breaks, punctuation and capitals', () => {
    const segments = seconds('Good morning', 'SHALL we  start', '...', '?');
    for (const text of ['Good morning. Shall\nwe start?', 'good morning shall we—start ... ?']) {
      assert.deepStrictEqual(completeSegments(text, segments, 9), segments);
    }
  });

  it('leaves segments as they are where one is not found in the text, in order and as whole words', () => {
    const cases: readonly (readonly [text: string, segments: readonly Segment[]])[] = [
      ['Twenty five. More.', seconds('25.')],
      ['Alpha. More.', [a, b]],
      ['Beta. Alpha. More.', [a, b]],
      ['Alphabet. More.', [a]],
      ['Nono. More.', seconds('No. No.')],
      ['The alpha’s end. More.', [segment(0, 1, 'alpha')]],
      ['Same. More.', seconds('Same.', 'Same.')],
      ['', [a]],
    ];
    for (const [text, segments] of cases) assert.strictEqual(completeSegments(text, segments, 9), segments, text);
  });

  it('tells no time where no segment does', () => {
    assert.isEmpty(completeSegments('All of the text.', [], 9));
  });

  it('finds a word that is said again, and one whose beginning is', () => {
    const text = 'ana anas anana ananas. Ananas!';
    assert.deepStrictEqual(textsOf(completeSegments(text, seconds('ananas'), 1)), [
      'ana anas anana',
      'ananas',
      'Ananas!',
    ]);
    assert.deepStrictEqual(textsOf(completeSegments(text, seconds('ananas. Ananas'), 1)), [
      'ana anas anana',
      'ananas. Ananas',
    ]);
  });

  it('cuts where a script has no blanks, with the punctuation on its own side', () => {
    const japanese = seconds('今日はいい天気ですね。', '「そうですね」');
    assert.deepStrictEqual(
      textsOf(completeSegments('今日はいい天気ですね。散歩しましょう。「そうですね」', japanese, 9)),
      ['今日はいい天気ですね。', '散歩しましょう。', '「そうですね」'],
    );
    assert.deepStrictEqual(textsOf(completeSegments('สวัสดีครับผมชื่อสมชาย', seconds('ครับ'), 9)), [
      'สวัสดี',
      'ครับ',
      'ผมชื่อสมชาย',
    ]);
    assert.deepStrictEqual(textsOf(completeSegments('我用iPhone打电话', seconds('iPhone'), 9)), [
      '我用',
      'iPhone',
      '打电话',
    ]);
    assert.deepStrictEqual(textsOf(completeSegments('𠮷野家に行く', seconds('に'), 9)), ['𠮷野家', 'に', '行く']);
  });

  it('takes as long as text and segments are', () => {
    const text = 'ab '.repeat(200_000);
    const segments = [segment(0, 1, `${'ab '.repeat(100_000)}c`)];
    assert.strictEqual(completeSegments(text, segments, 9), segments);
    assert.lengthOf(completeSegments(text, seconds('ab', 'ab'), 9), 3);
  });

  describe('whatever segments a server loses', () => {
    const latin = fc.constantFrom('yes', 'no', 'Yes', 'nono', 'l’été', 'x-ray', '3.5', 'naïve', 'Köln', '한국어', 'да');
    const dense = fc.constantFrom('好', '好好', '今日は', 'カメラ', 'ครับ', 'ผม', '𠮷', 'PC版', '3月');
    const end = fc.constantFrom('', '.', '?', '…', ', ', '!”', '。', '」');

    function told(word: fc.Arbitrary<string>, glue: string): fc.Arbitrary<readonly [texts: string[], kept: boolean[]]> {
      const text = fc
        .tuple(fc.array(word, { minLength: 1, maxLength: 4 }), end)
        .map(([words, mark]) => words.join(glue) + mark);
      return fc
        .array(fc.tuple(text, fc.boolean()), { minLength: 1, maxLength: 12 })
        .map((all) => [all.map(([one]) => one), all.map(([, isKept]) => isKept)]);
    }

    for (const [script, word, glue] of [
      ['with blanks', latin, ' '],
      ['without blanks', dense, ''],
    ] as const) {
      it(`keeps every word once, in order, at rising times: scripts ${script}`, () => {
        fc.assert(
          fc.property(told(word, glue), ([texts, kept]) => {
            const text = texts.join(glue);
            const segments = seconds(...texts).filter((_, i) => kept[i]);
            const completed = completeSegments(text, segments, texts.length);
            assert.deepStrictEqual(
              completed.filter((one) => segments.includes(one)),
              segments,
            );
            if (segments.length === 0) return;
            assert.strictEqual(lettersOf(textsOf(completed)), lettersOf([text]));
            if (glue !== '')
              assert.deepStrictEqual(
                completed.flatMap((one) => wordsOf(one.text)),
                wordsOf(text),
              );
            let lastS = 0;
            for (const { startS, endS } of completed) {
              assert.isTrue(lastS <= startS && startS <= endS && endS <= texts.length);
              lastS = endS;
            }
          }),
          { seed: SEED, numRuns: 3000 },
        );
      });
    }

    it('so does the parser', () => {
      fc.assert(
        fc.property(told(latin, ' '), ([texts, kept]) => {
          const segments = texts
            .map((text, i) => ({ start: i, end: i + 1, text: ` ${text}` }))
            .filter((_, i) => kept[i]);
          const text = texts.join(' ');
          const answer = parseResponse(JSON.stringify({ text, segments, duration: texts.length }), 'host');
          const said = answer.segments.length === 0 ? [answer.text] : textsOf(answer.segments);
          assert.deepStrictEqual(said.flatMap(wordsOf), wordsOf(text));
        }),
        { seed: SEED, numRuns: 1000 },
      );
    });
  });
});
