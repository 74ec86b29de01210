import { assert } from 'chai';
import fc from 'fast-check';
import { extractTerms } from '../../../../src/core/vocabulary/sources/extractTerms';
import { isOpaque } from '../../../../src/core/vocabulary/isOpaque';
import { isSecretFile, redactSecrets } from '../../../../src/core/vocabulary/redactSecrets';
import { SEED } from '../random';
import { textsOf } from './terms';

const termsOf = (text: string): string[] => textsOf(extractTerms([{ kind: 'source', name: 'a.ts', text }]));

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const anyOf = (characters: string, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(characters)), minLength, maxLength });

/** As its makers write them. */
const anyKey = fc.oneof(
  anyOf(`${LETTERS}0123456789`, 24, 64),
  anyOf(`${LETTERS}0123456789-_`, 24, 64),
  anyOf(`${LETTERS}0123456789+/`, 24, 64).map((key) => `${key}==`),
  anyOf('0123456789abcdef', 32, 64),
  anyOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16, 32),
  anyOf(`${LETTERS}0123456789`, 20, 40).map((key) => `sk-proj-${key}`),
  anyOf(`${LETTERS}0123456789`, 36, 36).map((key) => `ghp_${key}`),
  anyOf(`${LETTERS}0123456789-_`, 20, 60).map((key) => `eyJhbGciOiJIUzI1NiJ9.${key}.${key}`),
);

describe('No secret becomes a word:', () => {
  it('a key, wherever it stands', () => {
    fc.assert(
      fc.property(
        anyKey,
        fc.constantFrom('$', 'see $ here', 'call($)', '// $', 'x = $;', '<a>$</a>', '- $', '`$`'),
        (key, place) => {
          assert.deepEqual(termsOf(place.replace('$', () => key)), []);
        },
      ),
      { seed: SEED, numRuns: 3000 },
    );
  });

  it('a password that looks like a name, where something says what it is', () => {
    const places = [
      'const password = "$";',
      "apiKey: '$',",
      'DB_PASSWORD=$',
      'password: $',
      'the password is $',
      'ENV API_TOKEN $',
      'curl -H "Authorization: Bearer $"',
      'Bearer $',
      'login --password $',
      'cli --api-key $',
      '<secret>$</secret>',
      'postgres://admin:$@db.example/x',
      'client_secret => $',
      'set_passphrase = `$`',
      'foo("$")',
    ];
    for (const place of places) {
      const terms = termsOf(place.replace('$', () => 'CorrectHorseBattery'));
      assert.notInclude(terms.join(' '), 'CorrectHorse', place);
    }
  });

  it('an address of anybody', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const line = `${'a'.repeat(40)} ${'b'.repeat(40)} Ada Lovelace <${address}> 1700000000 +0000\tcommit: x`;
        const terms = textsOf(
          extractTerms([
            { kind: 'source', name: 'a.ts', text: `// ask ${address} or <${address}>, mailto:${address}` },
            { kind: 'gitLog', name: '.git/logs/HEAD', text: line },
            { kind: 'gitLog', name: '.git/logs/HEAD', text: line.replace('Ada Lovelace', address) },
            { kind: 'mailmap', name: '.mailmap', text: `Ada Lovelace <${address}>\n${address} <${address}>\n` },
          ]),
        );
        for (const term of terms) assert.notInclude(term, '@');
        assert.deepEqual(
          terms.filter((term) => term !== 'Ada Lovelace' && !/^(ask|mailto)/.test(term)),
          [],
        );
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('a key between the lines of a PEM file', () => {
    const pem =
      '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nreadChunk\n-----END RSA PRIVATE KEY-----\nreadWords';
    assert.deepEqual(termsOf(pem), ['readWords']);
    assert.deepEqual(termsOf('-----BEGIN OPENSSH PRIVATE KEY-----\nreadChunk'), []);
  });

  it('anything in a file that keys are kept in', () => {
    for (const name of ['.env', 'a/.env.local', 'id_rsa', 'server.pem', 'app/secrets.yaml', 'credentials', '.npmrc'])
      assert.isTrue(isSecretFile(name), name);
    for (const name of ['src/secretStore.ts', 'keyboard.ts', 'environment.ts', 'tokens.md', 'id_map.py'])
      assert.isFalse(isSecretFile(name), name);
    assert.deepEqual(extractTerms([{ kind: 'source', name: '.env', text: 'readChunk' }]), []);
    assert.deepEqual(extractTerms([{ kind: 'fileName', name: 'keys/deployServer.pem', text: '' }]), []);
  });

  it('while the words of a program stay', () => {
    const words = [
      'toAbortSignal',
      'XMLHttpRequest',
      'getElementById',
      'Float32Array',
      'AudioPreparer',
      'kubectl',
      'PostgreSQL',
    ];
    words.push(
      'node-record-lpcm16',
      'eslint-config-prettier',
      'ES2023',
      'sha256',
      'readableObjectMode',
      'rateLimitedUntil',
    );
    for (const word of words) assert.isFalse(isOpaque(word), word);
    assert.strictEqual(redactSecrets("it's src/core/vocabulary/rankTerms.ts"), "it's src/core/vocabulary/rankTerms.ts");
  });
});
