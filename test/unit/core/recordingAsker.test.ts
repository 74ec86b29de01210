import { assert } from 'chai';
import fc from 'fast-check';
import type { Chunk, ChunkTranscription, PreparedAudio, RequestAudio } from '../../../src/core/model';
import type { RequestEvent, TranscriptionOptions } from '../../../src/core/ports';
import { RecordingAsker, type ChunkEvent } from '../../../src/core/recordingAsker';
import { silence, speech, synthesize } from './audio/syntheticSpeech';
import { readAll, type Reading } from './expectations';
import {
  BUSY,
  chunksAsked,
  FakeJournal,
  FakeSampleReader,
  FakeTranscriber,
  TOO_LARGE,
  turn,
  untilAborted,
  type FakeAnswer,
} from './fakes';
import { SEED } from './random';

const S = 16_000;
/** Pauses at 10, 20 and 31 s. */
const SAMPLES = synthesize(
  ...[speech(10), silence(0.5), speech(9.5), silence(0.5), speech(10.5), silence(0.5), speech(8.5)],
).samples;
const AUDIO: PreparedAudio = { path: 'a.pcm', dataOffsetBytes: 0, sampleCount: SAMPLES.length, isTruncated: false };
const URL: RequestAudio = { kind: 'url', url: 'https://example.org/talk.mp3' };
const never = new AbortController().signal;

