import { assert } from 'chai';
import fc from 'fast-check';
import { languageCode, LANGUAGES } from '../../../../src/core/endpoints/languages';
import { SEED } from '../random';

describe('LANGUAGES', () => {
  it('has the hundred that Whisper knows, each with a name of its own', () => {
    assert.strictEqual(LANGUAGES.size, 100);
    assert.lengthOf(new Set(LANGUAGES.values()), 100);
    for (const [code, name] of LANGUAGES) {
      assert.match(code, /^[a-z]{2,3}$/);
      assert.match(name, /^[a-z ]+$/);
    }
  });
});

describe('languageCode', () => {
  it('knows every language by code and by name, in any case, with blanks around', () => {
    for (const [code, name] of LANGUAGES) {
      const capital = name.charAt(0).toUpperCase() + name.slice(1);
      for (const said of [code, code.toUpperCase(), name, capital, name.toUpperCase(), ` ${capital}\n`]) {
        assert.strictEqual(languageCode(said), code, said);
      }
    }
  });

  it('knows every language of a region', () => {
    for (const code of LANGUAGES.keys()) {
      for (const region of ['-US', '_us', '-Hans-CN', '-419']) {
        assert.strictEqual(languageCode(code + region), code, code + region);
      }
    }
  });

  const aliases: readonly (readonly [name: string, code: string])[] = [
    ['Burmese', 'my'],
    ['Castilian', 'es'],
    ['Flemish', 'nl'],
    ['Haitian', 'ht'],
    ['Letzeburgesch', 'lb'],
    ['Mandarin', 'zh'],
    ['Moldavian', 'ro'],
    ['Moldovan', 'ro'],
    ['Panjabi', 'pa'],
    ['Pushto', 'ps'],
    ['Sinhalese', 'si'],
    ['Valencian', 'ca'],
  ];
  for (const [name, code] of aliases) {
    it(`knows ${name} by Whisper’s other name for it`, () => {
      assert.strictEqual(languageCode(name), code);
    });
  }

  for (const name of ['klingon', 'constructor', '__proto__', 'nb-no', 'english (us)', 'x', '']) {
    it(`leaves ${name === '' ? 'nothing' : name} as it is`, () => {
      assert.strictEqual(languageCode(name), name);
    });
  }

  it('gives for its own code the same again, whatever was said', () => {
    const said = fc.oneof(fc.string(), fc.constantFrom(...LANGUAGES.keys(), ...LANGUAGES.values()));
    fc.assert(
      fc.property(said, fc.constantFrom('', '-', '_X', ' '), (name, rest) => {
        const code = languageCode(name + rest);
        assert.strictEqual(languageCode(code), code);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });
});
