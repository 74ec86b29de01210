import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { Chunk, Recording } from '../../../../src/core/model';
import { parseEndpoint, type RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import { openRecording } from '../../../../src/node/audio/openRecording';
import { ScriptedServer, type RecordedRequest, type ScriptedAnswer } from '../../../fakes/scriptedServer';
import { error, groqVerboseJson, silence, spoken } from '../../../fakes/speechAnswers';
import { uploadedSamples } from '../../../fakes/uploads';
import { skipWithReason } from '../../../speech';
import { assertAborts, problemWith } from '../problems';
import { silentSamples, speechSamples } from '../speechSamples';
import { newLog } from '../transcripts/logs';
import { tone, wavFile, wavOf } from '../wavFile';
import { remoteAt } from './client';
import { assertRising, fileTranscriptions, PREPARED, run } from './fileTranscriptions';

describe('FileTranscription', () => {
  const { folder, storage, transcription, openLog, names } = fileTranscriptions();

  describe('with an endpoint', () => {
    let server: ScriptedServer;
    let endpoint: RemoteEndpoint;
    let recording: Recording;

    beforeEach(async () => {
      server = await ScriptedServer.start(() => groqVerboseJson(spoken('Something was said.')));
      endpoint = remoteAt(server);
      recording = await threeSentences(path.join(folder(), 'meeting.wav'));
    });
    afterEach(() => server.close());

    /** The same speech three times with five seconds of silence between: no request reaches across those. */
    async function threeSentences(file: string): Promise<Recording> {
      const [speech, pause] = [await speechSamples(), silentSamples(5)];
      await fs.writeFile(file, wavOf(Buffer.concat([speech, pause, speech, pause, speech]), PREPARED));
      return openRecording(file);
    }

    /** Which piece of the recording a request held. */
    async function pieceOf(request: RecordedRequest | undefined): Promise<Chunk> {
      const whole = (await fs.readFile(recording.path)).subarray(44);
      const samples = uploadedSamples(request?.files[0]);
      assert.ok(samples.length > 0);
      for (let at = whole.indexOf(samples); at >= 0; at = whole.indexOf(samples, at + 1)) {
        if (at % 2 === 0) return { startSample: at / 2, endSample: (at + samples.length) / 2 };
      }
      throw new assert.AssertionError({ message: 'the request holds no piece of the recording' });
    }

    it('asks once for every piece and joins the answers at their times', async () => {
      server.play((_, index) => groqVerboseJson(spoken(`Sentence ${index + 1}.`, 0.5, 2)));
      const { chunks, segments, events } = await run(transcription(), recording, endpoint);
      assert.ok(chunks.length >= 3);
      assert.equal(server.requests.length, chunks.length);
      assert.deepEqual(
        segments.map(({ text, startS, endS }) => ({ text, startS, endS })),
        chunks.map(({ startSample }, i) => ({
          text: `Sentence ${i + 1}.`,
          startS: startSample / 16_000 + 0.5,
          endS: startSample / 16_000 + 2,
        })),
      );
      for (const [i, chunk] of chunks.entries()) {
        const { startSample, endSample } = await pieceOf(server.requests[i]);
        assert.equal(endSample - startSample, chunk.endSample - chunk.startSample);
      }
      assertRising(segments, recording.sizeBytes / 32_000);
      const done = events.flatMap((event) => (event.kind === 'transcribed' ? [event.doneS] : []));
      assert.deepEqual(
        done,
        chunks.map(({ endSample }) => endSample / 16_000),
      );
    });

    it('sends the key to the endpoint it belongs to', async () => {
      const asked: string[] = [];
      const readKey = (baseUrl: string): Promise<string> => {
        asked.push(baseUrl);
        return Promise.resolve('secret-key');
      };
      await run(transcription({ readKey }), recording, endpoint);
      assert.ok(asked.every((baseUrl) => baseUrl === server.baseUrl));
      for (const { headers } of server.requests) {
        assert.equal(headers.authorization, 'Bearer secret-key');
        assert.equal(headers['user-agent'], 'Minutes/1.2.3');
      }
    });

    it('connects to nothing where a key is needed and there is none', async () => {
      const groq = parseEndpoint('groq');
      assert.ok(groq.kind === 'remote' && groq.requiresKey);
      const problem = await problemWith('keyMissing', run(transcription(), recording, groq));
      assert.equal(problem.host, groq.host);
      // The same with an address whose connections can be counted.
      await problemWith('keyMissing', run(transcription(), recording, { ...endpoint, requiresKey: true }));
      assert.equal(server.connectionCount, 0);
    });

    it('continues after a failure with the pieces that are missing, and with nothing else', async () => {
      const good: ScriptedAnswer = groqVerboseJson(spoken('Kept.'));
      server.play([good, error(401)]);
      const withKey = transcription({ readKey: () => Promise.resolve('a-key-that-is-refused') });
      await problemWith('keyRejected', run(withKey, recording, endpoint, { log: await openLog() }));
      const failedWith = server.requests.length;
      assert.equal(failedWith, 2);
      assert.deepEqual(await names('prepared'), []);

      // Another process, as after a restart.
      server.play(() => groqVerboseJson(spoken('New.')));
      const { chunks, segments } = await run(transcription(), recording, endpoint, { log: await openLog() });
      assert.equal(server.requests.length - failedWith, chunks.length - 1);
      assert.deepEqual(
        segments.map(({ text }) => text),
        ['Kept.', ...chunks.slice(1).map(() => 'New.')],
      );
      // The piece that failed is asked for first, with the same samples.
      assert.ok(server.requests[2]?.files[0]?.bytes.equals(server.requests[1]?.files[0]?.bytes ?? Buffer.alloc(0)));

      // A finished run is kept until its text is safe.
      server.play(() => error(400));
      assert.deepEqual((await run(transcription(), recording, endpoint, { log: await openLog() })).segments, segments);
      await problemWith('requestRefused', run(transcription(), recording, endpoint));
    });

    it('writes Chinese in one script, whatever the endpoint mixes', async () => {
      const told = ['我们來開会。', '這個項目的頭髮。', 'GitHub 的设置。'];
      server.play((_, index) => groqVerboseJson({ ...spoken(told[index % told.length] ?? ''), language: 'Chinese' }));
      const { segments } = await run(transcription(), recording, endpoint);
      assert.deepEqual(
        segments.map(({ text }) => text),
        ['我们来开会。', '这个项目的头发。', 'GitHub 的设置。'],
      );
      const chosen = await run(transcription(), recording, endpoint, { chineseScript: 'traditional' });
      assert.deepEqual(
        chosen.segments.map(({ text }) => text),
        ['我們來開會。', '這個項目的頭髮。', 'GitHub 的設置。'],
      );
    });

    it('continues after an abort', async () => {
      server.play([groqVerboseJson(spoken('Kept.')), { hang: true }]);
      const stop = new AbortController();
      const running = run(transcription(), recording, endpoint, { log: await openLog() }, stop.signal);
      const aborted = assertAborts(running);
      await server.received(2);
      stop.abort();
      await aborted;
      assert.deepEqual(await names('prepared'), []);
      server.play(() => groqVerboseJson(spoken('New.')));
      const { chunks } = await run(transcription(), recording, endpoint, { log: await openLog() });
      assert.equal(server.requests.length, 2 + chunks.length - 1);
    });

    it('goes on with what another model at another host began', async () => {
      server.play([groqVerboseJson(spoken('Kept.')), error(403)]);
      const log = await openLog();
      await problemWith('keyMissing', run(transcription(), recording, endpoint, { log, language: 'de' }));
      server.play(() => groqVerboseJson(spoken('New.')));
      const to = { ...endpoint, host: 'example.org' };
      const wishes = { log: await openLog(), language: 'en', chosenModels: { meeting: 'other' } };
      const { chunks, transcript } = await run(transcription(), recording, to, wishes);
      assert.equal(server.requests.length, 2 + chunks.length - 1);
      assert.deepEqual(transcript.writers, [
        { host: endpoint.host, model: endpoint.defaultModels.meeting },
        { host: 'example.org', model: 'other' },
      ]);
    });

    it('says that nobody spoke where every piece is silent', async () => {
      server.play(() => silence());
      await problemWith('noSpeech', run(transcription(), recording, endpoint));
    });

    it('removes its files when the reader leaves', async () => {
      const file = path.join(folder(), 'speech-at-8000-hz.wav');
      await fs.writeFile(file, wavOf(await speechSamples(), { ...PREPARED, rateHz: 8000 }));
      const resampled = await openRecording(file);
      const events = transcription().transcribeFile(resampled, endpoint, { job: 'meeting' }, newLog(), NEVER);
      for await (const event of events) {
        if (event.kind !== 'prepared') continue;
        assert.equal((await names('prepared')).length, 1, 'there is something to be removed');
        break;
      }
      assert.deepEqual(await names('prepared'), []);
    });

    it('transcribes two files at once', async () => {
      const one = transcription();
      const other = await threeSentences(path.join(folder(), 'other.wav'));
      const runs = await Promise.all([run(one, recording, endpoint), run(one, other, endpoint)]);
      assert.deepEqual(runs[0].segments, runs[1].segments);
    });

    it('says that the disk is full', async function () {
      if (process.platform !== 'linux') skipWithReason(this, 'only Linux has /dev/full');
      const file = path.join(folder(), 'speech-at-8000-hz.wav');
      const spec = { format: 'int16', rateHz: 8000, channelCount: 1, sampleCount: 80_000 } as const;
      await fs.writeFile(file, wavFile({ ...spec, sample: tone(440, 8000) }));
      const one = transcription();
      // Folders are numbered; the first run also removes what others left.
      await problemWith('noSpeech', run(one, await quiet(), endpoint));
      const next = path.join(storage(), 'prepared', `${process.pid}-1`);
      await fs.mkdir(next, { recursive: true });
      await fs.symlink('/dev/full', path.join(next, 'prepared.pcm'));
      const problem = await problemWith('diskFull', run(one, await openRecording(file), endpoint));
      assert.equal(problem.path, storage());
      assert.deepEqual(await names('prepared'), []);
      assert.equal(server.requests.length, 0);
    });

    async function quiet(): Promise<Recording> {
      const file = path.join(folder(), 'quiet.wav');
      await fs.writeFile(file, wavOf(silentSamples(2), PREPARED));
      return openRecording(file);
    }
  });
});
