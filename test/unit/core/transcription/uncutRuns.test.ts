import { assert } from 'chai';
import { NEVER } from '../../../../src/core/async/never';
import { problemOf } from '../../../../src/core/errors';
import type { FileAudio } from '../../../../src/core/model';
import { transcribeUncut } from '../../../../src/core/transcription/pipeline';
import { readAll } from '../expectations';
import {
  FakeJournal,
  FakePreparer,
  FakeSampleReader,
  FakeTranscriber,
  TOO_LARGE,
  turn,
  untilAborted,
  type FakeAnswer,
  optionsOf,
} from '../fakes';
import { journalled, lastTexts, run, SAMPLES, start, transcribedIn, withTranscript } from './runs';

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
    const journal = new FakeJournal();
    const { values, error } = await readAll(start({ preparer, transcriber, journal }, { model: 'large' }));
    assert.isUndefined(error);
    assert.deepStrictEqual<unknown>(transcriber.requests, [
      { audio: { kind: 'file', ...FILE }, task: 'transcribe', model: 'large' },
    ]);
    const transcript = { segments: HEARD.segments, language: 'en', models: ['large'] };
    const chunk = { startSample: 0, endSample: 4 * 16_000 };
    assert.deepStrictEqual<unknown>(values, [
      { kind: 'uncut' },
      { kind: 'transcribed', doneS: 4, totalS: 4, chunk, transcript },
      { kind: 'finished', totalS: 4, transcript },
    ]);
    assert.lengthOf(journal.pieces, 1);
  });

  it('does not ask again where the journal has the answer', async () => {
    const journal = new FakeJournal();
    const transcriber = new FakeTranscriber(() => ({ ...HEARD, durationS: 4 }));
    const first = await run({ preparer, transcriber, journal });
    const second = await run({ preparer, transcriber, journal });
    assert.deepStrictEqual(second, first);
    assert.lengthOf(transcriber.requests, 1);
    assert.lengthOf(journal.pieces, 1);
  });

  it('does not take a piece for the whole, which the journal has from a run that could cut it', async () => {
    const journal = new FakeJournal([journalled({ startSample: 0, endSample: 64_000 }, 'The beginning.')]);
    const transcriber = new FakeTranscriber(() => HEARD);
    const { values } = await run({ preparer, transcriber, journal });
    assert.deepStrictEqual(lastTexts(values), ['One.', 'Two.']);
    // A run that could cut the recording has nothing left to ask for.
    const cut = new FakeTranscriber();
    await run({ transcriber: cut, journal });
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
      const { values, error } = await run({ preparer, transcriber: new FakeTranscriber(() => answer) });
      assert.isUndefined(error);
      assert.deepInclude(values.at(-1), { kind: 'finished', totalS: lengthS });
      const { segments } = transcribedIn(values)[0]?.transcript ?? assert.fail('no piece');
      assert.strictEqual(segments.at(-1)?.endS, lengthS);
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

  it('keeps an answer that the journal cannot', async () => {
    const journal = new FakeJournal([], {}, new Error('full'));
    const { values } = await run({ preparer, journal });
    assert.deepStrictEqual(lastTexts(values), ['Piece 1.']);
  });
});

describe('transcribeUncut, of an address', () => {
  it('asks the endpoint to fetch it, in one request', async () => {
    const url = 'https://example.org/talk.mp3';
    const transcriber = new FakeTranscriber(() => HEARD);
    const { log } = new FakeJournal();
    const ports = { transcriber, log, samples: new FakeSampleReader(SAMPLES) };
    const run = transcribeUncut({ kind: 'url', url }, 'talk.mp3', ports, optionsOf({}), NEVER);
    const events = withTranscript(run, log);
    const { values, error } = await readAll(events);
    assert.isUndefined(error);
    assert.deepStrictEqual<unknown>(transcriber.requests, [
      { audio: { kind: 'url', url }, task: 'transcribe', model: 'default' },
    ]);
    assert.deepStrictEqual(lastTexts(values), ['One.', 'Two.']);
  });
});
