import { assert } from 'chai';
import fc from 'fast-check';
import { saidNames } from '../../../../src/core/vocabulary/saidNames';

const PEOPLE = [
  'Ada Lovelace',
  'Grace Hopper',
  'Ada Byron',
  'Linus Torvalds',
  'Mark Will',
  'J. Doe',
  'Q',
  'Björn',
  'April May',
];

describe('saidNames', () => {
  it('finds whole names', () => {
    assert.deepEqual(saidNames('Then Linus Torvalds and Ada Byron spoke.', PEOPLE), ['Ada Byron', 'Linus Torvalds']);
    assert.deepEqual(saidNames('and J. Doe, and Björn.', PEOPLE), ['J. Doe', 'Björn']);
  });

  it('finds a first name that one person alone has', () => {
    assert.deepEqual(saidNames("That is Linus's idea.", PEOPLE), ['Linus Torvalds']);
    assert.deepEqual(saidNames('Ada said so.', PEOPLE), []);
  });

  it('takes no word for a name', () => {
    assert.deepEqual(saidNames('Mark the place. will linus? In April or May, q or Q.', PEOPLE), []);
    assert.deepEqual(saidNames('Grace is a virtue; so it goes. "Grace…', PEOPLE), []);
    assert.deepEqual(saidNames('I think Grace and Mark know.', PEOPLE), ['Grace Hopper', 'Mark Will']);
    assert.deepEqual(saidNames('Björnson, Adam, Linuses', PEOPLE), []);
  });

  it('allows another case behind the first letter, and another form of the same letter', () => {
    assert.deepEqual(saidNames('Angus Mcdonald called.', ['Angus McDonald']), ['Angus McDonald']);
    assert.deepEqual(saidNames('Bjo\u0308rn called.', PEOPLE), ['Björn']);
    assert.deepEqual(saidNames('Ada\nLovelace', PEOPLE), ['Ada Lovelace']);
  });

  it('finds names in scripts that put no blanks or put endings behind them', () => {
    assert.deepEqual(saidNames('今天张伟说好', ['张伟', '李娜']), ['张伟']);
    assert.deepEqual(saidNames('김민수가 말했다', ['김민수']), ['김민수']);
  });

  it('gives known people only, each once, whatever their names hold', () => {
    const names = fc.array(fc.oneof(fc.string(), fc.constantFrom(...PEOPLE, 'A*b (c', '[x]-y', 'É. +')), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.string(), names, (text, people) => {
        const found = saidNames(`${text} ${people.join(' ')}`, people);
        const known = people.map((name) => name.normalize('NFC').replace(/\s+/g, ' ').trim());
        assert.isTrue(found.every((name) => known.includes(name)));
        assert.strictEqual(new Set(found).size, found.length);
      }),
      { seed: 15 },
    );
  });
});
