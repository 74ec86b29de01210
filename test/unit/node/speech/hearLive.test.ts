import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { NEVER } from '../../../../src/core/async/never';
import type { GrowingAudio } from '../../../../src/core/audio/growingAudio';
import { bytesToInt16 } from '../../../../src/core/audio/pcm';
import { SAMPLE_RATE_HZ } from '../../../../src/core/model';
import type { InstalledModel } from '../../../../src/core/models/engineModel';
import type { LiveWishes, LiveWordsEvent } from '../../../../src/core/transcription/liveWords';
import { FileTranscription } from '../../../../src/node/speech/fileTranscription';
import { preparedModel } from '../../../preparedModel';
import { skipWithReason } from '../../../speech';
import { assertAborts, problemWith } from '../problems';
import { untilEnded } from '../processes';
import { speechSamples } from '../speechSamples';
import { sharedFolder } from '../temporaryFolder';
import { clientOptions, EMBEDDED, remoteAt } from './client';

const BLOCK_SAMPLES = SAMPLE_RATE_HZ / 2;
/** The next block comes with the next event, or after this time where there is none. */
const NEXT_BLOCK_MS = 500;
/** The sound of "ask not" is "asked not" until "what" is heard. */
const TEXT = /ask(ed)? not what your country can do for you\W+ask what you can do for your country/i;

/** Audio that grows as it is heard. */
class SpokenAudio implements GrowingAudio {
  private go: () => void = () => undefined;

  constructor(private readonly all: Int16Array) {}

  async *samples(fromSample: number, signal: AbortSignal): AsyncGenerator<Int16Array> {
    for (let at = fromSample; at < this.all.length; at += BLOCK_SAMPLES) {
      signal.throwIfAborted();
      yield this.all.slice(at, at + BLOCK_SAMPLES);
      const heard = new Promise<void>((resolve) => (this.go = resolve));
      await Promise.race([heard, sleep(NEXT_BLOCK_MS)]);
    }
  }

  heard(): void {
    this.go();
  }
}

/** The whole way with a real Whisper: client, engine's process, its thread, ONNX Runtime. */
describe('FileTranscription.hearLive', () => {
  const storage = sharedFolder();
  const made: FileTranscription[] = [];
  let model: InstalledModel;
  let speech: Int16Array;

  before(async function () {
    const found = await preparedModel();
    if ('absent' in found) skipWithReason(this, found.absent);
    model = found;
    speech = withSilence(bytesToInt16(await speechSamples()), 1, 2);
  });
  afterEach(async () => {
    for (const one of made.splice(0)) await one.dispose();
  });

  function transcription(): FileTranscription {
    const embeddedModel = (): Promise<{ model: InstalledModel }> => Promise.resolve({ model });
    const one = new FileTranscription(clientOptions(storage(), { embeddedModel }));
    made.push(one);
    return one;
  }

  async function hear(
    by: FileTranscription,
    wishes: Partial<LiveWishes> = {},
    onEvent: (event: LiveWordsEvent) => void = () => undefined,
    signal = NEVER,
  ): Promise<LiveWordsEvent[]> {
    const audio = new SpokenAudio(speech);
    const events: LiveWordsEvent[] = [];
    for await (const event of by.hearLive(audio, EMBEDDED, { for: 'dictation', ...wishes }, signal)) {
      events.push(event);
      onEvent(event);
      audio.heard();
    }
    return events;
  }

  it('tells words while they are spoken, and each settled word once', async () => {
    const events = await hear(transcription());
    const settled = events.flatMap((event) => (event.kind === 'words' ? event.settled : []));
    const text = settled.map((word) => word.text).join('');
    assert.match(text, /^ And so,? my fellow Americans/);
    assert.match(text, TEXT);
    for (const [i, { startS, endS }] of settled.entries()) {
      assert.ok(startS <= endS && startS >= (settled[i - 1]?.startS ?? 0), JSON.stringify(settled));
    }
    const first = events.find((event) => event.kind === 'words');
    assert.ok(first && first.heardS < 6, 'before the speech has ended');
    assert.ok(events.some((event) => event.kind === 'words' && event.tentative.length > 0));
  });

  it('tells what a request would be answered for each utterance', async () => {
    const events = await hear(transcription(), { for: 'meeting', language: 'en' });
    const utterances = events.flatMap((event) => (event.kind === 'utterance' ? [event] : []));
    assert.ok(utterances.length > 0);
    assert.match(utterances.map(({ answer }) => answer.text).join(' '), /^And so,? my fellow Americans/);
    for (const { answer, chunk, startS, endS } of utterances) {
      assert.deepEqual(
        [startS, endS],
        [chunk.startSample, chunk.endSample].map((at) => at / SAMPLE_RATE_HZ),
      );
      assert.deepEqual([answer.model, answer.language], [model.name, 'en']);
      assert.ok(answer.segments.length > 0 && answer.words.length > 0);
    }
  });

  it('goes on when the engine dies, and tells no word twice', async () => {
    const one = transcription();
    const ids: (number | undefined)[] = [];
    const events = await hear(one, { language: 'en' }, (event) => {
      if (ids.length > 0 || event.kind !== 'words' || event.settled.length === 0) return;
      ids.push(one.engineProcessId);
      process.kill(one.engineProcessId ?? 0, 'SIGKILL');
    });
    assert.notEqual(one.engineProcessId, ids[0]);
    const text = events.flatMap((event) => (event.kind === 'words' ? event.settled : [])).map((word) => word.text);
    assert.match(text.join(''), TEXT);
    assert.equal(text.join('').match(/fellow/g)?.length, 1);
  });

  it('stops at once when it is aborted, and the engine is free again', async () => {
    const one = transcription();
    const stop = new AbortController();
    const onEvent = (): void => {
      stop.abort();
    };
    await assertAborts(hear(one, {}, onEvent, stop.signal));
    assert.match(
      (await hear(one)).flatMap((event) => (event.kind === 'utterance' ? [event.answer.text] : [])).join(' '),
      TEXT,
    );
  });

  it('refuses a language that the model does not know', async () => {
    assert.equal((await problemWith('languageUnsupported', hear(transcription(), { language: 'xx' }))).language, 'xx');
  });

  it('is for the embedded engine: other endpoints tell nothing', async () => {
    const server = remoteAt({ baseUrl: 'http://127.0.0.1:9/v1' });
    for await (const event of transcription().hearLive(new SpokenAudio(speech), server, { for: 'meeting' }, NEVER))
      assert.fail(event.kind);
  });

  it('ends the engine with its window', async () => {
    const one = transcription();
    let id = 0;
    const hearing = hear(one, {}, () => {
      id = one.engineProcessId ?? 0;
      void one.dispose();
    });
    await problemWith('engineFailed', hearing);
    await untilEnded(id);
  });
});

function withSilence(samples: Int16Array, beforeS: number, behindS: number): Int16Array {
  const all = new Int16Array((beforeS + behindS) * SAMPLE_RATE_HZ + samples.length);
  all.set(samples, beforeS * SAMPLE_RATE_HZ);
  return all;
}
