import { assert } from 'chai';
import type { GrowingFile } from '../../../../src/core/audio/growingAudio';
import { NEVER } from '../../../../src/core/async/never';
import { LONG_SILENCE_S } from '../../../../src/core/audio/planChunks';
import { LOOK_AHEAD_FRAMES } from '../../../../src/core/audio/speechDetector';
import type { Chunk } from '../../../../src/core/model';
import { transcribeGrowing } from '../../../../src/core/transcription/growingRuns';
import { framesToSeconds, silence, speech, synthesize } from '../audio/syntheticSpeech';
import { readAll } from '../expectations';
import {
  chunksAsked,
  FakeLog,
  FakeSampleReader,
  FakeTranscriber,
  optionsOf,
  SPENT,
  turn,
  untilAborted,
} from '../fakes';
import { plannedChunks, run, SAMPLES, textsIn, TOTAL_S, transcribedIn } from './runs';

/** By then the first piece is cut: 2 s of speech, the silence that ends it, the detector's look-ahead, and a block. */
const WITH_LATENCY_S = 2.5 + LONG_SILENCE_S + framesToSeconds(LOOK_AHEAD_FRAMES);

/** A recording that has as much as the test lets it have. */
class FakeRecording implements GrowingFile {
  readonly path = 'meeting.wav';
  readonly dataOffsetBytes = 44;
  private end: { readonly error?: Error } | undefined;
  private available = 0;

  constructor(private readonly all: Int16Array) {}

  growTo(seconds: number): void {
    this.available = seconds * 16_000;
  }

  close(error?: Error): void {
    this.end = error ? { error } : {};
  }

  async *samples(fromSample: number, signal: AbortSignal): AsyncGenerator<Int16Array> {
    for (let at = fromSample; ;) {
      signal.throwIfAborted();
      const to = Math.min(this.available, this.all.length, at + 5000);
      if (to > at) yield this.all.slice(at, to);
      else if (this.end?.error) throw this.end.error;
      else if (this.end) return;
      else await turn();
      at = to;
    }
  }
}

/** Lets everything happen that can. */
async function settle(): Promise<void> {
  for (let i = 0; i < 300; i++) await turn();
}

