import assert from 'node:assert/strict';
import { NEVER } from '../../../../src/core/async/never';
import type { TranscriptionEvent, TranscriptionWishes } from '../../../../src/core/transcription/fileTranscriber';
import type { Endpoint, RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import { ScriptedServer } from '../../../fakes/scriptedServer';
import { groqVerboseJson, silence, spoken } from '../../../fakes/speechAnswers';
import { problemWith } from '../problems';
import { EMBEDDED, remoteAt } from './client';
import { fileTranscriptions } from './fileTranscriptions';
import { newLog } from '../transcripts/logs';

describe('FileTranscription', () => {
  const { transcription, names } = fileTranscriptions();

  describe('with an address', () => {
    const AUDIO = 'https://example.com/talks/All%20hands.mp3';
    let server: ScriptedServer;
    let endpoint: RemoteEndpoint;

    beforeEach(async () => {
      server = await ScriptedServer.start(() => groqVerboseJson(spoken('Fetched.', 1, 2)));
      endpoint = remoteAt(server);
    });
    afterEach(() => server.close());

    async function fetched(
      url: string,
      to: Endpoint,
      wishes: Partial<TranscriptionWishes> = {},
      log = newLog(),
    ): Promise<TranscriptionEvent[]> {
      const events: TranscriptionEvent[] = [];
      for await (const event of transcription().transcribeUrl(url, to, { job: 'meeting', ...wishes }, log, NEVER))
        events.push(event);
      return events;
    }

    it('sends the address and no audio, in one request', async () => {
      const log = newLog();
      const events = await fetched(` ${AUDIO} `, endpoint, { language: 'en' }, log);
      assert.equal(server.requests.length, 1);
      assert.deepEqual(server.requests[0]?.files, []);
      assert.deepEqual(server.requests[0].fields.at(-1), ['url', AUDIO]);
      assert.deepEqual(
        events.map(({ kind }) => kind),
        ['uncut', 'transcribed', 'finished'],
      );
      assert.deepEqual(events.at(-1), { kind: 'finished', totalS: 2 });
      assert.equal((await log.transcript()).segments[0]?.text, 'Fetched.');
      assert.deepEqual(await names(), []);
    });

    it('translates as well', async () => {
      await fetched(AUDIO, endpoint, { job: 'translation' });
      assert.deepEqual(
        server.requests.map(({ path: address }) => address),
        ['/v1/audio/translations', '/v1/audio/transcriptions'],
      );
      await problemWith(
        'translationUnsupported',
        fetched(AUDIO, endpoint, { job: 'translation', chosenModels: { translation: 'x-turbo' } }),
      );
    });

    it('takes https alone', async () => {
      for (const url of ['http://example.com/a.mp3', 'file:///etc/passwd', 'data:audio/mp3;base64,AA', 'a.mp3', '']) {
        assert.equal((await problemWith('urlInvalid', fetched(url, endpoint))).url, url);
      }
      assert.equal(server.connectionCount, 0);
    });

    it('says where the endpoint fetches nothing', async () => {
      const model = 'gpt-4o-transcribe';
      await problemWith('urlUnsupported', fetched(AUDIO, { ...endpoint, provider: 'openai' }));
      await problemWith('urlUnsupported', fetched(AUDIO, { ...endpoint, provider: 'whisperCpp' }));
      await problemWith('urlUnsupported', fetched(AUDIO, endpoint, { chosenModels: { meeting: model } }));
      assert.deepEqual((await problemWith('urlUnsupported', fetched(AUDIO, EMBEDDED))).host, EMBEDDED);
      assert.equal(server.connectionCount, 0);
    });

    it('names it as people would', async () => {
      server.play(() => silence());
      assert.equal((await problemWith('noSpeech', fetched(AUDIO, endpoint))).file, 'All hands.mp3');
    });
  });
});
