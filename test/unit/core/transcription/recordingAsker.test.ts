import { assert } from 'chai';
import fc from 'fast-check';
import { NEVER } from '../../../../src/core/async/never';
import { defined } from '../../../../src/core/async/defined';
import type { Chunk, ChunkTranscription, PreparedAudio, RequestAudio } from '../../../../src/core/model';
import type { RequestEvent } from '../../../../src/core/transcription/transcriber';
import type { TranscriptionOptions } from '../../../../src/core/transcription/fileTranscriber';
import { RecordingAsker, type ChunkEvent } from '../../../../src/core/transcription/recordingAsker';
import { silence, speech, synthesize } from '../audio/syntheticSpeech';
import { readAll, type Reading } from '../expectations';
import {
  BUSY,
  chunksAsked,
  FakeJournal,
  FakeSampleReader,
  FakeTranscriber,
  TOO_LARGE,
  turn,
  untilAborted,
  optionsOf,
} from '../fakes';
import { SEED } from '../random';

const S = 16_000;
/** Pauses at 10, 20 and 31 s. */
const SAMPLES = synthesize(
  speech(10),
  silence(0.5),
  speech(9.5),
  silence(0.5),
  speech(10.5),
  silence(0.5),
  speech(8.5),
).samples;
const AUDIO: PreparedAudio = { path: 'a.pcm', dataOffsetBytes: 0, sampleCount: SAMPLES.length, isTruncated: false };
const URL: RequestAudio = { kind: 'url', url: 'https://example.org/talk.mp3' };

/** An asker over {@link SAMPLES}, with what it works with. */
function asking(
  transcriber: FakeTranscriber,
  options: Partial<TranscriptionOptions> = {},
  known: readonly ChunkTranscription[] = [],
): { readonly asker: RecordingAsker; readonly journal: FakeJournal } {
  const journal = new FakeJournal();
  const ports = { samples: new FakeSampleReader(SAMPLES), transcriber, journal };
  return { asker: new RecordingAsker(ports, optionsOf(options), known), journal };
}

function chunkOf(startS: number, endS: number): Chunk {
  return { startSample: startS * S, endSample: endS * S };
}

function piecesIn(events: readonly ChunkEvent[]): readonly ChunkTranscription[] {
  return events.flatMap((event) => (event.kind === 'done' ? event.pieces : []));
}

function answersIn({ values, error }: Reading<RequestEvent>): readonly (string | undefined)[] {
  assert.isUndefined(error);
  return values.flatMap((event) => (event.kind === 'answered' ? [event.answer.language] : []));
}

/** Refuses what is longer. */
function upTo(longestS: number): FakeTranscriber {
  return new FakeTranscriber((n, _signal, { audio }) => {
    if (audio.kind !== 'chunk') assert.fail(audio.kind);
    const { startSample, endSample } = audio.chunk;
    return endSample - startSample > longestS * S ? Promise.reject(TOO_LARGE) : `Piece ${n}.`;
  });
}

