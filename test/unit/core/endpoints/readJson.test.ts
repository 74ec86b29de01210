import { assert } from 'chai';
import fc from 'fast-check';
import { readJson, readJsonLines } from '../../../../src/core/endpoints/readJson';
import { SEED } from '../random';

describe('readJson', () => {
  it('takes bare figures that JSON does not have for null, and those in a text for text', () => {
    const json =
      '{"a":NaN,"b": nan ,"c":[Infinity,-Infinity,-nan,inf],"NaN":"NaN, \\"Infinity\\", -Infinity\\\\","d":-1.5e3}';
    assert.deepStrictEqual(readJson(json), {
      a: null,
      b: null,
      c: [null, null, null, null],
      NaN: 'NaN, "Infinity", -Infinity\\',
      d: -1500,
    });
    assert.isNull(readJson('NaN'));
  });

  it('reads behind a mark of the byte order', () => {
    assert.deepStrictEqual(readJson('\ufeff{"a":1}'), { a: 1 });
    assert.deepStrictEqual(readJson('\ufeff{"a":NaN}'), { a: null });
  });

  it('reads no text that is not JSON', () => {
    for (const text of [
      '',
      ' ',
      'text',
      '{"a":NaN',
      '{"a":NaNo}',
      '{"a":"NaN}',
      '{"a":Info}',
      '"\\',
      '{a:1}',
      '{}{}',
    ]) {
      assert.isUndefined(readJson(text), text);
    }
  });

  it('reads what JSON there is as it stands', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        assert.deepStrictEqual(readJson(json), JSON.parse(json));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('changes nothing in a text beside a bare figure', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = readJson(`{"a":NaN,${JSON.stringify(text)}:${JSON.stringify(`${text} NaN`)}}`);
        assert.deepStrictEqual(read, { ...(JSON.parse('{"a":null}') as object), [text]: `${text} NaN` });
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('takes as long as a text is, though no string in it ends', () => {
    assert.isUndefined(readJson('\\"'.repeat(500_000)));
    assert.isUndefined(readJson('"\\"\\"'.repeat(500_000)));
  });
});

describe('readJsonLines', () => {
  it('reads a value a line, empty lines aside', () => {
    assert.deepStrictEqual(readJsonLines('{"a":1}\r\n\n{"a":NaN}\n'), [{ a: 1 }, { a: null }]);
  });

  it('reads nothing where a line is none, or where there is one line', () => {
    for (const text of ['', '{"a":1}', '{"a":1}\n{"a":', 'text\ntext', '{"a":1}\n\n']) {
      assert.isUndefined(readJsonLines(text), text);
    }
  });
});
