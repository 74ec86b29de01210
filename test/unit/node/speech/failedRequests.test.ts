import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import { MinutesError, type ProblemCode } from '../../../../src/core/errors';
import { HttpTranscriber } from '../../../../src/node/speech/httpTranscriber';
import { ScriptedServer, type ResetPoint, type ScriptedAnswer } from '../../../fakes/scriptedServer';
import {
  cloudflare1010,
  error,
  htmlError,
  openAiJson,
  rateLimited,
  spoken,
  stringError,
} from '../../../fakes/speechAnswers';
import { answerOf, type TestParts } from './asking';
import { problemFrom, problemWith } from '../problems';
import { preparedWav } from '../wavFile';
import { httpTranscribers, KEY, SAMPLE_COUNT, sampleAt } from './httpTranscribers';

describe('HttpTranscriber', () => {
  const { current, folder, audio, request, transcriber, ask } = httpTranscribers();
  let server: ScriptedServer;
  let parts: TestParts;
  beforeEach(() => {
    ({ server, parts } = current());
  });

  describe('tells what went wrong', () => {
    const cases: readonly (readonly [name: string, answer: ScriptedAnswer, code: ProblemCode, said?: string])[] = [
      ['400', error(400, { message: 'invalid file' }), 'requestRefused', 'invalid file'],
      ['400 as a string', stringError(400, 'failed to read audio'), 'fileRefused', 'failed to read audio'],
      ['401', error(401, { code: 'invalid_api_key' }), 'keyRejected'],
      ['403', error(403, { message: 'not for you' }), 'forbidden', 'not for you'],
      ['403 from Cloudflare', cloudflare1010(), 'clientBlocked', 'error code: 1010'],
      ['404', error(404, { message: 'no such model', code: 'model_not_found' }), 'notFound', 'no such model'],
      ['404 as a page', htmlError(404, '404 Not Found'), 'notFound', '404 Not Found'],
      ['413', error(413, { message: 'too large' }), 'tooLarge'],
      ['413 as a page', htmlError(413, '413 Request Entity Too Large'), 'tooLarge'],
      ['422', error(422), 'requestRefused'],
      ['429', rateLimited(), 'rateLimited', 'Please try again in 9m6s'],
      ['498', error(498), 'endpointFailed'],
      ['500', error(500, { message: 'oh' }), 'endpointFailed', 'oh'],
      ['502 as a page', htmlError(502, '502 Bad Gateway'), 'endpointFailed', 'Bad Gateway'],
      ['500 within a detail', { status: 500, body: '{"detail":{"error":"no GPU"}}' }, 'endpointFailed', 'no GPU'],
      ['503 without a body', { status: 503 }, 'endpointFailed'],
      ['504', htmlError(504, '504 Gateway Time-out'), 'endpointFailed'],
      ['200 with a page', { ...htmlError(200, 'Sign in') }, 'proxyAnswered', 'Sign in'],
      ['200 with half an answer', { body: '{"text":" Hello th' }, 'responseUnreadable'],
      ['200 with another answer', { body: '{"object":"list","data":[]}' }, 'responseUnreadable'],
      ['200 with an error', stringError(200, 'model is loading'), 'responseUnreadable', 'model is loading'],
    ];
    for (const [name, answer, code, said] of cases) {
      it(`${name}: ${code}`, async () => {
        server.play(() => answer);
        const problem = await problemWith(code, ask());
        assert.equal('host' in problem ? problem.host : undefined, server.host);
        const reason = 'reason' in problem ? problem.reason : '';
        if (said !== undefined) assert.ok(reason.includes(said), reason);
        assert.ok(!/<[a-z]/i.test(reason), `no markup in: ${reason}`);
        assert.ok(reason.length <= 200);
      });
    }

    // faster-whisper-server's answer for a model that it does not have (2026-11-29).
    const bare = { status: 500, headers: { 'content-type': 'text/plain' }, body: 'Internal Server Error' };

    it('500 without a reason from a server that never answered: the model that was asked, after fewer attempts', async () => {
      server.play(() => bare);
      const problem = await problemWith('endpointFailed', ask({ model: 'whisper-tiny' }));
      assert.equal(problem.model, 'whisper-tiny');
      assert.equal(server.requests.length, 3);
    });

    it('500 without a reason that passes: nothing', async () => {
      server.play([bare, bare, openAiJson(spoken('Here at last.'))]);
      assert.equal((await ask()).text, 'Here at last.');
    });

    it('500 without a reason from a server that has answered for this model: all attempts, for another model fewer', async () => {
      server.play([openAiJson(spoken('Hello there.'))]);
      await ask({ model: 'small' });
      server.play(() => bare);
      assert.equal((await problemWith('endpointFailed', ask({ model: 'small' }))).model, undefined);
      assert.equal(server.requests.length, 1 + 5);
      await problemWith('endpointFailed', ask({ model: 'large' }));
      assert.equal(server.requests.length, 1 + 5 + 3);
    });

    it('401 without a key: keyMissing', async () => {
      server.play([error(401)]);
      await problemWith('keyMissing', ask({}, {}));
    });

    it('403 without a key: keyMissing', async () => {
      server.play([{ status: 403, body: '{"detail":"Not authenticated"}' }]);
      await problemWith('keyMissing', ask({}, {}));
    });

    it('a language that the endpoint does not know: languageUnsupported', async () => {
      server.play([error(400, { code: 'unsupported_language' })]);
      assert.deepEqual(await problemWith('languageUnsupported', ask({ language: 'xx' })), {
        code: 'languageUnsupported',
        host: server.host,
        language: 'xx',
      });
    });

    for (const reset of ['beforeHeaders', 'whileHeaders', 'whileBody'] satisfies ResetPoint[]) {
      it(`a connection reset ${reset}: endpointUnreachable`, async () => {
        server.play(() => ({ ...openAiJson(spoken('Hello there.')), reset }));
        const problem = await problemWith('endpointUnreachable', ask());
        assert.notEqual(problem.reason, '');
      });
    }

    it('a refused connection: endpointUnreachable', async () => {
      await server.close();
      const problem = await problemWith('endpointUnreachable', ask());
      assert.equal(problem.reason, 'ECONNREFUSED');
    });

    it('an answer without an end: responseUnreadable', async () => {
      server.play([{ body: Buffer.alloc(20 * 1024 * 1024, ' ') }]);
      await problemWith('responseUnreadable', ask());
      assert.equal(server.requests.length, 1);
    });

    it('a refusal that comes while the audio is still being sent', async () => {
      const tooLarge = htmlError(413, '413 Request Entity Too Large');
      const proxy = await ScriptedServer.start(() => tooLarge, { ignoresBody: true });
      try {
        const endpoint = { baseUrl: proxy.baseUrl, host: proxy.host, key: KEY };
        const chunk = { startSample: 0, endSample: SAMPLE_COUNT };
        const problem = await problemFrom(ask({ chunk }, endpoint));
        // Whether the refusal or the closed connection is read first is the network's choice.
        assert.ok(['tooLarge', 'endpointUnreachable'].includes(problem.code), problem.code);
      } finally {
        await proxy.close();
      }
    });

    it('audio that is gone: fileUnreadable, not the endpoint’s fault', async () => {
      const gone = { ...audio(), path: path.join(folder(), 'gone.wav') };
      assert.deepEqual(await problemWith('fileUnreadable', ask({ file: gone })), {
        code: 'fileUnreadable',
        file: 'gone.wav',
        reason: 'ENOENT',
      });
    });

    it('audio that became shorter: fileUnreadable', async () => {
      const short = path.join(folder(), 'short.wav');
      await fs.writeFile(short, preparedWav(20_000, sampleAt));
      await problemWith('fileUnreadable', ask({ file: { ...audio(), path: short } }));
    });

    it('an endpoint that cannot be opened: its own error, and nothing to give back', async () => {
      const problem = { code: 'keyMissing', host: 'example.test' } as const;
      const closed = new HttpTranscriber(parts, () => Promise.reject(new MinutesError(problem)), 1);
      assert.deepEqual(await problemFrom(answerOf(closed.transcribe(request(), NEVER))), problem);
    });

    it('the next request after a failure as if nothing had been', async () => {
      const asked = transcriber({ key: KEY });
      const good = openAiJson(spoken('Good.'));
      for (let i = 0; i < 2; i++) {
        server.play(() => ({ ...good, reset: i === 0 ? 'whileBody' : 'beforeHeaders' }));
        await problemWith('endpointUnreachable', answerOf(asked.transcribe(request(), NEVER)));
        server.play([good]);
        assert.equal((await answerOf(asked.transcribe(request(), NEVER))).text, 'Good.');
      }
    });
  });
});