describe('transcribeGrowing', () => {
  let chunks: readonly Chunk[] = [];

  before(async () => {
    chunks = await plannedChunks();
  });

  function start(
    recording: FakeRecording,
    transcriber: FakeTranscriber,
    { log } = new FakeLog(),
    signal = NEVER,
  ): ReturnType<typeof transcribeGrowing> {
    // Nothing is cut smaller here, so that no sample is read twice.
    const ports = { samples: new FakeSampleReader(new Int16Array()), transcriber, log };
    return transcribeGrowing([recording], 'meeting.wav', ports, optionsOf({}), signal);
  }

  it('sends every piece as soon as it is cut, and ends with the recording', async () => {
    const recording = new FakeRecording(SAMPLES);
    const transcriber = new FakeTranscriber();
    const kept = new FakeLog();
    const reading = readAll(start(recording, transcriber, kept));
    const askedAt: number[] = [];
    for (const seconds of [1, WITH_LATENCY_S, 7 + WITH_LATENCY_S, TOTAL_S]) {
      recording.growTo(seconds);
      await settle();
      askedAt.push(transcriber.requests.length);
    }
    assert.isFalse(
      kept.entries.some(({ kind }) => kind === 'prepared'),
      'its length is not known yet',
    );
    assert.strictEqual(askedAt[0], 0);
    assert.strictEqual(askedAt[1], 1, 'the first piece, while the second is not spoken yet');
    assert.strictEqual(askedAt[2], 2);
    recording.close();
    const { values, error } = await reading;
    assert.isUndefined(error);
    assert.deepStrictEqual(chunksAsked(transcriber), chunks);
    assert.isTrue(
      transcriber.requests.every(({ isLive }) => isLive === true),
      'before files',
    );
    assert.deepStrictEqual(await textsIn(kept.log), ['Piece 1.', 'Piece 2.', 'Piece 3.']);
    assert.deepInclude(kept.log.prepared, { sampleCount: SAMPLES.length, remarks: [] });
    const told = transcribedIn(values);
    assert.deepStrictEqual(
      told.map(({ doneS }) => doneS),
      chunks.map(({ endSample }) => endSample / 16_000),
    );
    for (const { doneS, totalS } of told) assert.isAtMost(doneS, totalS);
    assert.deepStrictEqual(values.at(-1), { kind: 'finished', totalS: TOTAL_S });
  });

  it('sends a piece though nobody says another', async () => {
    const { samples } = synthesize(speech(2), silence(30));
    const recording = new FakeRecording(samples);
    recording.growTo(WITH_LATENCY_S);
    const transcriber = new FakeTranscriber();
    const controller = new AbortController();
    const reading = readAll(start(recording, transcriber, new FakeLog(), controller.signal));
    await settle();
    assert.lengthOf(transcriber.requests, 1);
    controller.abort();
    await reading;
  });

  it('asks for ranges of the file that grows', async () => {
    const recording = new FakeRecording(SAMPLES);
    recording.growTo(TOTAL_S);
    recording.close();
    const transcriber = new FakeTranscriber();
    await readAll(start(recording, transcriber));
    for (const { audio } of transcriber.requests) {
      if (audio.kind !== 'chunk') assert.fail(audio.kind);
      assert.deepInclude(audio.audio, { path: 'meeting.wav', dataOffsetBytes: 44 });
      assert.isAtMost(audio.chunk.endSample, audio.audio.sampleCount);
    }
  });

  it('leaves to a later run only what it did not come to', async () => {
    const recording = new FakeRecording(SAMPLES);
    recording.growTo(WITH_LATENCY_S);
    const first = new FakeTranscriber();
    const controller = new AbortController();
    const kept = new FakeLog();
    const reading = readAll(start(recording, first, kept, controller.signal));
    await settle();
    assert.deepStrictEqual(chunksAsked(first), chunks.slice(0, 1));
    controller.abort();
    const { error } = await reading;
    assert.strictEqual(error, controller.signal.reason);
    const rest = new FakeTranscriber((n) => `Later ${n}.`);
    const { texts } = await run({ transcriber: rest, log: kept.log });
    assert.deepStrictEqual(chunksAsked(rest), chunks.slice(1));
    assert.deepStrictEqual(texts, ['Piece 1.', 'Later 1.', 'Later 2.']);
  });

  it('ends at the first failure that concerns all pieces, though the recording goes on', async () => {
    const recording = new FakeRecording(SAMPLES);
    recording.growTo(WITH_LATENCY_S);
    const transcriber = new FakeTranscriber(() => {
      throw SPENT;
    });
    const { error } = await readAll(start(recording, transcriber));
    assert.strictEqual(error, SPENT);
  });

  it('passes on the recording’s failure, and ends what is under way', async () => {
    const recording = new FakeRecording(SAMPLES);
    recording.growTo(WITH_LATENCY_S);
    const transcriber = new FakeTranscriber((_, signal) => untilAborted(signal), 2);
    const failure = new Error('the disk is full');
    const reading = readAll(start(recording, transcriber));
    await settle();
    assert.strictEqual(transcriber.inFlight, 1);
    recording.close(failure);
    assert.strictEqual((await reading).error, failure);
    assert.strictEqual(transcriber.inFlight, 0);
  });

  it('says where nobody spoke', async () => {
    const { samples } = synthesize(silence(6));
    const recording = new FakeRecording(samples);
    recording.growTo(6);
    recording.close();
    const transcriber = new FakeTranscriber();
    const { error } = await readAll(start(recording, transcriber));
    assert.deepNestedInclude(error, { 'problem.code': 'noSpeech', 'problem.file': 'meeting.wav' });
    assert.lengthOf(transcriber.requests, 0);
  });
});
