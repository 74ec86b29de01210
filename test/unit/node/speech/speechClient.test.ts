import assert from 'node:assert/strict';
import { NEVER } from '../../../../src/core/async/never';
import type { RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import type { ScriptedServer } from '../../../fakes/scriptedServer';
import { error, groqVerboseJson } from '../../../fakes/speechAnswers';
import { answerOf } from './asking';
import { hollowModel } from '../engine/hollowModel';
import { errorFrom, problemWith } from '../problems';
import { EMBEDDED } from './client';
import { eachWithServer, endpointProbes, SAID } from './endpointProbes';

describe('HttpEndpointProbe', () => {
  const { storage, client } = endpointProbes();
  let server: ScriptedServer;
  let endpoint: RemoteEndpoint;

  eachWithServer((started, at) => {
    server = started;
    endpoint = at;
  });

  describe('SpeechClient', () => {
    const MEETING = { job: 'meeting' } as const;
    const wait = error(429, { message: 'Slow down.', headers: { 'retry-after': '1200' } });

    async function ask(by: ReturnType<typeof client>, to: RemoteEndpoint): Promise<string> {
      const target = await by.target(to, MEETING);
      const transcriber = await by.transcriber(target);
      const audio = { kind: 'url', url: 'https://example.com/a.mp3' } as const;
      const request = { audio, task: 'transcribe', model: target.model } as const;
      return (await answerOf(transcriber.transcribe(request, NEVER))).text;
    }

    it('has a quota for each base address and key', async () => {
      server.play([wait]);
      let key = 'first-key';
      const by = client({ readKey: () => Promise.resolve(key) });
      await problemWith('paused', ask(by, endpoint));
      assert.equal(server.requests.length, 1);
      await problemWith('paused', ask(by, endpoint));
      assert.equal(server.requests.length, 1, 'the wait holds for every request with this key');

      server.play(() => groqVerboseJson(SAID));
      key = 'second-key';
      assert.equal(await ask(by, endpoint), 'Ask not.');
      key = 'first-key';
      assert.equal(await ask(by, { ...endpoint, baseUrl: `${server.origin}/other/v1` }), 'Ask not.');
      await problemWith('paused', ask(by, endpoint));
      assert.equal(server.requests.length, 3);
    });

    it('asks for a key before anything else, and reads it anew for every run', async () => {
      const keys: string[] = [];
      const by = client({ readKey: () => Promise.resolve(keys.at(-1)) });
      const strict = { ...endpoint, requiresKey: true };
      assert.equal(
        (await problemWith('keyMissing', by.transcriber(await by.target(strict, MEETING)))).host,
        server.host,
      );
      assert.equal(server.connectionCount, 0);
      server.play(() => groqVerboseJson(SAID));
      for (const key of ['a-key', 'another-key']) {
        keys.push(key);
        await ask(by, strict);
        assert.equal(server.requests.at(-1)?.headers.authorization, `Bearer ${key}`);
      }
    });

    it('asks servers elsewhere for more than one at a time, those here not', async () => {
      const model = await hollowModel(storage());
      const by = client({ embeddedModel: () => Promise.resolve({ model }) });
      const elsewhere = { ...endpoint, isLoopback: false };
      server.play(() => groqVerboseJson(SAID));
      const most = async (at: RemoteEndpoint): Promise<[before: number, after: number]> => {
        const target = await by.target(at, MEETING);
        const transcriber = await by.transcriber(target);
        const before = transcriber.parallel;
        const audio = { kind: 'url', url: 'https://example.org/talk.mp3' } as const;
        const request = { audio, task: 'transcribe', model: target.model } as const;
        for await (const event of transcriber.transcribe(request, NEVER)) assert.equal(event.kind, 'answered');
        return [before, transcriber.parallel];
      };
      // One until the first answer, which may teach how to ask.
      assert.deepEqual(await most(endpoint), [1, 1]);
      assert.deepEqual(await most(elsewhere), [1, 4]);
      assert.equal(
        (await by.transcriber(await by.target({ ...elsewhere, provider: 'whisperCpp' }, MEETING))).parallel,
        1,
      );
      assert.equal((await by.transcriber(await by.target(EMBEDDED, MEETING))).parallel, 1);
      assert.equal(by.engine.processId, undefined, 'no engine is started for that');
    });

    it('ends what is under way when it is disposed of', async () => {
      server.play(() => ({ hang: true }));
      const by = client();
      const asked = errorFrom(by.get(endpoint, '/models', NEVER));
      await server.received(1);
      await by.dispose();
      await problemWith(
        'endpointUnreachable',
        asked.then((thrown) => Promise.reject(thrown)),
      );
      await server.requests[0]?.over;
    });
  });
});
