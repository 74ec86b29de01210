import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { problemOf } from '../../../../src/core/errors';
import { ScriptedServer, type ScriptedAnswer } from '../../../fakes/scriptedServer';
import { error, openAiJson, redirect, spoken } from '../../../fakes/speechAnswers';
import type { TestParts } from './asking';
import { errorFrom, problemWith } from '../problems';
import { httpTranscribers, KEY } from './httpTranscribers';

describe('HttpTranscriber', () => {
  const { current, ask } = httpTranscribers();
  let server: ScriptedServer;
  let parts: TestParts;
  beforeEach(() => {
    ({ server, parts } = current());
  });

  describe('keeps the key', () => {
    it('from where a redirect points, which it does not follow', async () => {
      const second = await ScriptedServer.start(() => openAiJson(spoken('Stolen.')));
      try {
        for (const status of [301, 302, 303, 307, 308]) {
          server.play([redirect(`${second.baseUrl}/audio/transcriptions`, status)]);
          const problem = await problemWith('redirected', ask());
          assert.equal(problem.location, `${second.baseUrl}/audio/transcriptions`);
        }
        assert.equal(second.connectionCount, 0);
      } finally {
        await second.close();
      }
    });

    const echo = `Incorrect API key provided: ${KEY}. Header was "Authorization: Bearer ${KEY}".`;
    const answers: Readonly<Record<string, ScriptedAnswer>> = {
      'a 401': error(401, { message: echo }),
      'a 403': error(403, { message: echo }),
      'a 404': error(404, { message: echo }),
      'a 429': error(429, { message: echo }),
      'a 500': error(500, { message: echo }),
      'a page': { status: 502, body: `<pre>${echo}</pre>` },
      'an unreadable answer': { body: echo },
      'a reset': { reset: 'beforeHeaders' },
      'a reset within the answer': { body: echo, reset: 'whileBody' },
    };
    for (const [name, answer] of Object.entries(answers)) {
      it(`out of the error for ${name}, though the endpoint says it`, async () => {
        server.play(() => answer);
        const thrown = await errorFrom(ask());
        assert.ok(problemOf(thrown));
        for (const told of [thrown.message, thrown.stack, JSON.stringify(thrown), inspect(thrown, { depth: 20 })]) {
          assert.ok(!told?.includes(KEY), `the key is in: ${told ?? ''}`);
        }
      });
    }

    it('out of the error where no header can carry it', async () => {
      for (const key of [`${KEY}\n`, `“${KEY}”`]) {
        const thrown = await errorFrom(ask({}, { key }));
        assert.equal(problemOf(thrown)?.code, 'keyRejected', thrown.message);
        assert.ok(!inspect(thrown, { depth: 20 }).includes(KEY));
      }
      assert.equal(server.requests.length, 0);
    });

    it('out of the error and the log, however the endpoint spells it', async () => {
      const key = 'gsk_"quoted"/with+slash';
      const spellings = [
        JSON.stringify({ error: { message: `No: ${key}.` } }),
        JSON.stringify({ error: { message: `No: ${key}.` } }).replaceAll('/', '\\/'),
        JSON.stringify({ error: { message: `No: ${key}.` } }).replaceAll('g', '\\u0067'),
        `No: ${encodeURIComponent(key)}.`,
      ];
      for (const body of spellings) {
        const headers = { 'x-request-id': `for-${key}`, location: `/?key=${encodeURIComponent(key)}` };
        for (const status of [307, 403, 500]) {
          server.play(() => ({ status, headers, body }));
          const thrown = await errorFrom(ask({}, { key }));
          for (const told of [inspect(thrown, { depth: 20 }), inspect(parts.log.entries, { depth: 20 })]) {
            assert.ok(!told.includes('with+slash') && !told.includes('with%2Bslash'), told);
          }
        }
      }
    });

    it('out of the log where an answer repeats it', async () => {
      server.play([{ ...openAiJson(spoken('Good.')), headers: { 'x-request-id': `for-${KEY}` } }]);
      assert.equal((await ask()).text, 'Good.');
      assert.ok(!inspect(parts.log.entries).includes(KEY));
      assert.equal(parts.log.of('answered')[0]?.requestId, 'for-…');
    });

    it('out of the text, but for a key that may have been said', async () => {
      server.play(() => openAiJson(spoken(`The passphrase, ${KEY}, 3.10`)));
      assert.equal((await ask()).text, 'The passphrase, …, 3.10');
      assert.equal((await ask({}, { key: 'passphrase' })).text, `The passphrase, ${KEY}, 3.10`);
    });

    it('out of the text, however it is spelled, in JSON that is nearly JSON as well', async () => {
      const spelled = KEY.replaceAll('g', '\\u0067');
      for (const body of [
        `{"text":"It is ${spelled}.","confidence":NaN}`,
        `{"text":"It is"}\n{"text":"${spelled}.","confidence":NaN}\n`,
        `\ufeff{"text":"It is ${spelled}."}`,
        `"It is ${spelled}."`,
      ]) {
        server.play([{ body }]);
        assert.equal((await ask()).text, 'It is ….', body);
      }
    });

    it('but what an endpoint says of a short word stays whole', async () => {
      server.play([error(400, { message: 'The none of it.' })]);
      const problem = await problemWith('requestRefused', ask({}, { key: 'none' }));
      assert.equal(problem.reason, 'The none of it.');
    });
  });
});
