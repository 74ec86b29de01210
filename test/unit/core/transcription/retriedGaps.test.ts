import { assert } from 'chai';
import { NEVER } from '../../../../src/core/async/never';
import { MinutesError, problemOf } from '../../../../src/core/errors';
import type { Chunk, FileAudio, Gap } from '../../../../src/core/model';
import type { TranscriptionEvent } from '../../../../src/core/transcription/fileTranscriber';
import { retryGaps, type PipelinePorts } from '../../../../src/core/transcription/pipeline';
import { readAll, type Reading } from '../expectations';
import {
  BUSY,
  chunksAsked,
  FakeLog,
  FakePreparer,
  FakeSampleReader,
  FakeTranscriber,
  optionsOf,
  SPENT,
  TOO_LARGE,
} from '../fakes';
import { logged, plannedChunks, preparedAudio, RECORDING, SAMPLES, textsIn, TOTAL_S } from './runs';

/** A log in which the first and the last piece failed. */
function withFailures(chunks: readonly Chunk[]): FakeLog {
  return new FakeLog(
    chunks.flatMap((chunk, i) => [
      { kind: 'planned', track: 0, ...chunk } as const,
      i === 1
        ? logged(chunk, 'Kept two.')
        : ({ kind: 'failed', track: 0, ...chunk, code: 'endpointTimedOut' } as const),
    ]),
  );
}

function retry(
  kept: FakeLog,
  transcriber: FakeTranscriber,
  gaps: readonly Gap[] = kept.log.folded.gaps,
  ports: Partial<PipelinePorts> = {},
): Promise<Reading<TranscriptionEvent>> {
  const all = {
    preparer: new FakePreparer(preparedAudio(SAMPLES)),
    samples: new FakeSampleReader(SAMPLES),
    transcriber,
    log: kept.log,
    ...ports,
  };
  return readAll(retryGaps(RECORDING, gaps, all, optionsOf(), NEVER));
}

