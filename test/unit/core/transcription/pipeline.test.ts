import { assert } from 'chai';
import { NEVER } from '../../../../src/core/async/never';
import { planChunks } from '../../../../src/core/audio/planChunks';
import { problemOf } from '../../../../src/core/errors';
import type { Chunk } from '../../../../src/core/model';
import { silence, speech, synthesize } from '../audio/syntheticSpeech';
import { readAll } from '../expectations';
import {
  chunksAsked,
  FakeLog,
  FakePreparer,
  FakeSampleReader,
  FakeTranscriber,
  TOO_LARGE,
  turn,
  untilAborted,
} from '../fakes';
import {
  logged,
  plannedChunks,
  preparedAudio,
  RECORDING,
  run,
  SAMPLES,
  start,
  textsIn,
  TOTAL_S,
  transcribedIn,
} from './runs';

const secondsOf = ({ startSample, endSample }: Chunk): number => (endSample - startSample) / 16_000;

describe('transcribe', () => {
  let chunks: readonly Chunk[] = [];

  before(async () => {
    chunks = await plannedChunks();
  });

  it('tells the stages in order: preparing, prepared, every piece, finished', async () => {
    const preparer = new FakePreparer({ ...preparedAudio(SAMPLES), remarks: [{ kind: 'truncated' }] }, [30, 60]);
    const { values, error } = await run({ preparer });
    assert.isUndefined(error);
    assert.deepStrictEqual(
      values.map(({ kind }) => kind),
      ['preparing', 'preparing', 'prepared', 'planned', 'transcribed', 'transcribed', 'transcribed', 'finished'],
    );
    assert.deepInclude(values[1], { doneS: 60 });
    assert.deepInclude(values[2], { totalS: TOTAL_S, remarks: [{ kind: 'truncated' }] });
    assert.deepStrictEqual(preparer.asked, [RECORDING]);
  });

  it('has every piece in the log before it tells of it, how far it reaches and of how much', async () => {
    const kept = new FakeLog();
    const texts: Promise<string[]>[] = [];
    const { values } = await readAll(start({ log: kept.log }), ({ kind }) => {
      if (kind === 'transcribed') texts.push(textsIn(kept.log));
    });
    assert.deepStrictEqual(await Promise.all(texts), [
      ['Piece 1.'],
      ['Piece 1.', 'Piece 2.'],
      ['Piece 1.', 'Piece 2.', 'Piece 3.'],
    ]);
    const pieces = transcribedIn(values);
    pieces.forEach(({ chunk, doneS, totalS }, i) => {
      assert.deepStrictEqual(chunk, chunks[i]);
      assert.isAbove(doneS, pieces[i - 1]?.doneS ?? 0);
      assert.strictEqual(doneS, chunk.endSample / 16_000);
      assert.strictEqual(totalS, TOTAL_S);
    });
    assert.deepStrictEqual(values.at(-1), { kind: 'finished', totalS: TOTAL_S });
  });

  it('writes down how much there is, and every piece before it is sent', async () => {
    const kept = new FakeLog();
    const known: number[] = [];
    const transcriber = new FakeTranscriber((n) => {
      known.push(kept.entries.filter(({ kind }) => kind === 'planned').length);
      return `Piece ${n}.`;
    });
    await run({ transcriber, log: kept.log });
    assert.deepStrictEqual(known, [3, 3, 3]);
    assert.deepStrictEqual(kept.log.cut(0), chunks);
    assert.deepInclude(kept.log.prepared, { sampleCount: SAMPLES.length, remarks: [] });
  });

  it('sends early where that is wished for this length: the same pieces and text, without a plan', async () => {
    const lengths: number[] = [];
    const sendsEarly = (lengthS: number): boolean => lengths.push(lengthS) > 0;
    const { values, error, texts, log } = await run({}, { sendsEarly });
    assert.isUndefined(error);
    assert.deepStrictEqual(
      values.map(({ kind }) => kind),
      ['prepared', 'transcribed', 'transcribed', 'transcribed', 'finished'],
    );
    assert.deepStrictEqual(lengths, [TOTAL_S]);
    assert.deepStrictEqual(texts, ['Piece 1.', 'Piece 2.', 'Piece 3.']);
    assert.deepStrictEqual(log.cut(0), chunks);
    const again = await run({ log }, { sendsEarly });
    assert.deepStrictEqual([again.error, again.texts], [undefined, texts]);
  });

  it('tells where no words were found, by the recording’s time, from the log as well', async () => {
    const { log } = new FakeLog();
    const transcriber = new FakeTranscriber((n) =>
      n === 2 ? { text: '', unheard: [{ startS: 0.5, endS: 1.5 }] } : `Piece ${n}.`,
    );
    const { startSample } = chunks[1] ?? assert.fail('no second chunk');
    for (let i = 0; i < 2; i++) {
      await run({ transcriber, log });
      assert.deepStrictEqual(
        log.fold().gaps.map((gap) => [gap.kind, gap.startS, gap.endS]),
        [['unheard', (startSample + 8000) / 16_000, (startSample + 24_000) / 16_000]],
      );
    }
    assert.lengthOf(transcriber.requests, 3);
  });

  it('tells what is about to be sent before anything is, and nothing of what the log has', async () => {
    const transcriber = new FakeTranscriber();
    const { log } = new FakeLog();
    for await (const event of start({ transcriber, log })) {
      if (event.kind !== 'planned') continue;
      assert.isEmpty(transcriber.requests);
      assert.deepStrictEqual(event.plan.requestS, chunks.map(secondsOf));
      assert.strictEqual(event.plan.lastStartMs, 3000);
      break;
    }
    await log.append(logged(chunks[0], 'Kept.'));
    const { values } = await run({ log });
    const [plan] = values.flatMap((event) => (event.kind === 'planned' ? [event.plan] : []));
    assert.deepStrictEqual(plan?.requestS, chunks.slice(1).map(secondsOf));
    assert.isFalse(
      (await run({ log })).values.some(({ kind }) => kind === 'planned'),
      'nothing is left to send',
    );
  });

  it('asks for one piece after the other, never for two at once', async () => {
    const transcriber = new FakeTranscriber();
    await run({ transcriber });
    assert.strictEqual(transcriber.mostInFlight, 1);
    assert.deepStrictEqual(chunksAsked(transcriber), chunks);
  });

  it('ends what is under way where its reader leaves early', async () => {
    const transcriber = new FakeTranscriber((n, signal) => (n < 2 ? `Piece ${n}.` : untilAborted(signal)));
    for await (const event of start({ transcriber })) {
      if (event.kind === 'transcribed') break;
    }
    assert.strictEqual(transcriber.inFlight, 0);
    const { length } = transcriber.requests;
    await turn();
    assert.lengthOf(transcriber.requests, length);
    assert.isAtMost(length, 2);
  });

  it('hands on everything that the user chose', async () => {
    const transcriber = new FakeTranscriber();
    const chosen = {
      model: 'large',
      language: 'de',
      temperature: 0.2,
      isUrgent: true,
      prompt: { text: 'npm.', terms: ['npm'] },
    };
    await readAll(start({ transcriber }, chosen));
    const audio = preparedAudio(SAMPLES);
    assert.deepStrictEqual<unknown>(
      transcriber.requests,
      chunks.map((chunk) => ({ ...chosen, task: 'transcribe', audio: { kind: 'chunk', audio, chunk } })),
    );
    const unasked = new FakeTranscriber();
    await run({ transcriber: unasked });
    assert.hasAllKeys(unasked.requests[0], ['audio', 'task', 'model']);
  });

  it('tells of waits as they come, before the piece that waited', async () => {
    const transcriber = new FakeTranscriber();
    const wait = { kind: 'waiting', host: 'example.org', untilMs: 5000, cause: 'refused' } as const;
    transcriber.before.push(wait, { kind: 'asking' });
    const { values } = await run({ transcriber });
    assert.deepStrictEqual(values[2], wait);
    assert.deepStrictEqual(
      values.map(({ kind }) => kind),
      ['prepared', 'planned', ...[1, 2, 3].flatMap(() => ['waiting', 'asking', 'transcribed']), 'finished'],
    );
  });

  it('has the parts of a piece that had to be cut', async () => {
    const wide = synthesize(speech(2), silence(5), speech(9), silence(5), speech(2), silence(1)).samples;
    const read = new FakeSampleReader(wide).read(preparedAudio(wide), NEVER);
    const [, long = assert.fail('there is no long chunk')] = (await readAll(planChunks(read))).values;
    const cutting = new FakeTranscriber((n, _signal, { audio }) =>
      audio.kind === 'chunk' && audio.chunk.endSample === long.endSample && audio.chunk.startSample === long.startSample
        ? Promise.reject(TOO_LARGE)
        : `Piece ${n}.`,
    );
    const parts = {
      transcriber: cutting,
      preparer: new FakePreparer(preparedAudio(wide)),
      samples: new FakeSampleReader(wide),
    };
    const { values, error, texts, log } = await run(parts);
    assert.isUndefined(error);
    assert.deepStrictEqual(texts, ['Piece 1.', 'Piece 3.', 'Piece 4.', 'Piece 5.']);
    assert.deepStrictEqual(transcribedIn(values)[1]?.chunk, long);
    const { answers } = log.folded;
    assert.strictEqual(answers[1]?.endSample, answers[2]?.startSample);
    assert.strictEqual(answers[2]?.endSample, long.endSample);
  });

  it('says noSpeech of silence, and asks nothing', async () => {
    const quiet = new Int16Array(5 * 16_000);
    const transcriber = new FakeTranscriber();
    const { values, error } = await run({
      transcriber,
      preparer: new FakePreparer(preparedAudio(quiet)),
      samples: new FakeSampleReader(quiet),
    });
    assert.deepStrictEqual(problemOf(error), { code: 'noSpeech', file: 'standup.wav' });
    assert.isEmpty(transcriber.requests);
    assert.deepStrictEqual(
      values.map(({ kind }) => kind),
      ['prepared'],
    );
  });

  it('says noSpeech where the endpoint understood nothing in any piece', async () => {
    const { error } = await run({ transcriber: new FakeTranscriber(() => '') });
    assert.strictEqual(problemOf(error)?.code, 'noSpeech');
  });

  it('says notAudio where the preparer ends without audio', async () => {
    const preparer = {
      // eslint-disable-next-line require-yield -- a preparer with a fault
      async *prepare(): AsyncGenerator<never> {
        await Promise.resolve();
      },
    };
    const { error } = await run({ preparer });
    assert.strictEqual(problemOf(error)?.code, 'notAudio');
  });
});
