import { assert } from 'chai';
import fc from 'fast-check';
import { problemOf } from '../../../../src/core/errors';
import { isLoopbackHost, parseEndpoint, type RemoteEndpoint } from '../../../../src/core/speech/endpoint';
import { problemThrownBy } from '../expectations';
import { SEED } from '../random';

describe('parseEndpoint', () => {
  it('takes nothing, blanks and "embedded" for the engine that comes with Minutes', () => {
    for (const setting of ['', '  ', 'embedded', ' embedded\n']) {
      assert.deepStrictEqual(parseEndpoint(setting), { kind: 'embedded' });
    }
  });

  it('knows them in any case, and by their address as well', () => {
    assert.deepEqual(remote('Groq'), remote('groq'));
    assert.deepEqual(remote('https://api.openai.com/v1/audio/transcriptions'), remote('openai'));
    assert.deepEqual(parseEndpoint('Embedded'), { kind: 'embedded' });
  });

  it('knows Groq and OpenAI by name, with the model that gives times, and that they want a key', () => {
    assert.deepStrictEqual(parseEndpoint('groq'), {
      kind: 'remote',
      baseUrl: 'https://api.groq.com/openai/v1',
      host: 'api.groq.com',
      isLoopback: false,
      defaultModel: 'whisper-large-v3-turbo',
      requiresKey: true,
    });
    const openai = remote(' openai ');
    assert.strictEqual(openai.baseUrl, 'https://api.openai.com/v1');
    assert.strictEqual(openai.defaultModel, 'whisper-1');
    assert.isTrue(openai.requiresKey);
  });

  const baseUrls: readonly (readonly [why: string, setting: string, baseUrl: string])[] = [
    ['keeps a base address', 'https://example.org/openai/v1', 'https://example.org/openai/v1'],
    ['adds the API’s usual place to a bare origin', 'http://localhost:8000', 'http://localhost:8000/v1'],
    ['adds it to an origin with a slash too', 'http://localhost:8000/', 'http://localhost:8000/v1'],
    ['drops slashes at the end', 'https://example.org/v1//', 'https://example.org/v1'],
    ['shortens a whole request’s address', 'https://example.org/v1/audio/transcriptions', 'https://example.org/v1'],
    ['shortens one with a slash behind', 'https://example.org/v1/audio/transcriptions/', 'https://example.org/v1'],
    ['shortens one with slashes doubled', 'https://example.org/v1//audio/transcriptions', 'https://example.org/v1'],
    ['shortens the address of translations', 'https://example.org/x/v1/audio/translations', 'https://example.org/x/v1'],
    ['shortens the address of audio', 'https://example.org/v1/audio', 'https://example.org/v1'],
    ['leaves a longer word alone', 'https://example.org/v1/audiobooks', 'https://example.org/v1/audiobooks'],
    ['drops the protocol’s own port', 'https://example.org:443/v1', 'https://example.org/v1'],
  ];
  for (const [why, setting, baseUrl] of baseUrls) {
    it(`${why}: ${setting}`, () => {
      assert.strictEqual(remote(setting).baseUrl, baseUrl);
    });
  }

  it('shows host and port, and asks a server of one’s own for no key', () => {
    const endpoint = remote('http://127.0.0.1:8000/v1');
    assert.strictEqual(endpoint.host, '127.0.0.1:8000');
    assert.isTrue(endpoint.isLoopback);
    assert.isFalse(endpoint.requiresKey);
    assert.isFalse(remote('https://example.org').isLoopback);
  });

  it('refuses http to everything but this machine', () => {
    for (const host of [
      'example.org',
      '192.168.1.5:8000',
      '0.0.0.0:8000',
      'localhost.example.org',
      '127.0.0.1.nip.io',
    ]) {
      assert.deepStrictEqual(
        problemThrownBy(() => parseEndpoint(`http://${host}/v1`)),
        { code: 'endpointInsecure', endpoint: `http://${host}` },
      );
    }
    for (const host of ['localhost', '127.0.0.1', '127.9.8.7:81', '[::1]:8000', 'LOCALHOST', '127.1']) {
      assert.isTrue(remote(`http://${host}/v1`).isLoopback, host);
    }
  });

  it('refuses a user name or a password in the address, and never repeats the password', () => {
    for (const setting of [
      'https://me:secret@example.org/v1',
      'https://secret@example.org/v1',
      'https://:secret@example.org/v1',
      'http://me:secret@localhost:8000/v1',
      'http://me:secret@example.org/v1',
      'me:secret@example.org/v1',
      // Not even where the address cannot be read.
      'https://me:secret@example.org:99999/v1',
      'https://me:secret@/v1',
      'https://me:sec/ret:secret@exa mple.org/v1',
      'me@secret@example.org',
    ]) {
      const problem = problemThrownBy(() => parseEndpoint(setting));
      assert.strictEqual(problem.code, 'endpointInvalid', setting);
      assert.notInclude(JSON.stringify(problem), 'secret', setting);
    }
  });

  it('refuses what is no web address, repeating what was written', () => {
    for (const setting of ['ftp://example.org', 'file:///etc/passwd', 'localhost:8000/v1', 'example.org', '///']) {
      assert.deepStrictEqual(
        problemThrownBy(() => parseEndpoint(setting)),
        { code: 'endpointInvalid', endpoint: setting },
      );
    }
  });

  it('refuses words that every JavaScript object knows', () => {
    for (const setting of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      assert.strictEqual(problemThrownBy(() => parseEndpoint(setting)).code, 'endpointInvalid', setting);
    }
  });

  it('gives a base address without a slash at its end, or one of two problems, whatever is written', () => {
    const setting = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.webUrl({ withFragments: true, withQueryParameters: true, validSchemes: ['http', 'https', 'ftp'] }),
      fc
        .tuple(
          fc.constantFrom('http://localhost', 'https://example.org', 'https://'),
          fc.array(fc.constantFrom('/', 'v1', '/audio', '/transcriptions', '/translations', '@', ':', '?', '#'), {
            maxLength: 8,
          }),
        )
        .map(([origin, parts]) => origin + parts.join('')),
    );
    fc.assert(
      fc.property(setting, (written) => {
        try {
          const endpoint = parseEndpoint(written);
          if (endpoint.kind === 'remote') assert.match(endpoint.baseUrl, /^https?:\/\/[^?#]+[^/?#]$/);
        } catch (error) {
          assert.include(['endpointInvalid', 'endpointInsecure'], problemOf(error)?.code, String(error));
        }
      }),
      { seed: SEED, numRuns: 1000 },
    );
  }).timeout(20_000);
});

describe('isLoopbackHost', () => {
  it('knows the names and addresses that can only be this machine', () => {
    for (const host of ['localhost', '127.0.0.1', '127.255.255.254', '[::1]'])
      assert.isTrue(isLoopbackHost(host), host);
    for (const host of ['', 'localhost.', '128.0.0.1', '10.127.0.0.1', '127.0.0.1.example', '[::2]', 'my-localhost']) {
      assert.isFalse(isLoopbackHost(host), host);
    }
  });
});

function remote(setting: string): RemoteEndpoint {
  const endpoint = parseEndpoint(setting);
  if (endpoint.kind !== 'remote') assert.fail(`${setting} is the embedded engine`);
  return endpoint;
}