describe('retryGaps', () => {
  let chunks: readonly Chunk[] = [];

  before(async () => {
    chunks = await plannedChunks();
  });

  it('asks exactly for the gaps’ chunks, and puts their text into the log', async () => {
    const kept = withFailures(chunks);
    const transcriber = new FakeTranscriber();
    const { values, error } = await retry(kept, transcriber);
    assert.isUndefined(error);
    assert.deepStrictEqual(chunksAsked(transcriber), [chunks[0], chunks[2]]);
    assert.deepStrictEqual(await textsIn(kept.log), ['Piece 1.', 'Kept two.', 'Piece 2.']);
    assert.isEmpty(kept.log.folded.gaps);
    assert.deepStrictEqual(
      values.map(({ kind }) => kind),
      ['prepared', 'transcribed', 'transcribed', 'finished'],
    );
    assert.deepStrictEqual(values.at(-1), { kind: 'finished', totalS: TOTAL_S });
  });

  it('asks for the chosen gap only, and leaves the other', async () => {
    const kept = withFailures(chunks);
    const transcriber = new FakeTranscriber();
    const [, last = assert.fail('no second gap')] = kept.log.folded.gaps;
    await retry(kept, transcriber, [last]);
    assert.deepStrictEqual(chunksAsked(transcriber), chunks.slice(2));
    assert.deepStrictEqual(await textsIn(kept.log), ['Kept two.', 'Piece 1.']);
    assert.deepStrictEqual(
      kept.log.folded.gaps.map(({ chunk }) => chunk),
      chunks.slice(0, 1),
    );
  });

  it('leaves a gap that fails again for a reason of its own, with the new reason, and goes on', async () => {
    const kept = withFailures(chunks);
    const before = kept.log.folded.gaps;
    const { error } = await retry(kept, new FakeTranscriber((n) => (n === 1 ? Promise.reject(BUSY) : 'At last.')));
    assert.isUndefined(error);
    assert.deepStrictEqual(
      kept.log.folded.gaps,
      before.slice(0, 1).map((gap) => ({ ...gap, code: 'endpointFailed' })),
    );
    assert.deepStrictEqual(await textsIn(kept.log), ['Kept two.', 'At last.']);
  });

  it('ends at a failure that all gaps would have, and leaves them', async () => {
    const kept = withFailures(chunks);
    const before = kept.log.folded.gaps;
    const transcriber = new FakeTranscriber(() => Promise.reject(SPENT));
    assert.strictEqual((await retry(kept, transcriber)).error, SPENT);
    assert.lengthOf(transcriber.requests, 1);
    assert.deepStrictEqual(kept.log.folded.gaps, before);
  });

  it('leaves a smaller gap where only a part of a gap that had to be cut is answered', async () => {
    const whole = { startSample: 0, endSample: SAMPLES.length };
    const kept = new FakeLog([{ kind: 'failed', track: 0, ...whole, code: 'endpointFailed' }]);
    const first = new FakeTranscriber((n) =>
      n === 2 ? 'The first half.' : Promise.reject(n === 1 ? TOO_LARGE : BUSY),
    );
    assert.isUndefined((await retry(kept, first)).error);
    const [gap = assert.fail('no gap'), ...others] = kept.log.folded.gaps;
    assert.isEmpty(others);
    assert.isAbove(gap.chunk.startSample, 0);
    assert.strictEqual(gap.chunk.endSample, whole.endSample);
    const second = new FakeTranscriber(() => 'The second half.');
    await retry(kept, second);
    assert.deepStrictEqual(chunksAsked(second), [gap.chunk]);
    assert.deepStrictEqual(await textsIn(kept.log), ['The first half.', 'The second half.']);
  });

  describe('of a stretch that was not understood', () => {
    const withUnheard = (startS: number, endS: number): FakeLog =>
      new FakeLog(
        chunks.map((chunk, i) =>
          i === 1
            ? { ...logged(chunk, ''), segments: [{ startS: 0, endS: 0.4, text: 'Well.' }], unheard: [{ startS, endS }] }
            : logged(chunk, `Kept ${i}.`),
        ),
      );
    const lengthS = (): number => ((chunks[1]?.endSample ?? 0) - (chunks[1]?.startSample ?? 0)) / 16_000;

    it('asks for exactly that stretch, and has its text beside that of its chunk', async () => {
      const kept = withUnheard(0.5, 1.5);
      const before = kept.log.fold().segments.map(({ id }) => id);
      const [gap = assert.fail('no gap')] = kept.log.folded.gaps;
      const transcriber = new FakeTranscriber(() => 'Filled.');
      await retry(kept, transcriber);
      assert.deepStrictEqual(chunksAsked(transcriber), [gap.chunk]);
      assert.deepStrictEqual(await textsIn(kept.log), ['Kept 0.', 'Well.', 'Filled.', 'Kept 2.']);
      const after = kept.log.fold().segments.map(({ id }) => id);
      assert.lengthOf(new Set(after), 4);
      assert.includeMembers(after, before);
      assert.isEmpty(kept.log.folded.gaps);
    });

    for (const [what, startS, endS] of [
      ['a part of a chunk', 0.5, 1.5],
      ['the beginning of a chunk', 0, 1.5],
      ['a whole chunk', 0, 99],
    ] as const) {
      it(`asks again and again, until somebody understands it: ${what}`, async () => {
        const kept = withUnheard(startS, endS);
        const before = kept.log.folded.gaps;
        const stretchS = Math.min(lengthS(), endS) - startS;
        const deaf = new FakeTranscriber(() => ({ text: '', unheard: [{ startS: 0, endS: stretchS }] }));
        for (let i = 1; i <= 2; i++) {
          await retry(kept, deaf);
          assert.lengthOf(deaf.requests, i);
          assert.deepStrictEqual(kept.log.folded.gaps, before);
        }
        await retry(kept, new FakeTranscriber(() => Promise.reject(BUSY)));
        assert.deepStrictEqual(kept.log.folded.gaps, before);
        await retry(kept, new FakeTranscriber(() => 'Filled.'));
        assert.isEmpty(kept.log.folded.gaps);
        assert.include(await textsIn(kept.log), 'Filled.');
        // What a later run does not ask for again.
        assert.isDefined(kept.log.answerFor(0, chunks[1] ?? assert.fail('no second chunk')));
      });
    }
  });

  it('needs ffmpeg: what was never cut has no parts to ask for', async () => {
    const file: FileAudio = { path: 'a.mp3', sizeBytes: 9, mediaType: { ending: 'mp3', contentType: 'audio/mpeg' } };
    const transcriber = new FakeTranscriber();
    const { error } = await retry(withFailures(chunks), transcriber, undefined, { preparer: new FakePreparer(file) });
    assert.strictEqual(problemOf(error)?.code, 'ffmpegMissing');
    assert.isEmpty(transcriber.requests);
  });

  it('passes on what the preparation throws, and says notAudio where nothing comes', async () => {
    const gone = new MinutesError({ code: 'recordingGone', file: 'standup.wav' });
    for (const [failure, code] of [
      [gone, 'recordingGone'],
      [undefined, 'notAudio'],
    ] as const) {
      const preparer = {
        // eslint-disable-next-line require-yield -- a preparer with a fault
        async *prepare(): AsyncGenerator<never> {
          await Promise.resolve();
          if (failure) throw failure;
        },
      };
      const { error } = await retry(withFailures(chunks), new FakeTranscriber(), undefined, { preparer });
      assert.strictEqual(problemOf(error)?.code, code);
    }
  });
});
