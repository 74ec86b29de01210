import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { NEVER } from '../../../../src/core/async/never';
import type { RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import type { ScriptedServer, ScriptedAnswer } from '../../../fakes/scriptedServer';
import { error, groqVerboseJson, htmlError, redirect } from '../../../fakes/speechAnswers';
import { preparedModel } from '../../../preparedModel';
import { skipWithReason } from '../../../speech';
import { EMBEDDED } from './client';
import { eachWithServer, endpointProbes, KEY, SAID, withKey } from './endpointProbes';

describe('HttpEndpointProbe', () => {
  const { client, probe } = endpointProbes();
  let server: ScriptedServer;
  let endpoint: RemoteEndpoint;

  eachWithServer((started, at) => {
    server = started;
    endpoint = at;
  });

  describe('warms up', () => {
    it('with a request that opens the connection for the next', async () => {
      server.play((request) => (request.method === 'GET' ? { body: '{"data":[]}' } : groqVerboseJson(SAID)));
      const by = client(withKey);
      await probe(by).warmUp(endpoint, {}, NEVER);
      const [first] = server.requests;
      assert.deepEqual([first?.method, first?.path], ['GET', '/v1/models']);
      assert.equal(first?.headers.authorization, `Bearer ${KEY}`);
      assert.equal(first.headers['user-agent'], 'Minutes/1.2.3');
      // Somebody speaks meanwhile.
      await sleep(50);
      const asked = probe(by).test(endpoint, 'gpt-4o-transcribe', NEVER);
      for await (const { outcome } of asked) assert.equal(outcome.kind, 'works');
      assert.equal(server.requests.length, 2);
      assert.equal(server.connectionCount, 1);
    });

    for (const [name, answer] of Object.entries({
      'does not know the address': error(404),
      'does not know the key': error(401),
      'is busy': error(503),
      'answers with a page': htmlError(200, 'Sign in'),
      'breaks the connection': { reset: 'beforeHeaders' },
      'sends it elsewhere': redirect('https://elsewhere.example/v1'),
    } satisfies Record<string, ScriptedAnswer>)) {
      it(`in vain where the server ${name}, and says nothing of it`, async () => {
        server.play(() => answer);
        await probe().warmUp(endpoint, {}, NEVER);
        assert.equal(server.requests.length, 1);
      });
    }

    it('in vain where nobody listens, a key is missing or unfit, or it was aborted', async () => {
      await probe(client()).warmUp({ ...endpoint, requiresKey: true }, {}, NEVER);
      await probe(client({ readKey: () => Promise.resolve(`${KEY}\n`) })).warmUp(endpoint, {}, NEVER);
      await probe().warmUp(endpoint, {}, AbortSignal.abort());
      assert.equal(server.connectionCount, 0);
      await server.close();
      await probe().warmUp(endpoint, {}, NEVER);
    });

    it('until it is aborted', async () => {
      server.play([{ hang: true }]);
      const stop = new AbortController();
      const warming = probe().warmUp(endpoint, {}, stop.signal);
      await server.received(1);
      stop.abort();
      await warming;
      await server.requests[0]?.over;
    });

    it('the embedded engine, so that its model is loaded while somebody speaks', async function () {
      const model = await preparedModel();
      if ('absent' in model) skipWithReason(this, model.absent);
      const by = client({ embeddedModel: () => Promise.resolve({ model }) });
      await probe(by).warmUp(EMBEDDED, {}, NEVER);
      assert.notEqual(by.engine.processId, undefined);
    });
  });
});
