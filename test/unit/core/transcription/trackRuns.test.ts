import { assert } from 'chai';
import { NEVER } from '../../../../src/core/async/never';
import type { GrowingFile } from '../../../../src/core/audio/growingAudio';
import type { Answer, PreparedAudio } from '../../../../src/core/model';
import type { LiveWordsEvent } from '../../../../src/core/transcription/liveWords';
import { transcribeGrowing, transcribeLive } from '../../../../src/core/transcription/growingRuns';
import { retryGaps } from '../../../../src/core/transcription/pipeline';
import { MinutesError, problemOf } from '../../../../src/core/errors';
import { silence, speech, synthesize } from '../audio/syntheticSpeech';
import { readAll } from '../expectations';
import { FakeLog, FakePreparer, FakeSampleReader, FakeTranscriber, optionsOf } from '../fakes';
import { preparedAudio, RECORDING, start, transcribedIn } from './runs';

const { samples: MINE } = synthesize(speech(2), silence(12));
const { samples: THEIRS } = synthesize(silence(5), speech(2), silence(5), speech(2));
const { samples: NOBODY } = synthesize(silence(14));

/** Two channels that are recorded already. */
function channels(...all: readonly Int16Array[]): GrowingFile[] {
  return all.map((samples, index) => ({
    path: 'meeting.wav',
    dataOffsetBytes: 44,
    channel: { index, count: all.length },
    async *samples(fromSample) {
      yield await Promise.resolve(samples.slice(fromSample));
    },
  }));
}

function prepared(index: number, samples: Int16Array): PreparedAudio {
  return { ...preparedAudio(samples), channel: { index, count: 2 } };
}

/** Answers with the channel that was asked for. */
function byChannel(fails: (channel: number) => boolean = () => false): FakeTranscriber {
  return new FakeTranscriber((_n, _signal, { audio }) => {
    const channel = audio.kind === 'chunk' ? (audio.audio.channel?.index ?? -1) : -1;
    if (fails(channel)) throw new MinutesError({ code: 'responseUnreadable', host: 'host', reason: 'odd' });
    return `Channel ${channel}.`;
  });
}

function segmentsOf({ log }: FakeLog): string[] {
  return log.fold().segments.map(({ track, text }) => `${track} ${text}`);
}

describe('a recording of two tracks', () => {
  const BOTH = ['0 Channel 0.', '1 Channel 1.', '1 Channel 1.'];

  it('becomes text track by track while it grows, as far as the slower one is', async () => {
    const kept = new FakeLog();
    const ports = { samples: new FakeSampleReader(MINE), transcriber: byChannel(), log: kept.log };
    const { values, error } = await readAll(
      transcribeGrowing(channels(MINE, THEIRS), 'meeting.wav', ports, optionsOf({}), NEVER),
    );
    assert.isUndefined(error);
    assert.deepStrictEqual(segmentsOf(kept), BOTH);
    const done = transcribedIn(values).map(({ doneS }) => doneS);
    assert.deepStrictEqual(
      done,
      done.toSorted((a, b) => a - b),
    );
    assert.deepStrictEqual(values.at(-1), { kind: 'finished', totalS: 14 });
    assert.lengthOf(
      values.filter(({ kind }) => kind === 'finished'),
      1,
    );
  });

  it('has speech where one track has, and none where none has', async () => {
    const run = async (...all: readonly Int16Array[]): Promise<unknown> => {
      const ports = { samples: new FakeSampleReader(MINE), transcriber: byChannel(), log: new FakeLog().log };
      const reading = await readAll(transcribeGrowing(channels(...all), 'meeting.wav', ports, optionsOf({}), NEVER));
      return problemOf(reading.error)?.code;
    };
    assert.isUndefined(await run(NOBODY, THEIRS));
    assert.isUndefined(await run(MINE, NOBODY));
    assert.strictEqual(await run(NOBODY, NOBODY), 'noSpeech');
  });

  it('is heard live on both, and words tell their track', async () => {
    const kept = new FakeLog();
    async function* hearLive(_audio: unknown, fromSample: number): AsyncGenerator<LiveWordsEvent> {
      const answer: Answer = { model: 'base', text: `From ${fromSample}.`, segments: [], words: [] };
      yield await Promise.resolve({ kind: 'words', settled: [], tentative: [], heardS: 1 } as const);
      yield { kind: 'utterance', startS: 0, endS: 2, chunk: { startSample: fromSample, endSample: 32_000 }, answer };
    }
    await kept.log.append({
      kind: 'answered',
      track: 1,
      startSample: 0,
      endSample: 16_000,
      model: 'base',
      text: 'Before.',
      segments: [],
      words: [],
    });
    const ports = { samples: new FakeSampleReader(MINE), transcriber: new FakeTranscriber(), log: kept.log };
    const { values } = await readAll(
      transcribeLive(channels(MINE, THEIRS), hearLive, 'meeting.wav', ports, optionsOf({}), NEVER),
    );
    assert.deepStrictEqual(segmentsOf(kept), ['0 From 0.', '1 Before.', '1 From 16000.']);
    const tracks = values.flatMap((event) => (event.kind === 'words' ? [event.track ?? 0] : []));
    assert.deepStrictEqual(
      tracks.toSorted((a, b) => a - b),
      [0, 1],
    );
  });

  it('goes on from its finished file, where the log knows of both, and its gaps are asked for in their own track', async () => {
    const kept = new FakeLog();
    await kept.log.append({ kind: 'named', who: 'track 1', name: 'Others' });
    const wanted: unknown[] = [];
    const audio = [prepared(0, MINE), prepared(1, THEIRS)];
    const preparer = {
      async *prepare(_recording: unknown, _signal: AbortSignal, channelCount?: number) {
        wanted.push(channelCount);
        yield await Promise.resolve({ kind: 'prepared', audio: prepared(0, MINE), channels: audio } as const);
      },
    };
    const samples = {
      read: (one: PreparedAudio) => new FakeSampleReader(one.channel?.index === 0 ? MINE : THEIRS).read(one, NEVER),
    };
    const ports = { preparer, samples, log: kept.log };
    const first = await readAll(start({ ...ports, transcriber: byChannel((channel) => channel === 1) }));
    assert.isUndefined(first.error);
    const plans = first.values.flatMap((event) => (event.kind === 'planned' ? [event.plan.requestS.length] : []));
    assert.deepStrictEqual(plans, [3]);
    assert.deepStrictEqual(segmentsOf(kept), BOTH.slice(0, 1));
    const { gaps } = kept.log.fold();
    assert.deepStrictEqual(
      gaps.map(({ track }) => track),
      [1, 1],
    );
    const transcriber = byChannel();
    await readAll(retryGaps(RECORDING, gaps, { ...ports, transcriber }, optionsOf({}), NEVER));
    assert.deepStrictEqual(segmentsOf(kept), BOTH);
    assert.lengthOf(transcriber.requests, 2);
    assert.deepStrictEqual(wanted, [2, 2]);
  });

  it('is mixed where its log knows of no second track', async () => {
    const kept = new FakeLog();
    await readAll(
      start({ preparer: new FakePreparer(preparedAudio(MINE)), samples: new FakeSampleReader(MINE), log: kept.log }),
    );
    assert.strictEqual(kept.log.trackCount, 1);
    assert.deepStrictEqual(segmentsOf(kept), ['0 Piece 1.']);
  });
});
