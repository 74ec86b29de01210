import { assert } from 'chai';
import { planChunks } from '../../../src/core/audio/planChunks';
import { problemOf } from '../../../src/core/errors';
import type { Chunk, ChunkTranscription, PreparedAudio, Recording } from '../../../src/core/model';
import { transcribe, type PipelinePorts } from '../../../src/core/pipeline';
import type { TranscriptionEvent } from '../../../src/core/ports';
import { silence, speech, synthesize } from './audio/syntheticSpeech';
import { readAll } from './expectations';
import { BUSY, FakeJournal, FakePreparer, FakeSampleReader, FakeTranscriber, untilAborted } from './fakes';

const RECORDING: Recording = { name: 'standup.wav', path: 'standup.wav', sizeBytes: 1000, modifiedMs: 0 };
/** Three stretches of speech with long silences between: three pieces. */
const { samples: SAMPLES } = synthesize(...[speech(2), silence(5), speech(2), silence(5), speech(2), silence(1)]);
const TOTAL_S = 17;

describe('transcribe', () => {
  let chunks: readonly Chunk[] = [];

  before(async () => {
    const read = new FakeSampleReader(SAMPLES).read(preparedAudio(SAMPLES), new AbortController().signal);
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

  it('asks for one piece after the other, never for two at once', async () => {
    const transcriber = new FakeTranscriber();
    await run({ transcriber });
    assert.strictEqual(transcriber.mostInFlight, 1);
    assert.deepStrictEqual(
      transcriber.requests.map(({ chunk }) => chunk),
      chunks,
    );
  });

  it('asks for the next piece only when its reader comes back for it', async () => {
    const transcriber = new FakeTranscriber();
    for await (const event of start({ transcriber })) {
      if (event.kind === 'transcribed') break;
    }
    assert.lengthOf(transcriber.requests, 1);
  });

  it('hands on audio, model and language', async () => {
    const transcriber = new FakeTranscriber();
    await readAll(start({ transcriber }, { model: 'large', language: 'de' }));
    for (const { audio, model, language } of transcriber.requests) {
      assert.deepStrictEqual(
        { audio, model, language },
        { audio: preparedAudio(SAMPLES), model: 'large', language: 'de' },
      );
    }
    const unasked = new FakeTranscriber();
    await run({ transcriber: unasked });
    assert.hasAllKeys(unasked.requests[0], ['audio', 'chunk']);
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
    assert.deepStrictEqual(
      transcriber.requests.map(({ chunk }) => chunk),
      chunks.slice(1, 2),
    );
    assert.deepStrictEqual(lastTexts(values), ['Kept one.', 'Piece 1.', 'Kept three.']);
    assert.lengthOf(journal.pieces, 3);
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
    it(`throws the signal’s reason when aborted after piece ${after}, and asks nothing more`, async () => {
      const controller = new AbortController();
      const transcriber = new FakeTranscriber();
      const { values, error } = await readAll(start({ transcriber }, {}, controller.signal), (event) => {
        if (event.kind === 'transcribed' && transcriber.requests.length === after) controller.abort();
      });
      assert.strictEqual(error, controller.signal.reason);
      assert.lengthOf(transcriber.requests, after);
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
    assert.lengthOf(transcribedIn(values), 1);
  });

  it('says noSpeech of silence, and asks nothing', async () => {
    const quiet = new Int16Array(5 * 16_000);
    const transcriber = new FakeTranscriber();
    const { values, error } = await run({
      ...{ transcriber, preparer: new FakePreparer(preparedAudio(quiet)), samples: new FakeSampleReader(quiet) },
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

function start(
  ports: Partial<PipelinePorts>,
  options: { model?: string; language?: string } = {},
  signal = new AbortController().signal,
): AsyncGenerator<TranscriptionEvent> {
  const all: PipelinePorts = {
    preparer: new FakePreparer(preparedAudio(SAMPLES)),
    samples: new FakeSampleReader(SAMPLES),
    transcriber: new FakeTranscriber(),
    journal: new FakeJournal(),
    ...ports,
  };
  return transcribe(RECORDING, all, options, signal);
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
