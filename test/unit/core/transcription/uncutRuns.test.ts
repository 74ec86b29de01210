import { assert } from 'chai';
import { NEVER } from '../../../../src/core/async/never';
import { problemOf } from '../../../../src/core/errors';
import type { FileAudio } from '../../../../src/core/model';
import { transcribeUncut } from '../../../../src/core/transcription/pipeline';
import { readAll } from '../expectations';
import {
  BUSY,
  FakeLog,
  FakePreparer,
  FakeSampleReader,
  FakeTranscriber,
  TOO_LARGE,
  turn,
  untilAborted,
  type FakeAnswer,
  optionsOf,
  unwritableLog,
} from '../fakes';
import { logged, run, SAMPLES, start, textsIn } from './runs';

const FILE: FileAudio = {
  path: 'talk.mp3',
  sizeBytes: 1000,
  mediaType: { ending: 'mp3', contentType: 'audio/mpeg' },
};
const HEARD = {
  text: 'One. Two.',
  language: 'en',
  segments: [
    { startS: 0.5, endS: 1, text: 'One.' },
    { startS: 2, endS: 3.5, text: 'Two.' },
  ],
};

describe('transcribe, of a file that nothing here can read', () => {
  const preparer = new FakePreparer(FILE);

  it('sends it as it lies on disk, in one request', async () => {
    const transcriber = new FakeTranscriber(() => ({ ...HEARD, durationS: 4 }));
    const kept = new FakeLog();
    const { values, error, log } = await run({ preparer, transcriber, log: kept.log }, { model: 'large' });
    assert.isUndefined(error);
    assert.deepStrictEqual<unknown>(transcriber.requests, [
      { audio: { kind: 'file', ...FILE }, task: 'transcribe', model: 'large' },
    ]);
    const chunk = { startSample: 0, endSample: 4 * 16_000 };
    assert.deepStrictEqual<unknown>(values, [
      { kind: 'uncut' },
      { kind: 'transcribed', doneS: 4, totalS: 4, chunk },
      { kind: 'finished', totalS: 4 },
    ]);
    assert.deepStrictEqual<unknown>(log.fold(), {
      segments: HEARD.segments.map((segment, i) => ({
        ...segment,
        id: log.fold().segments[i]?.id,
        track: 0,
        words: [],
      })),
      gaps: [],
      language: 'en',
      writers: [{ model: 'large' }],
    });
    assert.lengthOf(kept.pieces, 1);
  });

  it('does not ask again where the log has the answer', async () => {
    const kept = new FakeLog();
    const transcriber = new FakeTranscriber(() => ({ ...HEARD, durationS: 4 }));
    const first = await run({ preparer, transcriber, log: kept.log });
    const second = await run({ preparer, transcriber, log: kept.log });
    assert.deepStrictEqual(second, first);
    assert.lengthOf(transcriber.requests, 1);
    assert.lengthOf(kept.pieces, 1);
  });

  it('does not take a piece for the whole, which the log has from a run that could cut it', async () => {
    const { log } = new FakeLog([logged({ startSample: 0, endSample: 64_000 }, 'The beginning.')]);
    const transcriber = new FakeTranscriber(() => HEARD);
    const { texts } = await run({ preparer, transcriber, log });
    assert.lengthOf(transcriber.requests, 1);
    assert.deepStrictEqual(texts, ['One.', 'Two.']);
    // But the whole has all pieces in it.
    const cut = new FakeTranscriber();
    assert.deepStrictEqual((await run({ transcriber: cut, log })).texts, ['One.', 'Two.']);
    assert.isEmpty(cut.requests);
  });

  const lengths: readonly (readonly [why: string, answer: FakeAnswer, lengthS: number])[] = [
    ['its last segment', HEARD, 3.5],
    ['its last segment, where it says nothing of use', { ...HEARD, durationS: 0 }, 3.5],
    ['its last word', { text: 'One.', words: [{ startS: 1, endS: 2, text: 'One.' }] }, 2],
    ['nothing: zero says so', { text: 'One.' }, 0],
  ];
  for (const [why, answer, lengthS] of lengths) {
    it(`takes the length from the answer: by ${why}`, async () => {
      const { values, error, log } = await run({ preparer, transcriber: new FakeTranscriber(() => answer) });
      assert.isUndefined(error);
      assert.deepInclude(values.at(-1), { kind: 'finished', totalS: lengthS });
      assert.strictEqual(log.fold().segments.at(-1)?.endS, lengthS);
    });
  }

  it('tells of waits', async () => {
    const transcriber = new FakeTranscriber();
    transcriber.before.push({ kind: 'waiting', host: 'h', untilMs: 1, cause: 'quota' }, { kind: 'asking' });
    const { values } = await run({ preparer, transcriber });
    assert.deepStrictEqual(
      values.map(({ kind }) => kind),
      ['uncut', 'waiting', 'asking', 'transcribed', 'finished'],
    );
  });

  it('says noSpeech where nothing was understood', async () => {
    const { values, error } = await run({ preparer, transcriber: new FakeTranscriber(() => '') });
    assert.deepStrictEqual(problemOf(error), { code: 'noSpeech', file: 'standup.wav' });
    assert.lengthOf(values, 1);
  });

  it('passes on a failure: it cannot be cut here', async () => {
    const transcriber = new FakeTranscriber(() => Promise.reject(TOO_LARGE));
    assert.strictEqual((await run({ preparer, transcriber })).error, TOO_LARGE);
    assert.lengthOf(transcriber.requests, 1);
  });

  it('throws the signal’s reason when aborted', async () => {
    const controller = new AbortController();
    const transcriber = new FakeTranscriber((_n, signal) => untilAborted(signal));
    const reading = readAll(start({ preparer, transcriber }, {}, controller.signal));
    await turn();
    controller.abort();
    assert.strictEqual((await reading).error, controller.signal.reason);
    assert.strictEqual(transcriber.inFlight, 0);
  });

  it('throws the signal’s reason when aborted with the answer there', async () => {
    const controller = new AbortController();
    const transcriber = new FakeTranscriber(() => {
      controller.abort();
      return 'Late.';
    });
    const { error } = await readAll(start({ preparer, transcriber }, {}, controller.signal));
    assert.strictEqual(error, controller.signal.reason);
  });

  it('makes no gap of it where it fails', async () => {
    const { error, log } = await run({ preparer, transcriber: new FakeTranscriber(() => Promise.reject(BUSY)) });
    assert.strictEqual(error, BUSY);
    assert.isEmpty(log.fold().gaps);
  });

  it('keeps an answer that the disk cannot', async () => {
    const { texts } = await run({ preparer, log: unwritableLog() });
    assert.deepStrictEqual(texts, ['Piece 1.']);
  });
});

describe('transcribeUncut, of an address', () => {
  it('asks the endpoint to fetch it, in one request', async () => {
    const url = 'https://example.org/talk.mp3';
    const transcriber = new FakeTranscriber(() => HEARD);
    const { log } = new FakeLog();
    const ports = { transcriber, log, samples: new FakeSampleReader(SAMPLES) };
    const events = transcribeUncut({ kind: 'url', url }, 'talk.mp3', ports, optionsOf({}), NEVER);
    const { error } = await readAll(events);
    assert.isUndefined(error);
    assert.deepStrictEqual<unknown>(transcriber.requests, [
      { audio: { kind: 'url', url }, task: 'transcribe', model: 'default' },
    ]);
    assert.deepStrictEqual(await textsIn(log), ['One.', 'Two.']);
  });
});
