import { assert } from 'chai';
import fc from 'fast-check';
import { problemOf } from '../../../../src/core/errors';
import { SPEECH_JOBS } from '../../../../src/core/model';
import { isLoopbackHost, parseEndpoint, type RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import { canTranslate } from '../../../../src/core/endpoints/knownModels';
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
    assert.deepEqual(remote('https://api.mistral.ai'), remote('Mistral'));
    assert.deepEqual(remote('https://api.groq.com/openai/v1/'), remote('groq'));
    assert.deepEqual(parseEndpoint('Embedded'), { kind: 'embedded' });
  });

  const turbo = { dictation: 'whisper-large-v3-turbo', meeting: 'whisper-large-v3-turbo' };

  it('knows Groq by name, with the model that is quickest and the one that translates, and that it wants a key', () => {
    assert.deepStrictEqual(parseEndpoint('groq'), {
      kind: 'remote',
      baseUrl: 'https://api.groq.com/openai/v1',
      host: 'api.groq.com',
      isLoopback: false,
      provider: 'groq',
      defaultModels: { ...turbo, translation: 'whisper-large-v3' },
      requiresKey: true,
    });
  });

  const named = [
    ['openai', 'https://api.openai.com/v1', 'whisper-1'],
    ['mistral', 'https://api.mistral.ai/v1', 'voxtral-mini-latest'],
  ] as const;
  for (const [provider, baseUrl, model] of named) {
    it(`knows ${provider} by name, with ${model} for everything, and that it wants a key`, () => {
      assert.deepInclude(remote(` ${provider} `), {
        provider,
        baseUrl,
        requiresKey: true,
        isLoopback: false,
        defaultModels: { dictation: model, meeting: model, translation: model },
      });
    });
  }

  it('has a model for every job that can do it, wherever it is', () => {
    for (const setting of ['groq', 'openai', 'https://example.org', 'http://localhost:8080/inference']) {
      const { defaultModels } = remote(setting);
      assert.hasAllKeys(defaultModels, SPEECH_JOBS);
      assert.isTrue(canTranslate(defaultModels.translation), setting);
    }
  });

  it('asks a server that nobody knows for what most of them take, or ignore', () => {
    const { provider, defaultModels, requiresKey } = remote('https://example.org/v1');
    assert.deepStrictEqual(
      { provider, defaultModels, requiresKey },
      { provider: 'other', defaultModels: { ...turbo, translation: 'whisper-large-v3' }, requiresKey: false },
    );
  });

  const inferences: readonly (readonly [setting: string, baseUrl: string])[] = [
    ['http://localhost:8080/inference', 'http://localhost:8080'],
    ['http://127.0.0.1:8080/inference/', 'http://127.0.0.1:8080'],
    ['https://example.org/whisper/inference', 'https://example.org/whisper'],
  ];
  for (const [setting, baseUrl] of inferences) {
    it(`knows whisper.cpp’s server by the path of its one address: ${setting}`, () => {
      assert.deepInclude(remote(setting), { provider: 'whisperCpp', baseUrl, requiresKey: false });
    });
  }

  it('knows no whisper.cpp in a longer word', () => {
    for (const setting of ['https://example.org/inferences', 'https://example.org/inference/v1']) {
      assert.deepInclude(remote(setting), { provider: 'other', baseUrl: setting });
    }
    // A server's own name for its address, and only the last part counts.
    assert.strictEqual(remote('https://inference.example.org').provider, 'other');
  });

  it('takes an address beside a known one for another server', () => {
    for (const setting of [
      'https://api.groq.com/v2',
      'https://api.openai.com.example.org/v1',
      'https://api.openai.com:8443/v1',
    ]) {
      assert.deepInclude(remote(setting), { provider: 'other', requiresKey: false });
    }
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
    [
      'takes a whole address without a version as it is',
      'https://example.org/audio/transcriptions',
      'https://example.org',
    ],
    ['takes that of translations so, too', 'http://localhost:8000/audio/translations/', 'http://localhost:8000'],
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
