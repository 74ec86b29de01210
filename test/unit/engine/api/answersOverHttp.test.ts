import assert from 'node:assert/strict';
import { WAV } from './engineOnLoopback';
import { FakeRecogniser, HELLO } from './fakeRecogniser';
import { engineRequests, form, refusal } from './engineRequests';

describe('createServer', () => {
  const { serve, request, post } = engineRequests();

  describe('answers', () => {
    it('json: the text', async () => {
      const recogniser = await serve();
      const { status, type, text } = await post(form());
      assert.deepEqual([status, type], [200, 'application/json']);
      const answer = JSON.parse(text) as Record<string, unknown>;
      assert.deepEqual(Object.keys(answer), ['text', 'x_groq']);
      assert.equal(answer['text'], HELLO.text);
      assert.ok(WAV.subarray(44).equals(recogniser.jobs[0]?.pcm ?? Buffer.alloc(0)), 'the samples as they were sent');
    });

    it('text: the text and a line break', async () => {
      await serve();
      const { type, text } = await post(form([['response_format', 'text']]));
      assert.deepEqual([type, text], ['text/plain; charset=utf-8', 'hello there\n']);
    });

    for (const [granularities, keys] of [
      [[], ['segments']],
      [['segment'], ['segments']],
      [['word'], ['words']],
      [
        ['segment', 'word'],
        ['segments', 'words'],
      ],
    ] as const) {
      it(`verbose_json with ${granularities.join(' and ') || 'no granularity'}: ${keys.join(' and ')}`, async () => {
        await serve();
        const fields = granularities.map((one) => ['timestamp_granularities[]', one] as const);
        const { text } = await post(form([['response_format', 'verbose_json'], ...fields]));
        const { x_groq, ...answer } = JSON.parse(text) as Record<string, unknown>;
        assert.ok(x_groq);
        assert.deepEqual(answer, {
          task: 'transcribe',
          language: 'english',
          duration: 1,
          text: HELLO.text,
          ...Object.fromEntries(keys.map((key) => [key, HELLO[key]])),
        });
      });
    }

    it('srt and vtt: cues', async () => {
      await serve();
      const srt = await post(form([['response_format', 'srt']]));
      assert.deepEqual(
        [srt.type, srt.text],
        ['application/x-subrip; charset=utf-8', '1\n00:00:00,100 --> 00:00:00,900\nhello there\n'],
      );
      const vtt = await post(form([['response_format', 'vtt']]));
      assert.deepEqual(
        [vtt.type, vtt.text],
        ['text/vtt; charset=utf-8', 'WEBVTT\n\n00:00:00.100 --> 00:00:00.900\nhello there\n'],
      );
    });

    it('a translation, with the language that was spoken', async () => {
      const recogniser = await serve(
        new FakeRecogniser(() => Promise.resolve({ ...HELLO, language: 'fr' }), ['en', 'fr'], true),
      );
      const body = form([['response_format', 'verbose_json']]);
      const { status, text } = await request('/v1/audio/translations', { method: 'POST', body });
      assert.equal(status, 200);
      const { task, language } = JSON.parse(text) as Record<string, unknown>;
      assert.deepEqual([task, language], ['translate', 'french']);
      assert.equal(recogniser.jobs[0]?.task, 'translate');
    });

    it('a translation that the model cannot make with 400', async () => {
      const recogniser = await serve();
      const answer = await request('/v1/audio/translations', { method: 'POST', body: form() });
      assert.equal(refusal(answer), '400 unsupported_task model');
      assert.match(answer.text, /translat/);
      assert.equal(recogniser.jobs.length, 0);
    });

    it('a request that cannot be answered in the API’s own shape', async () => {
      const recogniser = await serve();
      assert.equal(
        refusal(await post(form([['response_format', 'ass']]))),
        '400 invalid_response_format response_format',
      );
      assert.equal(refusal(await post(form([['model', 'whisper-1']]))), '404 model_not_found model');
      assert.equal(refusal(await post(form([], Buffer.from('ID3')))), '400 unsupported_audio_format file');
      assert.equal(recogniser.jobs.length, 0);
    });

    it('a failure of the recogniser with 500, and the next request as ever', async () => {
      let count = 0;
      await serve(
        new FakeRecogniser(() => (count++ === 0 ? Promise.reject(new Error('broken')) : Promise.resolve(HELLO))),
      );
      assert.equal(refusal(await post(form())), '500 internal_error');
      assert.equal((await post(form())).status, 200);
    });
  });
});
