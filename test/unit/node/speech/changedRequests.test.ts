import assert from 'node:assert/strict';
import path from 'node:path';
import type { RequestPrompt } from '../../../../src/core/model';
import { LearnedShapes } from '../../../../src/node/speech/learnedShapes';
import type { ScriptedServer } from '../../../fakes/scriptedServer';
import { error, openAiJson, spoken, whisperCpp } from '../../../fakes/speechAnswers';
import { ImpatientClock, TRANSPORTS } from './asking';
import { faultyRequests, GOOD, MODEL, told } from './faultyRequests';

for (const [transportName, makeTransport] of Object.entries(TRANSPORTS)) {
  describe(`Faults through ${transportName}`, () => {
    const { current, storage, ask, askAgain, failureOf, assertWhole } = faultyRequests(makeTransport);
    let server: ScriptedServer;
    beforeEach(() => {
      server = current();
    });

    const fieldOf = (index: number, name: string): string | undefined =>
      server.requests[index]?.fields.find(([field]) => field === name)?.[1];
    const formats = (): unknown[] =>
      server.requests.map(({ fields }) => {
        const [format] = fields.flatMap(([name, value]) => (name === 'response_format' ? [value] : []));
        const granularities = fields.filter(([name]) => name === 'timestamp_granularities[]').map(([, value]) => value);
        return [format, ...granularities].join(' ');
      });

    describe('which ask for another request', () => {
      const prompt = (...terms: string[]): RequestPrompt => ({ text: `${terms.join(', ')}.`, terms });
      const tooLong = error(400, { message: 'prompt exceeds the maximum of 896 characters', code: 'invalid_prompt' });
      const noGranularity = error(400, { message: 'Unknown parameter: timestamp_granularities[]' });
      const noFlac = error(400, { message: 'Invalid file format. Supported formats: wav' });
      const uploads = (): unknown[] => server.requests.map(({ files }) => files[0]?.name);
      const prompts = (): unknown[] => server.requests.map((_, i) => fieldOf(i, 'prompt'));

      it('400 for the prompt: the more important half of it, then none', async () => {
        server.play([tooLong, GOOD]);
        const asked = ask({ changes: { prompt: prompt('one', 'two', 'three', 'four') } });
        assert.equal((await asked.answer).text, 'Hello there.');
        assert.deepEqual(prompts(), ['one, two, three, four.', 'three, four.']);
        assert.equal(asked.parts.log.of('changed').length, 1);
        assert.equal(asked.parts.clock.nowMs(), new ImpatientClock().nowMs(), 'nobody waits for that');

        // What was taken is what the next request begins with: a meeting is not uploaded three times.
        server.play([tooLong, GOOD, GOOD]);
        await askAgain(asked.parts, { prompt: prompt('one', 'two', 'three', 'four') }).answer;
        await askAgain(asked.parts, { prompt: prompt('one', 'two', 'three', 'four') }).answer;
        assert.deepEqual(prompts().slice(2), ['three, four.', undefined, undefined]);
        assertWhole();
      });

      it('400 for the prompt: never the same body again', async () => {
        server.play(() => tooLong);
        // One term has no half: what is left of it is no prompt already.
        assert.equal((await failureOf(ask({ changes: { prompt: prompt('one') } }))).code, 'requestRefused');
        assert.deepEqual(prompts(), ['one.', undefined]);
        assert.equal((await failureOf(ask())).code, 'requestRefused');
        assert.equal(server.requests.length, 3);
        // This model is sent no prompt.
        const changes = { model: 'gpt-4o-transcribe-diarize', prompt: prompt('one', 'two') };
        assert.equal((await failureOf(ask({ changes }))).code, 'requestRefused');
        assert.equal(server.requests.length, 4);
      });

      it('400 for the granularities: segments, then json, and that from then on', async () => {
        server.play((request) => {
          const names = request.fields.map(([, value]) => value);
          return names.includes('word') || names.includes('segment')
            ? noGranularity
            : openAiJson(spoken('Hello there.'));
        });
        const asked = ask();
        assert.equal((await asked.answer).text, 'Hello there.');
        assert.deepEqual(formats(), ['verbose_json segment word', 'verbose_json segment', 'json']);
        assert.equal(asked.parts.log.of('changed').length, 2);
        await askAgain(asked.parts).answer;
        assert.deepEqual(formats().slice(3), ['json']);
        // As in the next window.
        await ask().answer;
        assert.deepEqual(formats().slice(4), ['json']);
        // Other models, and other base addresses, may know more.
        await ask({ changes: { model: 'other' } }).answer;
        assert.deepEqual(formats().slice(5, 6), ['verbose_json segment word']);
        await ask({ server: { baseUrl: `${server.origin}/other/v1` } }).answer;
        assert.equal(formats()[8], 'verbose_json segment word');
        assertWhole();
        const kept = new LearnedShapes(path.join(storage(), 'servers.json'), () => asked.parts.clock.nowMs());
        assert.equal((await kept.get(server.baseUrl, MODEL)).format, 'json');
      });

      it('400 for the granularities whatever they are: requestRefused, nothing remembered', async () => {
        server.play(() => noGranularity);
        const asked = ask();
        assert.equal((await failureOf(asked)).code, 'requestRefused');
        assert.deepEqual(formats(), ['verbose_json segment word', 'verbose_json segment', 'json', 'text']);
        assert.deepEqual(await asked.parts.shapes.get(server.baseUrl, MODEL), {});
      });

      it('503 between two of them: the poorer request is kept', async () => {
        server.play([noGranularity, told(503), GOOD]);
        const asked = ask();
        await asked.answer;
        assert.deepEqual(formats(), ['verbose_json segment word', 'verbose_json segment', 'verbose_json segment']);
        assert.deepEqual(
          asked.parts.log.of('sent').map(({ attempt }) => attempt),
          [1, 1, 2],
        );
      });

      it('404 of whisper.cpp: its one address, and that from then on', async () => {
        server.play(({ path: address }) =>
          address === '/inference'
            ? whisperCpp(spoken('Hello there.'))
            : { status: 404, headers: { 'content-type': 'text/plain' }, body: `File Not Found (${address})` },
        );
        const asked = ask();
        assert.equal((await asked.answer).text, 'Hello there.');
        assert.deepEqual(
          server.requests.map(({ path: address }) => address),
          ['/v1/audio/transcriptions', '/inference'],
        );
        assert.equal(fieldOf(1, 'language'), 'auto');
        await ask().answer;
        assert.equal(server.requests[2]?.path, '/inference');
        assertWhole();
      });

      it('400 for the type of audio: WAV, and that from then on', async () => {
        server.play(({ files }) => (files[0]?.name === 'audio.wav' ? GOOD : noFlac));
        const asked = ask();
        assert.equal((await asked.answer).text, 'Hello there.');
        assert.deepEqual(uploads(), ['audio.flac', 'audio.wav']);
        assert.match(asked.parts.log.of('changed')[0]?.to ?? '', /, as wav$/);
        await askAgain(asked.parts).answer;
        // As in the next window.
        await ask().answer;
        assert.deepEqual(uploads().slice(2), ['audio.wav', 'audio.wav']);
        // Other models, and other base addresses, may read it.
        await ask({ changes: { model: 'other' } }).answer;
        assert.deepEqual(uploads().slice(4), ['audio.flac', 'audio.wav']);
        assert.deepEqual(await asked.parts.shapes.get(server.baseUrl, MODEL), {
          dialect: 'openai',
          format: 'words',
          upload: 'wav',
        });
        assertWhole();
      });

      for (const [status, body] of [
        [200, '{"error":"failed to read WAV file"}'],
        [415, 'Unsupported Media Type'],
        [500, '{"detail":"file does not start with RIFF id"}'],
      ] as const) {
        it(`${status} for the type of audio: WAV at once, no wait`, async () => {
          server.play(({ files }) => (files[0]?.name === 'audio.wav' ? GOOD : { status, body }));
          const asked = ask();
          assert.equal((await asked.answer).text, 'Hello there.');
          assert.deepEqual(uploads(), ['audio.flac', 'audio.wav']);
          assert.equal(asked.parts.clock.nowMs(), new ImpatientClock().nowMs());
        });
      }

      it('400 for the type of audio whatever it is: fileRefused after 2, nothing remembered', async () => {
        server.play(() => noFlac);
        const asked = ask();
        assert.equal((await failureOf(asked)).code, 'fileRefused');
        assert.deepEqual(uploads(), ['audio.flac', 'audio.wav']);
        assert.deepEqual(await asked.parts.shapes.get(server.baseUrl, MODEL), {});
      });

      it('400 for the type of audio and for the granularities: both are remembered', async () => {
        server.play(({ files, fields }) => {
          if (files[0]?.name !== 'audio.wav') return noFlac;
          return fields.some(([, value]) => value === 'word') ? noGranularity : GOOD;
        });
        await ask().answer;
        await ask().answer;
        assert.deepEqual(uploads(), ['audio.flac', 'audio.wav', 'audio.wav', 'audio.wav']);
        assert.deepEqual(formats().slice(2), ['verbose_json segment', 'verbose_json segment']);
      });

      it('a provider that is the embedded engine gets WAV', async () => {
        server.play(() => GOOD);
        await ask({ server: { provider: 'embedded' } }).answer;
        assert.deepEqual(uploads(), ['audio.wav']);
        assertWhole();
      });

      it('404 of whisper.cpp in both places: notFound after 2', async () => {
        server.play(({ path: address }) => ({ status: 404, body: `File Not Found (${address})` }));
        assert.equal((await failureOf(ask())).code, 'notFound');
        assert.equal(server.requests.length, 2);
      });
    });
  });
}
