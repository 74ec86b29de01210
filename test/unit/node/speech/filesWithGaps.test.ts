import assert from 'node:assert/strict';
import type { Gap, Recording } from '../../../../src/core/model';
import { NEVER } from '../../../../src/core/async/never';
import type { RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import { ScriptedServer, type RecordedRequest, type ScriptedAnswer } from '../../../fakes/scriptedServer';
import { error, groqVerboseJson, spoken } from '../../../fakes/speechAnswers';
import { problemWith } from '../problems';
import { remoteAt } from './client';
import { fileTranscriptions, run } from './fileTranscriptions';
import { sentences, sentencesIn } from './markedSentences';

describe('FileTranscription', () => {
  const { folder, transcription, openLog } = fileTranscriptions();

  describe('with chunks that fail', () => {
    let server: ScriptedServer;
    let endpoint: RemoteEndpoint;
    let recording: Recording;
    /** The sentences that the server cannot stand. */
    let bad: ReadonlySet<number>;

    beforeEach(async () => {
      bad = new Set();
      server = await ScriptedServer.start((request) => (sentencesIn(request).some(isBad) ? error(400) : said(request)));
      // One request at a time, so that their order is known.
      endpoint = { ...remoteAt(server), isLoopback: true };
      recording = await sentences(folder(), 7);
    });
    afterEach(() => server.close());

    const isBad = (number: number): boolean => bad.has(number);
    const said = (request: RecordedRequest): ScriptedAnswer =>
      groqVerboseJson(spoken(`Sentence ${sentencesIn(request).join(' and ')}.`));
    const numbersOf = (segments: readonly { readonly text: string }[]): number[] =>
      segments.flatMap(({ text }) => [...text.matchAll(/\d+/g)].map(Number));
    const without = (...missing: readonly number[]): number[] =>
      [0, 1, 2, 3, 4, 5, 6].filter((number) => !missing.includes(number));

    it('leaves a gap where one is refused, and goes on', async () => {
      bad = new Set([0, 2, 3]);
      const log = await openLog();
      const { transcript, chunks, events } = await run(transcription(), recording, endpoint, { log });
      assert.deepEqual(numbersOf(transcript.segments), without(0, 2, 3));
      assert.deepEqual(
        transcript.gaps.map(({ kind, code }) => [kind, code]),
        [...bad].map(() => ['failed', 'requestRefused']),
      );
      // Gaps count as done: the progress reaches the end.
      assert.equal(events.at(-1)?.kind, 'finished');
      const gapsAt = transcript.gaps.map(({ chunk }) => chunk.startSample);
      const asked = chunks.map(({ startSample }) => startSample);
      assert.ok(gapsAt.every((start) => asked.includes(start)));

      // They are in the log that the next process reads.
      const again = await openLog();
      assert.deepEqual((await again.transcript()).gaps, transcript.gaps);
    });

    it('asks again for the gaps alone', async () => {
      bad = new Set([1, 4]);
      const log = await openLog();
      const { transcript } = await run(transcription(), recording, endpoint, { log });
      const before = server.requests.length;
      bad = new Set([4]);
      const gapsLeft = await retried(transcript.gaps);
      assert.equal(server.requests.length, before + 2);
      assert.equal(gapsLeft.length, 1);
      bad = new Set();
      assert.deepEqual(await retried(gapsLeft), []);
      assert.equal(server.requests.length, before + 3);
      const { segments } = await (await openLog()).transcript();
      assert.deepEqual(numbersOf(segments), without());
    });

    async function retried(gaps: readonly Gap[]): Promise<readonly Gap[]> {
      const log = await openLog();
      const kinds = new Set<string>();
      const events = transcription().retryGaps(recording, gaps, endpoint, { job: 'meeting' }, log, NEVER);
      for await (const { kind } of events) kinds.add(kind);
      assert.ok(kinds.has('finished'));
      return (await log.transcript()).gaps;
    }

    it('ends at the third in a row, and asks for all three when it goes on', async () => {
      bad = new Set([2, 3, 4]);
      await problemWith('requestRefused', run(transcription(), recording, endpoint, { log: await openLog() }));
      const log = await openLog();
      const { segments, gaps } = await log.transcript();
      // Those behind were asked for at the same time, and may have been answered.
      const answered = numbersOf(segments);
      const behind = [5, 6].filter((n) => answered.includes(n));
      assert.deepEqual([answered, gaps.length], [[0, 1, ...behind], 3]);
      assert.equal(log.isSettled, false);
      const before = server.requests.length;
      bad = new Set();
      const whole = await run(transcription(), recording, endpoint, { log });
      assert.deepEqual([numbersOf(whole.segments), whole.transcript.gaps], [without(), []]);
      assert.deepEqual(
        server.requests.slice(before).flatMap(sentencesIn),
        [2, 3, 4, 5, 6].filter((n) => !behind.includes(n)),
      );
    });

    it('has failed where all have, though they are fewer than three', async () => {
      recording = await sentences(folder(), 2);
      bad = new Set([0, 1]);
      const log = await openLog();
      await problemWith('requestRefused', run(transcription(), recording, endpoint, { log }));
      assert.equal((await log.transcript()).gaps.length, 2);
    });

    it('ends a dictation at the first', async () => {
      bad = new Set([1]);
      const log = await openLog();
      await problemWith('requestRefused', run(transcription(), recording, endpoint, { log, job: 'dictation' }));
      const { segments, gaps } = await log.transcript();
      assert.deepEqual([numbersOf(segments), gaps], [[0], []]);
    });

    it('ends at the first that has failed for all', async () => {
      server.play((request) => (sentencesIn(request).includes(1) ? error(403) : said(request)));
      const log = await openLog();
      await problemWith('keyMissing', run(transcription(), recording, endpoint, { log }));
      const { segments, gaps } = await log.transcript();
      assert.deepEqual([numbersOf(segments), gaps], [[0], []]);
    });

    it('leaves a gap where an answer cannot be read, and where even the smallest part is too large', async () => {
      server.play((request) => {
        if (sentencesIn(request).includes(1)) return { body: '{"text": "' };
        if (sentencesIn(request).includes(5)) return error(413);
        return said(request);
      });
      const { transcript } = await run(transcription(), recording, endpoint);
      const codes = new Set(transcript.gaps.map(({ code }) => code));
      assert.deepEqual([...codes], ['responseUnreadable', 'tooLarge']);
      assert.ok(!numbersOf(transcript.segments).includes(5) && !numbersOf(transcript.segments).includes(1));
      for (const number of [0, 2, 3, 4, 6]) assert.ok(numbersOf(transcript.segments).includes(number), String(number));
    });
  });
});
