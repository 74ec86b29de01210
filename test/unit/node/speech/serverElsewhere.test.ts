import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import type { Recording, Segment } from '../../../../src/core/model';
import type { RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import { ScriptedServer, type RecordedRequest, type ScriptedAnswer } from '../../../fakes/scriptedServer';
import { error, groqVerboseJson, spoken } from '../../../fakes/speechAnswers';
import { uploadedSamples } from '../../../fakes/uploads';
import { problemWith } from '../problems';
import { remoteAt } from './client';
import { assertRising, fileTranscriptions, run } from './fileTranscriptions';
import { newLog } from '../transcripts/logs';
import { sentences, sentencesIn } from './markedSentences';

describe('FileTranscription', () => {
  const { folder, transcription, openLog } = fileTranscriptions();

  describe('with a server that is elsewhere', () => {
    let server: ScriptedServer;
    let endpoint: RemoteEndpoint;
    let recording: Recording;

    beforeEach(async () => {
      server = await ScriptedServer.start();
      // The server is here all the same, but is asked as one that is not.
      endpoint = { ...remoteAt(server), isLoopback: false };
      recording = await sentences(folder(), 7);
    });
    afterEach(() => server.close());

    const said = (request: RecordedRequest): ScriptedAnswer =>
      groqVerboseJson(spoken(`Sentence ${sentencesIn(request).join(' and ')}.`));
    const textOf = (segments: readonly Segment[]): number[] =>
      segments.flatMap(({ text }) => [...text.matchAll(/\d+/g)].map(Number));
    const ALL = [0, 1, 2, 3, 4, 5, 6];

    it('asks for one piece, then four at once, and joins them in their order', async () => {
      let [atOnce, most] = [0, 0];
      server.play(async (request, index) => {
        most = Math.max(most, ++atOnce);
        void request.over.then(() => atOnce--);
        // The first goes alone; of the others nobody is answered before four are there, and then the last first.
        if (index > 0) await server.received(5);
        return { ...said(request), delayMs: Math.max(0, 5 - index) * 40 };
      });
      const { segments, chunks, events } = await run(transcription(), recording, endpoint);
      assert.ok(chunks.length >= 7);
      assert.equal(most, 4);
      assert.equal(server.requests.length, chunks.length);
      assert.deepEqual(textOf(segments), ALL);
      assertRising(segments, recording.sizeBytes / 32_000);
      const done = events.flatMap((event) => (event.kind === 'transcribed' ? [event.doneS] : []));
      assert.deepEqual(
        done,
        done.toSorted((a, b) => a - b),
      );
    });

    it('asks a server on this machine for one at a time', async () => {
      let [atOnce, most] = [0, 0];
      server.play((request) => {
        most = Math.max(most, ++atOnce);
        void request.over.then(() => atOnce--);
        return said(request);
      });
      const { segments } = await run(transcription(), recording, { ...endpoint, isLoopback: true });
      assert.equal(most, 1);
      assert.deepEqual(textOf(segments), ALL);
    });

    it('ends the others where one fails for good, and continues with what is missing', async () => {
      server.play(async (request) => {
        if (!sentencesIn(request).includes(3)) return said(request);
        // A sixth request means that two answers were written down.
        await server.received(6);
        return error(403);
      });
      await problemWith('keyMissing', run(transcription(), recording, endpoint, { log: await openLog() }));
      const asked = server.requests.length;
      const log = await openLog();
      const kept = log.folded.answers.length;
      assert.ok(kept >= 2 && kept < asked);

      server.play((request) => said(request));
      const { segments, chunks } = await run(transcription(), recording, endpoint, { log });
      assert.equal(server.requests.length - asked, chunks.length - kept);
      assert.deepEqual(textOf(segments), ALL);
    });

    it('cuts smaller what is too large, loses nothing and repeats nothing', async () => {
      const limitBytes = 130_000;
      const taken: { readonly startByte: number; readonly bytes: Buffer }[] = [];
      const refused: Buffer[] = [];
      const whole = (await fs.readFile(recording.path)).subarray(44);
      server.play((request) => {
        const bytes = uploadedSamples(request.files[0]);
        if (request.body.length > limitBytes) {
          refused.push(bytes);
          return error(413);
        }
        taken.push({ startByte: whole.indexOf(bytes), bytes });
        return said(request);
      });
      const log = newLog();
      const { segments } = await run(transcription(), recording, endpoint, { log });
      const chunks = log.folded.answers;
      assert.ok(refused.length > 0 && taken.length > 7);
      assert.equal(chunks.length, taken.length);
      for (const [i, bytes] of refused.entries()) {
        assert.ok(!refused.slice(0, i).some((other) => other.equals(bytes)), 'no body goes twice');
      }
      const numbers = textOf(segments);
      assert.deepEqual([...new Set(numbers)], ALL);
      // Pieces lie behind each other, and those of one stretch of speech touch.
      for (const [i, { startSample }] of chunks.entries()) {
        const endSample = chunks[i - 1]?.endSample ?? 0;
        assert.ok(startSample >= endSample);
        assert.ok(
          whole.subarray(endSample * 2, startSample * 2).every((byte) => byte === 0),
          'only silence lies between',
        );
      }
      const sizes = taken.reduce((sum, { bytes }) => sum + bytes.length, 0);
      assert.equal(
        sizes,
        chunks.reduce((sum, { startSample, endSample }) => sum + (endSample - startSample) * 2, 0),
      );
    });

    it('says that even the smallest is too large, and does not go on for ever', async () => {
      server.play(() => error(413));
      const problem = await problemWith('tooLarge', run(transcription(), recording, { ...endpoint, isLoopback: true }));
      assert.ok(problem.sizeBytes < 150_000, String(problem.sizeBytes));
      const bodies = server.requests.map(({ files }) => files[0]?.bytes.toString('latin1'));
      assert.equal(new Set(bodies).size, bodies.length, 'no body goes twice');
      assert.ok(bodies.length < 10);
    });
  });
});
