import { assert } from 'chai';
import fc from 'fast-check';
import type { Transcript } from '../../../../src/core/model';
import { editedText } from '../../../../src/core/notes/editedText';
import { planDictation } from '../../../../src/core/notes/planDictation';
import { SEED } from '../random';
import { said as segment, transcriptOf } from './noteParts';

function said(...texts: readonly string[]): Transcript {
  return transcriptOf(texts.map((text, i) => segment(i, i + 1, text)));
}

/** The document after a dictation; `|` is the caret, two of them hold the selection. */
function dictated(marked: string, transcript: Transcript): string {
  const start = marked.indexOf('|');
  const last = marked.lastIndexOf('|');
  const end = last > start ? last - 1 : start;
  const document = marked.replaceAll('|', '');
  return editedText(document, [planDictation(transcript, document, { start, end })]);
}

describe('planDictation', () => {
  const spaces: readonly (readonly [marked: string, expected: string])[] = [
    ['|', 'hello'],
    ['word|', 'word hello'],
    ['word |', 'word hello'],
    ['|word', 'hello word'],
    ['| word', 'hello word'],
    ['one|two', 'one hello two'],
    ['one |two', 'one hello two'],
    ['one| two', 'one hello two'],
    ['line\n|', 'line\nhello'],
    ['line\r\n|\r\nline', 'line\r\nhello\r\nline'],
    ['|, word', 'hello, word'],
    ['Yes.|', 'Yes. hello'],
    ['Yes,|', 'Yes, hello'],
    ['(so)|', '(so) hello'],
    ['(|)', '(hello)'],
    ['[|]', '[hello]'],
    ['{|}', '{hello}'],
    ['"|"', '"hello"'],
    ['say "|"', 'say "hello"'],
    ["say '|'", "say 'hello'"],
    ['say “|”', 'say “hello”'],
    ['sag „|“', 'sag „hello“'],
    ['sag »|«', 'sag »hello«'],
    ['dis «|»', 'dis «hello»'],
    ['säg ”|”', 'säg ”hello”'],
    ['("|")', '("hello")'],
    ['x="|"', 'x="hello"'],
    ['"so"|', '"so" hello'],
    ["'so.'|", "'so.' hello"],
    ['“so”|', '“so” hello'],
    ['„so“|', '„so“ hello'],
    ['«\u00a0so\u00a0»|', '«\u00a0so\u00a0» hello'],
    ['“‘so’”|', '“‘so’” hello'],
    ['the boys’|', 'the boys’ hello'],
    ['über|älter', 'über hello älter'],
    ['𝒳|𝒳', '𝒳 hello 𝒳'],
    ['7|7', '7 hello 7'],
  ];
  for (const [marked, expected] of spaces) {
    it(`makes ${JSON.stringify(marked)} ${JSON.stringify(expected)}`, () => {
      assert.strictEqual(dictated(marked, said('hello')), expected);
    });
  }

  it('replaces the selection, and looks at what is around it', () => {
    assert.strictEqual(dictated('say |goodbye| now', said('hello')), 'say hello now');
    assert.strictEqual(dictated('say| goodbye |now', said('hello')), 'say hello now');
    assert.strictEqual(dictated('|all of it|', said('hello')), 'hello');
  });

  it('joins segments with one space each, without their own', () => {
    assert.strictEqual(dictated('|', said(' One.', 'Two. ', '  ', '', '\nThree.')), 'One. Two. Three.');
  });

  for (const [what, transcript] of [
    ['no segment', said()],
    ['segments without a word', said('', '  ', '\n')],
  ] as const) {
    it(`changes nothing for ${what}: no stray space, and the selection stays`, () => {
      assert.deepEqual(planDictation(transcript, 'onetwo', { start: 3, end: 3 }), {
        offset: 3,
        removedLength: 0,
        text: '',
      });
      assert.strictEqual(dictated('one|two', transcript), 'onetwo');
      assert.strictEqual(dictated('one |two| three', transcript), 'one two three');
    });
  }

  it('leaves all text outside the selection as it is, and says all that was said', () => {
    const anyText = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.string({ unit: fc.constantFrom(...Array.from('ab 7.,()"\'“”\n𝒳é')), maxLength: 30 }),
    );
    fc.assert(
      fc.property(anyText, anyText, anyText, fc.array(anyText, { maxLength: 4 }), (before, selected, behind, texts) => {
        const document = before + selected + behind;
        const place = { start: before.length, end: before.length + selected.length };
        const result = editedText(document, [planDictation(said(...texts), document, place)]);
        const words = texts.map((text) => text.trim()).filter((text) => text !== '');
        if (words.length === 0) {
          assert.strictEqual(result, document);
          return;
        }
        assert.isTrue(result.startsWith(before));
        assert.isTrue(result.endsWith(behind));
        const inserted = result.slice(before.length, result.length - behind.length);
        assert.include([0, 1, 2], inserted.length - words.join(' ').length);
        assert.strictEqual(inserted.trim(), words.join(' '));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
