import assert from 'node:assert/strict';
import { NEVER } from '../../../../src/core/async/never';
import { MinutesError, problemOf } from '../../../../src/core/errors';
import type { Answer } from '../../../../src/core/model';
import type { AnswerFormat } from '../../../../src/core/endpoints/dialects';
import { HttpTranscriber } from '../../../../src/node/speech/httpTranscriber';
import { ScriptedServer, type ScriptedAnswer } from '../../../fakes/scriptedServer';
import { error, groqVerboseJson, localAi, openAiJson, spoken, vllm, whisperCpp } from '../../../fakes/speechAnswers';
import { uploadedSamples } from '../../../fakes/uploads';
import { answerOf, type TestParts } from './asking';
import { assertAborts, errorFrom, problemWith } from '../problems';
import { preparedWav } from '../wavFile';
import { httpTranscribers, KEY, MODEL, SAMPLE_COUNT, sampleAt } from './httpTranscribers';

describe('HttpTranscriber', () => {
  const { current, request, transcriber, ask } = httpTranscribers();
  let server: ScriptedServer;
  let parts: TestParts;
  beforeEach(() => {
    ({ server, parts } = current());
  });

  describe('sends', () => {
    beforeEach(() => {
      server.play(() => groqVerboseJson(spoken('Hello there.')));
    });

    it('exactly these fields, and the chunk’s samples as FLAC', async () => {
      await ask({
        language: 'en',
        prompt: { text: 'useEffect, Zoë, "kubectl".', terms: ['useEffect', 'Zoë', '"kubectl"'] },
      });
      const [got] = server.requests;
      assert.ok(got);
      assert.deepEqual([got.method, got.path], ['POST', '/v1/audio/transcriptions']);
      assert.deepEqual(got.fields, [
        ['model', MODEL],
        ['response_format', 'verbose_json'],
        ['timestamp_granularities[]', 'segment'],
        ['timestamp_granularities[]', 'word'],
        ['language', 'en'],
        ['prompt', 'useEffect, Zoë, "kubectl".'],
      ]);
      assert.deepEqual(
        got.files.map(({ field, name, type }) => [field, name, type]),
        [['file', 'audio.flac', 'audio/flac']],
      );
      const expected = preparedWav(32_000, (at) => sampleAt(16_000 + at));
      assert.ok(uploadedSamples(got.files[0]).equals(expected.subarray(44)), 'the chunk alone');
    });

    it('no language and no prompt where none is wished, and the model that is', async () => {
      await ask({ model: 'whisper-large-v3', prompt: { text: '', terms: [] } });
      const names = server.requests[0]?.fields.map(([name]) => name) ?? [];
      assert.ok(!names.includes('language') && !names.includes('prompt'), names.join());
      assert.deepEqual(server.requests[0]?.fields[0], ['model', 'whisper-large-v3']);
    });

    it('the key, the product’s name and the exact length', async () => {
      await ask();
      const [got] = server.requests;
      assert.equal(got?.headers.authorization, `Bearer ${KEY}`);
      assert.equal(got.headers['user-agent'], 'Minutes/1.2.3');
      assert.equal(got.headers['content-length'], String(got.body.length));
      assert.equal(got.headers['transfer-encoding'], undefined);
    });

    it('no authorization without a key', async () => {
      await ask({}, {});
      assert.ok(server.requests[0] && !('authorization' in server.requests[0].headers));
    });

    it('the first, the last and the shortest chunk as they are', async () => {
      const asked = transcriber();
      for (const chunk of [
        { startSample: 0, endSample: 1 },
        { startSample: 0, endSample: 480_000 },
        { startSample: SAMPLE_COUNT - 7, endSample: SAMPLE_COUNT },
      ]) {
        await answerOf(asked.transcribe(request({ chunk }), NEVER));
        const sampleCount = chunk.endSample - chunk.startSample;
        const expected = preparedWav(sampleCount, (at) => sampleAt(chunk.startSample + at));
        const sent = uploadedSamples(server.requests.at(-1)?.files[0]);
        assert.ok(sent.equals(expected.subarray(44)), JSON.stringify(chunk));
      }
    });
  });

  describe('reads', () => {
    for (const [name, answer] of Object.entries({ groqVerboseJson, whisperCpp, vllm, localAi })) {
      it(`${name}, with the model`, async () => {
        server.play([answer({ segments: [{ start: 0.5, end: 1.5, text: 'Hello there.' }] })]);
        const got = await ask();
        assert.deepEqual([got.text, got.model], ['Hello there.', MODEL]);
        assert.deepEqual(
          got.segments.map(({ startS, endS, text }) => [startS, endS, text]),
          [[0.5, 1.5, 'Hello there.']],
        );
      });
    }

    it('an answer without times', async () => {
      server.play([openAiJson(spoken('Hello there.'))]);
      const got = await ask();
      assert.deepEqual([got.text, got.segments, got.words], ['Hello there.', [], []]);
    });

    it('an answer that comes byte by byte, inside of characters too', async () => {
      server.play([{ ...openAiJson(spoken('Zoë 日本 🎙️')), dripMs: 1 }]);
      assert.equal((await ask()).text, 'Zoë 日本 🎙️');
    });

    it('an answer that is late', async () => {
      server.play([{ ...openAiJson(spoken('Late.')), delayMs: 300 }]);
      assert.equal((await ask()).text, 'Late.');
    });
  });

  describe('aborts', () => {
    for (const [name, answer] of Object.entries({
      'while nothing comes': { hang: true },
      'while the answer drips': { ...openAiJson(spoken('Slowly, slowly.')), dripMs: 50 },
      'while the answer is delayed': { ...openAiJson(spoken('Late.')), delayMs: 600_000 },
    } satisfies Record<string, ScriptedAnswer>)) {
      it(`${name}, and closes the connection`, async () => {
        server.play([answer]);
        const stop = new AbortController();
        const running = ask({}, { key: KEY }, stop.signal);
        await server.received(1);
        stop.abort();
        await assertAborts(running);
        await server.requests[0]?.over;
      });
    }

    it('before anything is sent', async () => {
      await assertAborts(ask({}, { key: KEY }, AbortSignal.abort()));
      assert.equal(server.requests.length, 0);
    });
  });

  describe('with a server that is started for it', () => {
    it('asks once more, of the one that was started anew', async () => {
      const dead = await ScriptedServer.start();
      await dead.close();
      server.play([openAiJson(spoken('Good.'))]);
      const servers = [dead, server];
      let opened = 0;
      let released = 0;
      const again = new HttpTranscriber(
        parts,
        () => {
          const { baseUrl, host } = servers[opened++] ?? server;
          const release = (): number => released++;
          return Promise.resolve({
            baseUrl,
            host,
            provider: 'other',
            key: `t-${opened}`,
            release,
          });
        },
        1,
      );
      assert.equal((await answerOf(again.transcribe(request(), NEVER))).text, 'Good.');
      assert.equal(server.requests[0]?.headers.authorization, 'Bearer t-2');
      assert.deepEqual([opened, released], [2, 2]);
      assert.deepEqual(parts.limiter.words, ['release', 'answered']);
    });

    it('tells in the server’s own words why it failed', async () => {
      await server.close();
      const broken = (reason: string): MinutesError => new MinutesError({ code: 'engineFailed', reason });
      const thrown = await errorFrom(ask({}, { broken }));
      assert.deepEqual(problemOf(thrown), { code: 'engineFailed', reason: 'ECONNREFUSED' });
      assert.ok(thrown.cause instanceof Error);
    });
  });

  describe('remembers of a server', () => {
    it('no format where only the prompt was changed', async () => {
      server.play([error(400, { code: 'invalid_prompt' }), openAiJson(spoken('Good.'))]);
      await ask({ prompt: { text: 'one, two.', terms: ['one', 'two'] } });
      assert.equal(server.requests.length, 2);
      // The prompt of this window, and no more.
      assert.deepEqual(await parts.shapes.get(server.baseUrl, MODEL), { prompt: 'half' });
    });
  });

  describe('tries a format', () => {
    const tryFormat = (format: AnswerFormat, isBest = false): Promise<Answer> =>
      transcriber({ key: KEY }).tryFormat(request(), format, isBest, NEVER);

    it('with one request, whatever comes', async () => {
      for (const answer of [error(503), error(429, { headers: { 'retry-after': '1' } }), error(401), { status: 200 }]) {
        server.play([answer]);
        const before = server.requests.length;
        assert.ok(problemOf(await errorFrom(tryFormat('words'))));
        assert.equal(server.requests.length, before + 1);
      }
      server.play([error(400, { message: 'no timestamp_granularities' })]);
      await problemWith('requestRefused', tryFormat('words', true));
      assert.deepEqual(await parts.shapes.get(server.baseUrl, MODEL), {});
    });

    it('and asks for the best from then on', async () => {
      server.play(() => openAiJson(spoken('Good.')));
      await tryFormat('json', true);
      await tryFormat('text');
      await ask();
      assert.deepEqual(
        server.requests.map(({ fields }) => fields.find(([name]) => name === 'response_format')?.[1]),
        ['json', 'text', 'json'],
      );
    });

    it('but sits through no pause', async () => {
      server.play([error(429, { headers: { 'retry-after': '1200' } })]);
      await problemWith('paused', tryFormat('words'));
      await problemWith('paused', tryFormat('json'));
      assert.equal(server.requests.length, 1);
    });
  });
});
