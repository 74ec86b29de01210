import { assert } from 'chai';
import fc from 'fast-check';
import { NEVER } from '../../../../src/core/async/never';
import { planChunks } from '../../../../src/core/audio/planChunks';
import { MinutesError, problemOf } from '../../../../src/core/errors';
import type { Chunk, ChunkTranscription, FileAudio, PreparedAudio, Recording } from '../../../../src/core/model';
import { transcribe, transcribeUncut, type PipelinePorts } from '../../../../src/core/transcription/pipeline';
import type { ChunkJournal } from '../../../../src/core/transcription/answerJournal';
import type { TranscriptionEvent, TranscriptionOptions } from '../../../../src/core/transcription/fileTranscriber';
import { silence, speech, synthesize } from '../audio/syntheticSpeech';
import { readAll } from '../expectations';
import {
  BUSY,
  chunksAsked,
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
import { SEED } from '../random';

const RECORDING: Recording = { name: 'standup.wav', path: 'standup.wav', sizeBytes: 1000, modifiedMs: 0 };
/** Three stretches of speech with long silences between: three pieces. */
const { samples: SAMPLES } = synthesize(speech(2), silence(5), speech(2), silence(5), speech(2), silence(1));
const TOTAL_S = 17;

describe('transcribe', () => {
  let chunks: readonly Chunk[] = [];

  before(async () => {
    const read = new FakeSampleReader(SAMPLES).read(preparedAudio(SAMPLES), NEVER);
    chunks = (await readAll(planChunks(read, SAMPLES.length))).values;
    assert.lengthOf(chunks, 3);
  });

  it('tells the stages in order: preparing, prepared, every piece, finished', async () => {
    const preparer = new FakePreparer({ ...preparedAudio(SAMPLES), isTruncated: true }, [30, 60]);
    const { values, error } = await run({ preparer });
    assert.isUndefined(error);
    assert.deepStrictEqual(
      values.map(({ kind }) => kind),
      ['preparing', 'preparing', 'prepared', 'transcribed', 'transcribed', 'transcribed', 'finished'],
    );
    assert.deepInclude(values[1], { doneS: 60 });
    assert.deepInclude(values[2], { totalS: TOTAL_S, isTruncated: true });
    assert.deepStrictEqual(preparer.asked, [RECORDING]);
  });

  it('carries with every piece the transcript so far, how far it reaches and of how much', async () => {
    const pieces = transcribedIn((await run({})).values);
    assert.deepStrictEqual(
      pieces.map(({ transcript }) => transcript.segments.map(({ text }) => text)),
      [['Piece 1.'], ['Piece 1.', 'Piece 2.'], ['Piece 1.', 'Piece 2.', 'Piece 3.']],
    );
    pieces.forEach(({ chunk, doneS, totalS }, i) => {
      assert.deepStrictEqual(chunk, chunks[i]);
      assert.isAbove(doneS, pieces[i - 1]?.doneS ?? 0);
      assert.strictEqual(doneS, chunk.endSample / 16_000);
      assert.strictEqual(totalS, TOTAL_S);
    });
  });

  it('finishes with the whole transcript', async () => {
    const { values } = await run({});
    const last = values.at(-1);
    if (last?.kind !== 'finished') assert.fail(last?.kind);
    assert.strictEqual(last.totalS, TOTAL_S);
    assert.deepStrictEqual(last.transcript, transcribedIn(values).at(-1)?.transcript);
  });

  it('tells where no words were found, by the recording’s time, from the journal as well', async () => {
    const journal = new FakeJournal();
    const transcriber = new FakeTranscriber((n) =>
      n === 2 ? { text: '', unheard: [{ startS: 0.5, endS: 1.5 }] } : `Piece ${n}.`,
    );
    const startS = (chunks[1]?.startSample ?? 0) / 16_000;
    for (let i = 0; i < 2; i++) {
      const last = (await run({ transcriber, journal })).values.at(-1);
      if (last?.kind !== 'finished') assert.fail(last?.kind);
      assert.deepStrictEqual(last.transcript.unheard, [{ startS: startS + 0.5, endS: startS + 1.5 }]);
    }
    assert.lengthOf(transcriber.requests, 3);
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

  it('puts every answer into the journal before it tells of it', async () => {
    const journal = new FakeJournal();
    const seen: number[] = [];
    await readAll(start({ journal }), (event) => {
      if (event.kind === 'transcribed') seen.push(journal.pieces.length);
    });
    assert.deepStrictEqual(seen, [1, 2, 3]);
    assert.deepStrictEqual(
      journal.pieces.map(({ text }) => text),
      ['Piece 1.', 'Piece 2.', 'Piece 3.'],
    );
  });

  it('does not ask again for pieces that the journal holds, nor writes them twice', async () => {
    const journal = new FakeJournal([journalled(chunks[0], 'Kept one.'), journalled(chunks[2], 'Kept three.')]);
    const transcriber = new FakeTranscriber();
    const { values } = await run({ journal, transcriber });
    assert.deepStrictEqual(chunksAsked(transcriber), chunks.slice(1, 2));
    assert.deepStrictEqual(lastTexts(values), ['Kept one.', 'Piece 1.', 'Kept three.']);
    assert.lengthOf(journal.pieces, 3);
  });

  it('writes the Chinese of all pieces in one script, and keeps that of an earlier run’s first', async () => {
    const told = ['这个会议', '這個會議', '会议後'];
    const transcriber = new FakeTranscriber((n) => ({ text: told[n - 1] ?? '', language: 'zh' }));
    const journal = new FakeJournal();
    assert.deepStrictEqual(lastTexts((await run({ transcriber, journal })).values), ['这个会议', '这个会议', '会议后']);
    // The journal has what was answered: another choice, and another first piece, decide anew.
    assert.deepStrictEqual(
      journal.pieces.map(({ text }) => text),
      told,
    );
    const again = await readAll(start({ journal }, { chineseScript: 'traditional' }));
    assert.deepStrictEqual(lastTexts(again.values), ['這個會議', '這個會議', '會議後']);

    const kept = new FakeJournal([{ ...journalled(chunks[0], '這個會議'), language: 'zh' }]);
    const simplified = new FakeTranscriber(() => ({ text: '这个会议', language: 'zh' }));
    const resumed = await run({ journal: kept, transcriber: simplified });
    assert.deepStrictEqual(lastTexts(resumed.values), ['這個會議', '這個會議', '這個會議']);
  });

  it('decides by the note’s first piece, also where another is answered first', async () => {
    const transcriber = new FakeTranscriber(async (n) => {
      if (n === 1) await turn();
      return { text: n === 1 ? '這個會議' : '这个会议', language: 'zh' };
    }, 3);
    assert.deepStrictEqual(lastTexts((await run({ transcriber })).values), ['這個會議', '這個會議', '這個會議']);
  });

  it('does not use a journalled piece that was cut otherwise', async () => {
    const { startSample, endSample } = chunks[1] ?? assert.fail('there is no second chunk');
    const others = [
      { startSample, endSample: endSample + 160 },
      { startSample: startSample - 160, endSample },
    ];
    const transcriber = new FakeTranscriber();
    await run({ journal: new FakeJournal(others.map((chunk) => journalled(chunk, 'Old.'))), transcriber });
    assert.lengthOf(transcriber.requests, 3);
  });

  it('keeps the two pieces before one that fails, in the last event and in the journal, and passes the error on', async () => {
    const journal = new FakeJournal();
    const transcriber = new FakeTranscriber((n) => (n === 3 ? Promise.reject(BUSY) : `Piece ${n}.`));
    const { values, error } = await run({ journal, transcriber });
    assert.strictEqual(error, BUSY);
    assert.deepStrictEqual(lastTexts(values), ['Piece 1.', 'Piece 2.']);
    assert.lengthOf(journal.pieces, 2);
  });

  it('asks only for the failed piece when it is run again', async () => {
    const journal = new FakeJournal();
    await run({ journal, transcriber: new FakeTranscriber((n) => (n === 3 ? Promise.reject(BUSY) : `Piece ${n}.`)) });
    const transcriber = new FakeTranscriber(() => 'At last.');
    const { values } = await run({ journal, transcriber });
    assert.lengthOf(transcriber.requests, 1);
    assert.deepStrictEqual(lastTexts(values), ['Piece 1.', 'Piece 2.', 'At last.']);
    assert.strictEqual(values.at(-1)?.kind, 'finished');
  });

  it('throws the signal’s reason and asks nothing when aborted before it began', async () => {
    const transcriber = new FakeTranscriber();
    const controller = new AbortController();
    controller.abort();
    const { error } = await readAll(start({ transcriber }, {}, controller.signal));
    assert.strictEqual(error, controller.signal.reason);
    assert.isEmpty(transcriber.requests);
  });

  it('throws the signal’s reason when aborted during a piece, and asks nothing more', async () => {
    const controller = new AbortController();
    const reason = new Error('the user closed the window');
    const journal = new FakeJournal();
    const transcriber = new FakeTranscriber((n, signal) => {
      if (n < 2) return `Piece ${n}.`;
      const wait = untilAborted(signal);
      controller.abort(reason);
      return wait;
    });
    const { values, error } = await readAll(start({ transcriber, journal }, {}, controller.signal));
    assert.strictEqual(error, reason);
    assert.lengthOf(transcriber.requests, 2);
    assert.deepStrictEqual(lastTexts(values), ['Piece 1.']);
    assert.lengthOf(journal.pieces, 1);
  });

  for (const after of [1, 2, 3]) {
    it(`throws the signal’s reason when aborted after piece ${after}, and asks for no more than the next`, async () => {
      const controller = new AbortController();
      const transcriber = new FakeTranscriber();
      const { values, error } = await readAll(start({ transcriber }, {}, controller.signal), (event) => {
        if (event.kind === 'transcribed' && event.transcript.segments.length === after) controller.abort();
      });
      assert.strictEqual(error, controller.signal.reason);
      assert.isAtMost(transcriber.requests.length, after + 1);
      assert.strictEqual(values.at(-1)?.kind, 'transcribed');
    });
  }

  it('notices an abort even where all pieces come from the journal', async () => {
    const controller = new AbortController();
    const journal = new FakeJournal(chunks.map((chunk) => journalled(chunk, 'Kept.')));
    const { values, error } = await readAll(start({ journal }, {}, controller.signal), ({ kind }) => {
      if (kind === 'transcribed') controller.abort();
    });
    assert.strictEqual(error, controller.signal.reason);
    assert.strictEqual(values.at(-1)?.kind, 'transcribed');
  });

  describe('with several requests at once', () => {
    const orders = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });

    it('asks for as many as are worth it, and for no more', async () => {
      for (const parallel of [1, 2, 3, 8]) {
        const transcriber = new FakeTranscriber(async (n) => {
          await turn();
          return `Piece ${n}.`;
        }, parallel);
        await run({ transcriber });
        assert.strictEqual(transcriber.mostInFlight, Math.min(3, parallel));
      }
    });

    it('gives the same transcript, piece after piece, whoever is answered first', async () => {
      const expected = transcribedIn((await run({})).values);
      await fc.assert(
        fc.asyncProperty(orders, async (order) => {
          const doors = chunks.map(() => new Door());
          const transcriber = new FakeTranscriber(async (n) => {
            await doors[n - 1]?.opened;
            return `Piece ${n}.`;
          }, 3);
          const journal = new FakeJournal();
          const reading = run({ transcriber, journal });
          for (const n of order) {
            await turn();
            doors[n]?.open();
          }
          const { values, error } = await reading;
          assert.isUndefined(error);
          assert.deepStrictEqual(transcribedIn(values), expected);
          assert.deepStrictEqual(
            journal.pieces.map(({ chunk }) => chunks.findIndex(({ startSample }) => startSample === chunk.startSample)),
            order,
          );
        }),
        { seed: SEED },
      );
    });

    it('keeps an answer that overtook a failure in the journal, though not in the transcript', async () => {
      const journal = new FakeJournal();
      const transcriber = new FakeTranscriber(async (n) => {
        if (n !== 2) return `Piece ${n}.`;
        await turn();
        throw BUSY;
      }, 3);
      const { values, error } = await run({ journal, transcriber });
      assert.strictEqual(error, BUSY);
      assert.deepStrictEqual(lastTexts(values), ['Piece 1.']);
      assert.sameMembers(
        journal.pieces.map(({ text }) => text),
        ['Piece 1.', 'Piece 3.'],
      );
    });

    it('ends the others where the line fails', async () => {
      const lost = new MinutesError({ code: 'endpointUnreachable', host: 'example.org', reason: 'ECONNREFUSED' });
      const transcriber = new FakeTranscriber(
        (n, signal) => (n === 3 ? turn().then(() => Promise.reject(lost)) : untilAborted(signal)),
        3,
      );
      assert.strictEqual((await run({ transcriber })).error, lost);
      assert.strictEqual(transcriber.inFlight, 0);
    });

    it('lets the endpoint answer what it works on where it refuses another piece', async () => {
      const transcriber = new FakeTranscriber(
        (n) => (n === 3 ? Promise.reject(BUSY) : turn().then(() => `Piece ${n}.`)),
        3,
      );
      const journal = new FakeJournal();
      const { values, error } = await run({ transcriber, journal });
      assert.strictEqual(error, BUSY);
      assert.deepStrictEqual(lastTexts(values), ['Piece 1.', 'Piece 2.']);
      assert.lengthOf(journal.pieces, 2);
    });
  });

  it('tells of waits as they come, before the piece that waited', async () => {
    const transcriber = new FakeTranscriber();
    const wait = { kind: 'waiting', host: 'example.org', untilMs: 5000, cause: 'refused' } as const;
    transcriber.before.push(wait, { kind: 'asking' });
    const { values } = await run({ transcriber });
    assert.deepStrictEqual(values[1], wait);
    assert.deepStrictEqual(
      values.map(({ kind }) => kind),
      ['prepared', ...[1, 2, 3].flatMap(() => ['waiting', 'asking', 'transcribed']), 'finished'],
    );
  });

  it('counts a piece that had to be cut as its parts', async () => {
    const wide = synthesize(speech(2), silence(5), speech(9), silence(5), speech(2), silence(1)).samples;
    const read = new FakeSampleReader(wide).read(preparedAudio(wide), NEVER);
    const [, long = assert.fail('there is no long chunk')] = (await readAll(planChunks(read, wide.length))).values;
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
    const { values, error } = await run(parts);
    assert.isUndefined(error);
    assert.deepStrictEqual(lastTexts(values), ['Piece 1.', 'Piece 3.', 'Piece 4.', 'Piece 5.']);
    const pieces = transcribedIn(values);
    assert.strictEqual(pieces[1]?.chunk.endSample, pieces[2]?.chunk.startSample);
    assert.strictEqual(pieces[2]?.chunk.endSample, long.endSample);
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
    // Nor the whole for a piece.
    const cut = new FakeTranscriber();
    await run({ transcriber: cut, journal });
    assert.lengthOf(cut.requests, 3);
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
    const journal: ChunkJournal = { load: () => Promise.resolve([]), append: () => Promise.reject(new Error('full')) };
    const { values } = await run({ preparer, journal });
    assert.deepStrictEqual(lastTexts(values), ['Piece 1.']);
  });
});

describe('transcribeUncut, of an address', () => {
  it('asks the endpoint to fetch it, in one request', async () => {
    const url = 'https://example.org/talk.mp3';
    const transcriber = new FakeTranscriber(() => HEARD);
    const ports = { transcriber, journal: new FakeJournal(), samples: new FakeSampleReader(SAMPLES) };
    const events = transcribeUncut({ kind: 'url', url }, 'talk.mp3', ports, optionsOf({}), NEVER);
    const { values, error } = await readAll(events);
    assert.isUndefined(error);
    assert.deepStrictEqual<unknown>(transcriber.requests, [
      { audio: { kind: 'url', url }, task: 'transcribe', model: 'default' },
    ]);
    assert.deepStrictEqual(lastTexts(values), ['One.', 'Two.']);
  });
});

describe('transcribe, of a translation', () => {
  const english = { text: 'Good morning.', language: 'en' };
  const bilingual = (heard: FakeAnswer | Error = { text: 'Guten Morgen.', language: 'de' }): FakeTranscriber =>
    new FakeTranscriber((_n, _signal, { task }) => {
      if (task === 'translate') return english;
      return heard instanceof Error ? Promise.reject(heard) : heard;
    });
  const languageIn = (events: readonly TranscriptionEvent[]): string | undefined => {
    const last = events.at(-1);
    return last?.kind === 'finished' ? last.transcript.language : assert.fail('it did not finish');
  };
  const questions = ({ requests }: FakeTranscriber): number =>
    requests.filter(({ task }) => task === 'transcribe').length;

  it('asks once for the language, when all the text is there and in the journal', async () => {
    const transcriber = bilingual();
    const journal = new FakeJournal();
    const { values } = await readAll(start({ transcriber, journal }, { task: 'translate' }));
    assert.strictEqual(languageIn(values), 'de');
    assert.strictEqual(questions(transcriber), 1);
    assert.strictEqual(transcriber.requests.at(-1)?.task, 'transcribe');
    assert.lengthOf(journal.pieces, 3);
  });

  it('asks it of the first piece with words in it', async () => {
    const transcriber = new FakeTranscriber((n, _signal, { task }) =>
      task === 'transcribe' ? { text: 'Guten Tag.', language: 'de' } : n === 1 ? '' : english,
    );
    await readAll(start({ transcriber }, { task: 'translate' }));
    const { audio } = transcriber.requests.at(-1) ?? assert.fail('no request');
    assert.strictEqual(audio.kind === 'chunk' && audio.chunk, chunksAsked(transcriber)[1]);
  });

  it('asks nothing where the user or an answer told it, and nothing for a transcription', async () => {
    const told = new FakeTranscriber(() => ({ ...english, language: 'fr' }));
    assert.strictEqual(languageIn((await readAll(start({ transcriber: told }, { task: 'translate' }))).values), 'fr');
    const named = bilingual();
    const options = { task: 'translate', language: 'nl' } as const;
    assert.strictEqual(languageIn((await readAll(start({ transcriber: named }, options))).values), 'nl');
    const plain = new FakeTranscriber(() => english);
    assert.strictEqual(languageIn((await run({ transcriber: plain })).values), 'en');
    assert.deepStrictEqual([questions(told), questions(named), questions(plain)], [0, 0, 3]);
  });

  it('is finished though the question fails', async () => {
    const { values, error } = await readAll(start({ transcriber: bilingual(BUSY) }, { task: 'translate' }));
    assert.isUndefined(error);
    assert.isUndefined(languageIn(values));
  });

  it('asks of what cannot be cut as well', async () => {
    const ports = { transcriber: bilingual(), journal: new FakeJournal(), samples: new FakeSampleReader(SAMPLES) };
    const url = { kind: 'url', url: 'https://example.org/talk.mp3' } as const;
    const signal = NEVER;
    const { values } = await readAll(transcribeUncut(url, 'talk.mp3', ports, optionsOf({ task: 'translate' }), signal));
    assert.strictEqual(languageIn(values), 'de');
  });
});

/** A wait that somebody else ends. */
class Door {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

function start(
  ports: Partial<PipelinePorts>,
  options: Partial<TranscriptionOptions> = {},
  signal = NEVER,
): AsyncGenerator<TranscriptionEvent> {
  const all: PipelinePorts = {
    preparer: new FakePreparer(preparedAudio(SAMPLES)),
    samples: new FakeSampleReader(SAMPLES),
    transcriber: new FakeTranscriber(),
    journal: new FakeJournal(),
    ...ports,
  };
  return transcribe(RECORDING, all, optionsOf(options), signal);
}

function run(ports: Partial<PipelinePorts>): ReturnType<typeof readAll<TranscriptionEvent>> {
  return readAll(start(ports));
}

function preparedAudio(samples: Int16Array): PreparedAudio {
  return { path: 'prepared.pcm', dataOffsetBytes: 0, sampleCount: samples.length, isTruncated: false };
}

function journalled(chunk: Chunk | undefined, text: string): ChunkTranscription {
  if (!chunk) assert.fail('there is no such chunk');
  return { chunk, model: 'default', text, segments: [], words: [] };
}

function transcribedIn(events: readonly TranscriptionEvent[]): (TranscriptionEvent & { kind: 'transcribed' })[] {
  return events.filter((event) => event.kind === 'transcribed');
}

function lastTexts(events: readonly TranscriptionEvent[]): string[] | undefined {
  return transcribedIn(events)
    .at(-1)
    ?.transcript.segments.map(({ text }) => text);
}