/** An asker over {@link SAMPLES}, with what it works with. */
function asking(
  transcriber: FakeTranscriber,
  options: TranscriptionOptions = {},
  known: readonly ChunkTranscription[] = [],
): { readonly asker: RecordingAsker; readonly journal: FakeJournal } {
  const journal = new FakeJournal();
  const ports = { samples: new FakeSampleReader(SAMPLES), transcriber, journal };
  return { asker: new RecordingAsker(ports, options, known), journal };
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
    const { values, error } = await readAll(asker.askChunk(AUDIO, chunk, never));
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
    assert.deepStrictEqual(piecesIn((await readAll(asker.askChunk(AUDIO, { ...chunk }, never))).values), [known]);
    assert.isEmpty(transcriber.requests);
    assert.isEmpty(journal.pieces);
  });

  it('cuts in two what is too large, at a pause, and asks for both parts', async () => {
    const transcriber = upTo(15);
    const { asker, journal } = asking(transcriber);
    const { values, error } = await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), never));
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
    await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), never));
    const before = transcriber.requests.length;
    await readAll(asker.askChunk(AUDIO, chunkOf(14, 39), never));
    const cut = chunksAsked(transcriber).slice(before);
    assert.lengthOf(cut, 2);
    assert.isTrue(cut.every((chunk) => chunk && chunk.endSample - chunk.startSample <= 20 * S));
    // Nobody refused that length yet.
    await readAll(asker.askChunk(AUDIO, chunkOf(26, 39), never));
    assert.deepStrictEqual(chunksAsked(transcriber).at(-1), chunkOf(26, 39));
  });

  it('knows parts that it asked for in an earlier run', async () => {
    const first = asking(upTo(15));
    await readAll(first.asker.askChunk(AUDIO, chunkOf(0, 25), never));
    const transcriber = upTo(15);
    const { asker } = asking(transcriber, {}, first.journal.pieces);
    const { values } = await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), never));
    assert.deepStrictEqual([...piecesIn(values)], first.journal.pieces);
    assert.lengthOf(transcriber.requests, 1);
  });

  it('cuts again and again, until the endpoint takes it; all parts in order, none twice', async () => {
    const ranges = fc.tuple(fc.nat({ max: 15 }), fc.integer({ min: 4, max: 24 }), fc.integer({ min: 3, max: 24 }));
    await fc.assert(
      fc.asyncProperty(ranges, async ([startS, lengthS, longestS]) => {
        const transcriber = upTo(longestS);
        const { asker } = asking(transcriber);
        const chunk = chunkOf(startS, startS + lengthS);
        const { values, error } = await readAll(asker.askChunk(AUDIO, chunk, never));
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
    const { values, error } = await readAll(asker.askChunk(AUDIO, chunkOf(0, 3), never));
    assert.strictEqual(error, TOO_LARGE);
    assert.isEmpty(values);
    assert.isEmpty(journal.pieces);
    assert.lengthOf(transcriber.requests, 1);
  });

  it('cuts after no other failure', async () => {
    const transcriber = new FakeTranscriber(() => Promise.reject(BUSY));
    const { error } = await readAll(asking(transcriber).asker.askChunk(AUDIO, chunkOf(0, 25), never));
    assert.strictEqual(error, BUSY);
    assert.lengthOf(transcriber.requests, 1);
  });

  it('keeps in the journal the part before one that fails', async () => {
    const transcriber = new FakeTranscriber((n) =>
      n === 2 ? 'First part.' : Promise.reject(n === 1 ? TOO_LARGE : BUSY),
    );
    const { asker, journal } = asking(transcriber);
    const { error } = await readAll(asker.askChunk(AUDIO, chunkOf(0, 25), never));
    assert.strictEqual(error, BUSY);
    assert.deepStrictEqual(
      journal.pieces.map(({ text }) => text),
      ['First part.'],
    );
  });

  it('passes on waits, those of parts too', async () => {
    const transcriber = upTo(15);
    transcriber.before.push({ kind: 'waiting', host: 'h', untilMs: 1, cause: 'quota' }, { kind: 'asking' });
    const { values } = await readAll(asking(transcriber).asker.askChunk(AUDIO, chunkOf(0, 25), never));
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
    const { values, error } = await readAll(new RecordingAsker(ports, {}, []).askChunk(AUDIO, chunkOf(0, 5), never));
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
  const english = { text: 'Good morning.', language: 'en' };
  /** Translates into English, and hears German where it transcribes. */
  const bilingual = (heard: FakeAnswer | Error = { text: 'Guten Morgen.', language: 'de' }): FakeTranscriber =>
    new FakeTranscriber((_n, _signal, { task }) => {
      if (task === 'translate') return english;
      return heard instanceof Error ? Promise.reject(heard) : heard;
    });
  const translate: TranscriptionOptions = { task: 'translate', model: 'large', languageModel: 'turbo' };

  it('asks a transcription for the language, since the answer tells that of its text', async () => {
    const transcriber = bilingual();
    const { asker } = asking(transcriber, { ...translate, temperature: 0.2, prompt: { text: 'npm.', terms: ['npm'] } });
    const events = await readAll(asker.ask(URL, never));
    assert.deepStrictEqual(answersIn(events), ['de']);
    assert.lengthOf(events.values, 1);
    assert.deepStrictEqual<unknown>(transcriber.requests, [
      { audio: URL, task: 'translate', model: 'large', temperature: 0.2, prompt: { text: 'npm.', terms: ['npm'] } },
      { audio: URL, task: 'transcribe', model: 'turbo' },
    ]);
  });

  it('leaves that question to the endpoint’s own model where none was named', async () => {
    const transcriber = bilingual();
    await readAll(asking(transcriber, { task: 'translate' }).asker.ask(URL, never));
    assert.hasAllKeys(transcriber.requests[1], ['audio', 'task']);
  });

  it('asks once for a recording, however many chunks it has, also at the same time', async () => {
    const transcriber = bilingual();
    const { asker } = asking(transcriber, translate);
    const chunks = [chunkOf(0, 5), chunkOf(5, 10), chunkOf(10, 15)];
    const readings = await Promise.all(chunks.map((chunk) => readAll(asker.askChunk(AUDIO, chunk, never))));
    const languages = readings.flatMap(({ values }) => piecesIn(values).map(({ language }) => language));
    assert.sameMembers(languages, ['de', undefined, undefined]);
    assert.lengthOf(
      transcriber.requests.filter(({ task }) => task === 'transcribe'),
      1,
    );
  });

  it('does not ask again in a later run', async () => {
    const first = asking(bilingual(), translate);
    await readAll(first.asker.askChunk(AUDIO, chunkOf(0, 5), never));
    assert.deepStrictEqual(
      first.journal.pieces.map(({ language }) => language),
      ['de'],
    );
    const transcriber = bilingual();
    const { asker } = asking(transcriber, translate, first.journal.pieces);
    await readAll(asker.askChunk(AUDIO, chunkOf(5, 10), never));
    assert.lengthOf(transcriber.requests, 1);
  });

  it('believes the user', async () => {
    const transcriber = new FakeTranscriber(() => ({ ...english, language: 'fr' }));
    const { asker } = asking(transcriber, { ...translate, language: 'nl' });
    assert.deepStrictEqual(answersIn(await readAll(asker.ask(URL, never))), ['nl']);
    assert.lengthOf(transcriber.requests, 1);
  });

  it('believes an answer that tells another language than English', async () => {
    const transcriber = new FakeTranscriber(() => ({ ...english, language: 'fr' }));
    assert.deepStrictEqual(answersIn(await readAll(asking(transcriber, translate).asker.ask(URL, never))), ['fr']);
    assert.lengthOf(transcriber.requests, 1);
  });

  it('asks where the answer tells no language at all', async () => {
    const transcriber = new FakeTranscriber((n) => (n === 1 ? 'Good morning.' : { text: 'x', language: 'ja' }));
    assert.deepStrictEqual(answersIn(await readAll(asking(transcriber, translate).asker.ask(URL, never))), ['ja']);
  });

  it('finds out that English was spoken', async () => {
    const transcriber = bilingual(english);
    assert.deepStrictEqual(answersIn(await readAll(asking(transcriber, translate).asker.ask(URL, never))), ['en']);
  });

  it('asks of no silence, but of the first words', async () => {
    const transcriber = new FakeTranscriber((n) => (n === 1 ? '' : n === 2 ? english : { text: 'x', language: 'de' }));
    const { asker } = asking(transcriber, translate);
    assert.deepStrictEqual(answersIn(await readAll(asker.ask(URL, never))), [undefined]);
    assert.deepStrictEqual(answersIn(await readAll(asker.ask(URL, never))), ['de']);
    assert.lengthOf(transcriber.requests, 3);
  });

  it('gives the translation though the question fails or has no answer, and asks no second time', async () => {
    for (const heard of [BUSY, { text: 'Guten Morgen.' }]) {
      const transcriber = bilingual(heard);
      const { asker } = asking(transcriber, translate);
      const events = await readAll(asker.ask(URL, never));
      assert.deepStrictEqual(answersIn(events), [undefined]);
      assert.notProperty(events.values[0]?.kind === 'answered' ? events.values[0].answer : {}, 'language');
      await readAll(asker.ask(URL, never));
      assert.lengthOf(
        transcriber.requests.filter(({ task }) => task === 'transcribe'),
        1,
      );
    }
  });

  it('passes on a failure of the question that is no problem of ours: a fault in the program', async () => {
    const fault = new TypeError('x is not a function');
    const { error } = await readAll(asking(bilingual(fault), translate).asker.ask(URL, never));
    assert.strictEqual(error, fault);
  });

  it('throws the signal’s reason when aborted during the question', async () => {
    const controller = new AbortController();
    const transcriber = new FakeTranscriber((n, signal) => (n === 1 ? english : untilAborted(signal)));
    const reading = readAll(asking(transcriber, translate).asker.ask(URL, controller.signal));
    await turn();
    assert.lengthOf(transcriber.requests, 2);
    controller.abort();
    assert.strictEqual((await reading).error, controller.signal.reason);
  });

  it('does so, too, where the question fails in another way because of the abort', async () => {
    const controller = new AbortController();
    const transcriber = new FakeTranscriber((n) => {
      if (n === 1) return english;
      controller.abort();
      return Promise.reject(BUSY);
    });
    const { error } = await readAll(asking(transcriber, translate).asker.ask(URL, controller.signal));
    assert.strictEqual(error, controller.signal.reason);
  });

  it('asks nothing of the sort for a transcription', async () => {
    const transcriber = new FakeTranscriber(() => english);
    assert.deepStrictEqual(answersIn(await readAll(asking(transcriber).asker.ask(URL, never))), ['en']);
    assert.lengthOf(transcriber.requests, 1);
  });
});
