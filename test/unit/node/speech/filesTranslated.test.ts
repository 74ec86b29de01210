import assert from 'node:assert/strict';
import { defined } from '../../../../src/core/async/defined';
import type { Endpoint, RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import { ScriptedServer } from '../../../fakes/scriptedServer';
import { error, groqVerboseJson, spoken } from '../../../fakes/speechAnswers';
import { hollowModel } from '../engine/hollowModel';
import { problemWith } from '../problems';
import { EMBEDDED, remoteAt } from './client';
import { fileTranscriptions, run, type Run } from './fileTranscriptions';
import { sentences } from './markedSentences';

describe('FileTranscription', () => {
  const { folder, transcription, names } = fileTranscriptions();

  describe('that translates', () => {
    let server: ScriptedServer;
    let endpoint: RemoteEndpoint;

    beforeEach(async () => {
      server = await ScriptedServer.start((request) =>
        request.path.endsWith('/translations')
          ? groqVerboseJson({ ...spoken('Said in English.'), language: 'English' })
          : groqVerboseJson({ ...spoken('Auf Deutsch gesagt.'), language: 'German' }),
      );
      endpoint = remoteAt(server);
    });
    afterEach(() => server.close());

    const paths = (): (string | undefined)[] => server.requests.map((request) => request.path.split('/').at(-1));
    const modelOf = (index: number): string | undefined =>
      server.requests[index]?.fields.find(([name]) => name === 'model')?.[1];

    it('is refused beforehand for a model that cannot', async () => {
      const recording = await sentences(folder(), 1);
      const translate = (to: Endpoint, model?: string): Promise<Run> =>
        run(transcription(), recording, to, { job: 'translation', chosenModels: defined({ translation: model }) });
      const turbo = await problemWith('translationUnsupported', translate(endpoint, 'whisper-large-v3-turbo'));
      assert.deepEqual([turbo.model, turbo.instead], ['whisper-large-v3-turbo', 'whisper-large-v3']);
      const own = { ...endpoint.defaultModels, translation: 'gpt-transcribe' };
      const none = await problemWith('translationUnsupported', translate({ ...endpoint, defaultModels: own }));
      assert.deepEqual([none.model, none.instead], ['gpt-transcribe', undefined]);
      const model = await hollowModel(folder(), { canTranslate: false });
      const embedded = transcription({ embeddedModel: () => Promise.resolve({ model }) });
      const here = await problemWith(
        'translationUnsupported',
        run(embedded, recording, EMBEDDED, { job: 'translation' }),
      );
      assert.deepEqual([here.host, here.model, here.instead], [EMBEDDED, 'base', undefined]);
      assert.equal(server.connectionCount, 0);
      assert.deepEqual(await names(), []);
    });

    it('asks once which language is spoken, of the model for it', async () => {
      const recording = await sentences(folder(), 3);
      const options = { job: 'translation', chosenModels: { meeting: 'whisper-large-v3-turbo' } } as const;
      const { chunks, transcript } = await run(transcription(), recording, endpoint, options);
      assert.ok(chunks.length >= 3);
      assert.deepEqual(paths(), [...chunks.map(() => 'translations'), 'transcriptions']);
      assert.deepEqual([modelOf(0), modelOf(chunks.length)], ['whisper-large-v3', 'whisper-large-v3-turbo']);
      assert.equal(transcript.language, 'de');
      assert.ok(transcript.segments.every(({ text }) => text === 'Said in English.'));
    });

    it('does not ask where the language was chosen', async () => {
      const recording = await sentences(folder(), 1);
      const { transcript } = await run(transcription(), recording, endpoint, { job: 'translation', language: 'fr' });
      assert.ok(paths().every((name) => name === 'translations'));
      assert.equal(transcript.language, 'fr');
    });

    it('does without the language where nobody tells it', async () => {
      server.play((request) =>
        request.path.endsWith('/translations') ? groqVerboseJson(spoken('Said in English.')) : error(400),
      );
      const { segments, transcript } = await run(transcription(), await sentences(folder(), 1), endpoint, {
        job: 'translation',
      });
      assert.equal(segments[0]?.text, 'Said in English.');
      assert.equal(transcript.language, undefined);
    });
  });
});
