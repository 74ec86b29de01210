import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { NEVER } from '../../../../src/core/async/never';
import type { RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import type { ScriptedServer } from '../../../fakes/scriptedServer';
import { error, htmlError, redirect } from '../../../fakes/speechAnswers';
import { errorFrom, problemWith } from '../problems';
import { EMBEDDED } from './client';
import { eachWithServer, endpointProbes, KEY } from './endpointProbes';

describe('HttpEndpointProbe', () => {
  const { client, probe } = endpointProbes();
  let server: ScriptedServer;
  let endpoint: RemoteEndpoint;

  eachWithServer((started, at) => {
    server = started;
    endpoint = at;
  });

  describe('lists models', () => {
    for (const [name, body, expected] of [
      ['OpenAI’s', { data: [{ id: 'llama' }, { id: 'whisper-1' }] }, ['whisper-1', 'llama']],
      ['Ollama’s', { models: [{ name: 'a-whisper' }, { name: 'b' }] }, ['a-whisper', 'b']],
      ['a bare list', ['x', 'parakeet'], ['parakeet', 'x']],
      ['odd entries', { data: [null, 7, {}, { id: 7 }, { id: ' ' }, { id: 'voxtral' }] }, ['voxtral']],
      ['none', { data: [] }, []],
      ['something else', { object: 'list' }, []],
    ] as const) {
      it(`in the form: ${name}`, async () => {
        server.play([{ body: JSON.stringify(body) }]);
        assert.deepEqual(await probe().listModels(endpoint, NEVER), expected);
      });
    }

    it('none of a page or of no answer', async () => {
      server.play([htmlError(200, 'Sign in'), {}]);
      for (let i = 0; i < 2; i++) assert.deepEqual(await probe().listModels(endpoint, NEVER), []);
    });

    it('without the key, should a server repeat it', async () => {
      server.play([{ body: JSON.stringify({ data: [{ id: `whisper-${KEY}` }] }) }]);
      assert.deepEqual(await probe().listModels(endpoint, NEVER), ['whisper-…']);
    });

    it('none of the embedded engine', async () => {
      assert.deepEqual(await probe().listModels(EMBEDDED, NEVER), []);
    });

    it('or says why not, without the key', async () => {
      const echo = { message: `Not ${KEY}.` };
      for (const [answer, code] of [
        [error(401, echo), 'keyRejected'],
        [error(403, echo), 'forbidden'],
        [error(404, echo), 'notFound'],
        [error(429, echo), 'rateLimited'],
        [error(500, echo), 'endpointFailed'],
        [redirect(`https://elsewhere.example/?key=${KEY}`), 'redirected'],
        [htmlError(403, `Not ${KEY}.`), 'proxyAnswered'],
        [{ reset: 'whileHeaders' }, 'endpointUnreachable'],
      ] as const) {
        server.play([answer]);
        const thrown = await errorFrom(probe().listModels(endpoint, NEVER));
        assert.equal((await problemWith(code, Promise.reject(thrown))).host, server.host);
        assert.ok(!inspect(thrown, { depth: 10 }).includes(KEY));
      }
    });

    it('of a key that no header can carry: keyRejected, nothing sent', async () => {
      for (const key of [`${KEY}\n`, `“${KEY}”`]) {
        const thrown = await errorFrom(
          probe(client({ readKey: () => Promise.resolve(key) })).listModels(endpoint, NEVER),
        );
        await problemWith('keyRejected', Promise.reject(thrown));
        assert.ok(!inspect(thrown, { depth: 10 }).includes(KEY));
      }
      assert.equal(server.connectionCount, 0);
    });
  });
});