describe('RecordingAsker.askChunk', () => {
  it('asks for the chunk, writes the answer into the journal and gives it with its place', async () => {
    const transcriber = new FakeTranscriber();
    const { asker, journal } = asking(transcriber);
    const chunk = chunkOf(2, 8);
    const { values, error } = await readAll(asker.askChunk(AUDIO, chunk, NEVER));
    assert.isUndefined(error);
    const piece = { chunk, model: 'default', text: 'Piece 1.', segments: [], words: [] };
    assert.deepStrictEqual<unknown>(values, [{ kind: 'done', pieces: [piece] }]);
    assert.deepStrictEqual<unknown>(journal.pieces, [piece]);
  });

  it('asks for nothing that is known', async () => {
    const chunk = chunkOf(2, 8);
    const known = { chunk, model: 'm', text: 'Known.', segments: [], words: [] };
    const transcriber = new FakeTranscriber();
    const { asker, journal } = asking(transcriber, {}, [known]);
    assert.deepStrictEqual(piecesIn((await readAll(asker.askChunk(AUDIO, { ...chunk }, NEVER))).values), [known]);
    assert.isEmpty(transcriber.requests);
    assert.isEmpty(journal.pieces);
  });

  it('cuts in two what is too large, at a pause, and asks for both parts', async () => {
    const transcriber = upTo(15);
    const { asker, journal } = asking(transcriber);
    const { values, error } = await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    assert.isUndefined(error);
    const [whole, first, second] = chunksAsked(transcriber);
    assert.lengthOf(transcriber.requests, 3);
    assert.deepStrictEqual(whole, chunkOf(0, 25));
    const cut = first?.endSample ?? assert.fail('not cut');
    assert.isTrue(cut > 10 * S && cut < 10.5 * S, String(cut / S));
    assert.deepStrictEqual(
      [first, second],
      [
        { startSample: 0, endSample: cut },
        { startSample: cut, endSample: 25 * S },
      ],
    );
    assert.lengthOf(values, 1);
    assert.deepStrictEqual(
      piecesIn(values).map(({ text, chunk }) => [text, chunk]),
      [
        ['Piece 2.', first],
        ['Piece 3.', second],
      ],
    );
    assert.deepStrictEqual(journal.pieces, [...piecesIn(values)]);
  });

  it('cuts later chunks that long before it asks, and leaves shorter ones whole', async () => {
    const transcriber = upTo(20);
    const { asker } = asking(transcriber);
    await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    const before = transcriber.requests.length;
    await readAll(asker.askChunk(AUDIO, chunkOf(14, 39), NEVER));
    const cut = chunksAsked(transcriber).slice(before);
    assert.lengthOf(cut, 2);
    assert.isTrue(cut.every((chunk) => chunk && chunk.endSample - chunk.startSample <= 20 * S));
    // Nobody refused that length yet.
    await readAll(asker.askChunk(AUDIO, chunkOf(26, 39), NEVER));
    assert.deepStrictEqual(chunksAsked(transcriber).at(-1), chunkOf(26, 39));
  });

  it('knows parts that it asked for in an earlier run', async () => {
    const first = asking(upTo(15));
    await readAll(first.asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    const transcriber = upTo(15);
    const { asker } = asking(transcriber, {}, first.journal.pieces);
    const { values } = await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    assert.deepStrictEqual([...piecesIn(values)], first.journal.pieces);
    assert.isEmpty(transcriber.requests, 'the whole, which would be refused again, is not asked for');
  });

  it('cuts again and again, until the endpoint takes it; all parts in order, none twice', async () => {
    const ranges = fc.tuple(fc.nat({ max: 15 }), fc.integer({ min: 4, max: 24 }), fc.integer({ min: 3, max: 24 }));
    await fc.assert(
      fc.asyncProperty(ranges, async ([startS, lengthS, longestS]) => {
        const transcriber = upTo(longestS);
        const { asker } = asking(transcriber);
        const chunk = chunkOf(startS, startS + lengthS);
        const { values, error } = await readAll(asker.askChunk(AUDIO, chunk, NEVER));
        // Parts of two seconds are cut no further, so that three may be too few.
        if (error !== undefined) {
          assert.strictEqual(error, TOO_LARGE);
          assert.isBelow(longestS, 4);
          return;
        }
        let at = chunk.startSample;
        for (const piece of piecesIn(values)) {
          assert.strictEqual(piece.chunk.startSample, at);
          assert.isAbove(piece.chunk.endSample, at);
          at = piece.chunk.endSample;
        }
        assert.strictEqual(at, chunk.endSample);
        const asked = chunksAsked(transcriber).map((part) => JSON.stringify(part));
        assert.lengthOf(new Set(asked), asked.length, 'the same body never again');
      }),
      { seed: SEED, numRuns: 60 },
    );
  }).timeout(20_000);

  it('passes on the refusal of what is too short to be cut', async () => {
    const transcriber = upTo(0);
    const { asker, journal } = asking(transcriber);
    const { values, error } = await readAll(asker.askChunk(AUDIO, chunkOf(0, 3), NEVER));
    assert.strictEqual(error, TOO_LARGE);
    assert.isEmpty(values);
    assert.isEmpty(journal.pieces);
    assert.lengthOf(transcriber.requests, 1);
  });

  it('cuts after no other failure', async () => {
    const transcriber = new FakeTranscriber(() => Promise.reject(BUSY));
    const { error } = await readAll(asking(transcriber).asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    assert.strictEqual(error, BUSY);
    assert.lengthOf(transcriber.requests, 1);
  });

  it('keeps in the journal the part before one that fails', async () => {
    const transcriber = new FakeTranscriber((n) =>
      n === 2 ? 'First part.' : Promise.reject(n === 1 ? TOO_LARGE : BUSY),
    );
    const { asker, journal } = asking(transcriber);
    const { error } = await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    assert.strictEqual(error, BUSY);
    assert.deepStrictEqual(
      journal.pieces.map(({ text }) => text),
      ['First part.'],
    );
  });

  it('passes on waits, those of parts too', async () => {
    const transcriber = upTo(15);
    transcriber.before.push({ kind: 'waiting', host: 'h', untilMs: 1, cause: 'quota' }, { kind: 'asking' });
    const { values } = await readAll(asking(transcriber).asker.askChunk(AUDIO, chunkOf(0, 25), NEVER));
    assert.deepStrictEqual(
      values.map(({ kind }) => kind),
      [...[1, 2, 3].flatMap(() => ['waiting', 'asking']), 'done'],
    );
  });

  it('keeps an answer that the journal cannot', async () => {
    const ports = {
      samples: new FakeSampleReader(SAMPLES),
      transcriber: new FakeTranscriber(),
      journal: { load: () => Promise.resolve([]), append: () => Promise.reject(new Error('the disk is full')) },
    };
    const { values, error } = await readAll(
      new RecordingAsker(ports, optionsOf(), []).askChunk(AUDIO, chunkOf(0, 5), NEVER),
    );
    assert.isUndefined(error);
    assert.lengthOf(piecesIn(values), 1);
  });

  it('throws the signal’s reason when aborted while it is answered', async () => {
    const controller = new AbortController();
    const transcriber = new FakeTranscriber((_n, signal) => untilAborted(signal));
    const reading = readAll(asking(transcriber).asker.askChunk(AUDIO, chunkOf(0, 5), controller.signal));
    await turn();
    controller.abort();
    assert.strictEqual((await reading).error, controller.signal.reason);
    assert.strictEqual(transcriber.inFlight, 0);
  });

  it('throws the signal’s reason when aborted while it looks where to cut', async () => {
    const controller = new AbortController();
    const transcriber = new FakeTranscriber(() => {
      controller.abort();
      return Promise.reject(TOO_LARGE);
    });
    const reading = readAll(asking(transcriber).asker.askChunk(AUDIO, chunkOf(0, 25), controller.signal));
    assert.strictEqual((await reading).error, controller.signal.reason);
    assert.lengthOf(transcriber.requests, 1);
  });
});

describe('RecordingAsker, of a translation', () => {
  const translate: TranscriptionOptions = { task: 'translate', model: 'large', languageModel: 'turbo' };
  const told = (language: string | undefined): FakeTranscriber =>
    new FakeTranscriber(() => defined({ text: 'Good morning.', language }));

  it('takes no answer’s English for what was spoken, but any other language', async () => {
    for (const [language, expected] of [
      ['en', undefined],
      [undefined, undefined],
      ['fr', 'fr'],
    ]) {
      assert.deepStrictEqual(answersIn(await readAll(asking(told(language), translate).asker.ask(URL, NEVER))), [
        expected,
      ]);
    }
  });

  it('believes the user', async () => {
    const { asker } = asking(told('fr'), { ...translate, language: 'nl' });
    assert.deepStrictEqual(answersIn(await readAll(asker.ask(URL, NEVER))), ['nl']);
  });

  it('leaves a transcription’s language as it is', async () => {
    assert.deepStrictEqual(answersIn(await readAll(asking(told('en')).asker.ask(URL, NEVER))), ['en']);
  });

  describe('asked for the spoken language', () => {
    it('asks a transcription of its own model, without prompt or temperature', async () => {
      const transcriber = told('de');
      const { asker } = asking(transcriber, {
        ...translate,
        temperature: 0.2,
        prompt: { text: 'npm.', terms: ['npm'] },
      });
      assert.strictEqual(await asker.spokenLanguage(URL, NEVER), 'de');
      assert.deepStrictEqual<unknown>(transcriber.requests, [{ audio: URL, task: 'transcribe', model: 'turbo' }]);
    });

    it('is content with no answer where the question fails, or nothing tells', async () => {
      const failing = new FakeTranscriber(() => Promise.reject(BUSY));
      assert.isUndefined(await asking(failing, translate).asker.spokenLanguage(URL, NEVER));
      assert.isUndefined(await asking(told(undefined), translate).asker.spokenLanguage(URL, NEVER));
    });

    it('waits for nothing', async () => {
      const transcriber = told('de');
      transcriber.before.push({ kind: 'waiting', host: 'example.org', untilMs: 5000, cause: 'refused' });
      assert.isUndefined(await asking(transcriber, translate).asker.spokenLanguage(URL, NEVER));
      assert.strictEqual(transcriber.inFlight, 0);
    });

    it('passes on a fault in the program', async () => {
      const fault = new TypeError('x is not a function');
      const { asker } = asking(new FakeTranscriber(() => Promise.reject(fault)), translate);
      assert.strictEqual(await asker.spokenLanguage(URL, NEVER).catch((error: unknown) => error), fault);
    });

    it('throws the signal’s reason when aborted, however the question fails then', async () => {
      const controller = new AbortController();
      const transcriber = new FakeTranscriber(() => {
        controller.abort();
        return Promise.reject(BUSY);
      });
      const { asker } = asking(transcriber, translate);
      const thrown = await asker.spokenLanguage(URL, controller.signal).catch((error: unknown) => error);
      assert.strictEqual(thrown, controller.signal.reason);
    });
  });
});
