import { assert } from 'chai';
import { NEVER } from '../../../../src/core/async/never';
import { defined } from '../../../../src/core/async/defined';
import type { RequestAudio } from '../../../../src/core/model';
import type { RequestEvent } from '../../../../src/core/transcription/transcriber';
import type { TranscriptionOptions } from '../../../../src/core/transcription/fileTranscriber';
import { readAll, type Reading } from '../expectations';
import { BUSY, FakeTranscriber } from '../fakes';
import { asking } from './recordingAskers';

const URL: RequestAudio = { kind: 'url', url: 'https://example.org/talk.mp3' };

function answersIn({ values, error }: Reading<RequestEvent>): readonly (string | undefined)[] {
  assert.isUndefined(error);
  return values.flatMap((event) => (event.kind === 'answered' ? [event.answer.language] : []));
}

describe('RecordingAsker, of a translation', () => {
  const translate: TranscriptionOptions = { task: 'translate', model: 'large', languageModel: 'turbo' };
  const told = (language: string | undefined): FakeTranscriber =>
    new FakeTranscriber(() => defined({ text: 'Good morning.', language }));

  it('takes no answer’s English for what was spoken, but any other language', async () => {
    for (const [language, expected] of [
      ['en', undefined],
      [undefined, undefined],
      ['fr', 'fr'],
    ]) {
      assert.deepStrictEqual(answersIn(await readAll(asking(told(language), translate).asker.ask(URL, NEVER))), [
        expected,
      ]);
    }
  });

  it('believes the user', async () => {
    const { asker } = asking(told('fr'), { ...translate, language: 'nl' });
    assert.deepStrictEqual(answersIn(await readAll(asker.ask(URL, NEVER))), ['nl']);
  });

  it('leaves a transcription’s language as it is', async () => {
    assert.deepStrictEqual(answersIn(await readAll(asking(told('en')).asker.ask(URL, NEVER))), ['en']);
  });

  describe('asked for the spoken language', () => {
    it('asks a transcription of its own model, without prompt or temperature', async () => {
      const transcriber = told('de');
      const { asker } = asking(transcriber, {
        ...translate,
        temperature: 0.2,
        prompt: { text: 'npm.', terms: ['npm'] },
      });
      assert.strictEqual(await asker.spokenLanguage(URL, NEVER), 'de');
      assert.deepStrictEqual<unknown>(transcriber.requests, [{ audio: URL, task: 'transcribe', model: 'turbo' }]);
    });

    it('is content with no answer where the question fails, or nothing tells', async () => {
      const failing = new FakeTranscriber(() => Promise.reject(BUSY));
      assert.isUndefined(await asking(failing, translate).asker.spokenLanguage(URL, NEVER));
      assert.isUndefined(await asking(told(undefined), translate).asker.spokenLanguage(URL, NEVER));
    });

    it('waits for nothing', async () => {
      const transcriber = told('de');
      transcriber.before.push({ kind: 'waiting', host: 'example.org', untilMs: 5000, cause: 'refused' });
      assert.isUndefined(await asking(transcriber, translate).asker.spokenLanguage(URL, NEVER));
      assert.strictEqual(transcriber.inFlight, 0);
    });

    it('passes on a fault in the program', async () => {
      const fault = new TypeError('x is not a function');
      const { asker } = asking(new FakeTranscriber(() => Promise.reject(fault)), translate);
      assert.strictEqual(await asker.spokenLanguage(URL, NEVER).catch((error: unknown) => error), fault);
    });

    it('throws the signal’s reason when aborted, however the question fails then', async () => {
      const controller = new AbortController();
      const transcriber = new FakeTranscriber(() => {
        controller.abort();
        return Promise.reject(BUSY);
      });
      const { asker } = asking(transcriber, translate);
      const thrown = await asker.spokenLanguage(URL, controller.signal).catch((error: unknown) => error);
      assert.strictEqual(thrown, controller.signal.reason);
    });
  });
});
