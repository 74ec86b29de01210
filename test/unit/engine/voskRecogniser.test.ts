import assert from 'node:assert/strict';
import { SpeechDetector, FRAME_SAMPLES } from '../../../src/core/audio/speechDetector';
import { bytesToInt16 } from '../../../src/core/audio/pcm';
import type { Recogniser } from '../../../src/engine/recogniser';
import { createVoskRecogniser } from '../../../src/engine/vosk/voskRecogniser';
import { findEngineFiles, type VoskParts } from '../../../src/node/engineFiles';
import { projectRoot } from '../../speech';
import { assertAborts } from '../node/problems';
import { recognitionJob } from './recognitionJob';
import { silentSamples, speechSamples } from '../node/speechSamples';
import { sharedFolder } from '../node/temporaryFolder';

const never = new AbortController().signal;
const SPEECH_S = 11;

/** The real library with the real model. */
describe('createVoskRecogniser', () => {
  const cacheFolder = sharedFolder();
  const files = (): VoskParts => {
    const { recogniser: parts } = findEngineFiles(projectRoot(), { kind: 'vosk' });
    assert.equal(parts.kind, 'vosk');
    return parts;
  };
  let recogniser: Recogniser;
  let speech: Buffer;

  before(async () => {
    recogniser = await createVoskRecogniser({ ...files(), cacheFolder: cacheFolder() });
    speech = await speechSamples();
  });

  it('is called as its files are', () => {
    assert.deepEqual([recogniser.modelId, recogniser.languages], ['vosk-small-en-us', ['en']]);
    assert.equal(recogniser.canTranslate, false);
  });

  it('understands speech', async () => {
    const { text, segments, words } = await recogniser.recognise(recognitionJob(speech), never);
    assert.match(text, /what your country can do for you .*what you can do for your country/);
    assert.equal(text, words.map(({ word }) => word).join(' '));
    assert.equal(text, segments.map((segment) => segment.text.trim()).join(' '));
  });

  it('gives times within the audio that rise', async () => {
    const { segments, words } = await recogniser.recognise(recognitionJob(speech), never);
    for (const timed of [segments, words]) {
      let last = 0;
      for (const { start, end } of timed) {
        assert.ok(start >= last && end >= start && end <= SPEECH_S, `${start} to ${end} after ${last}`);
        last = start;
      }
    }
  });

  it('gives the times at which there is speech, however much silence lies before it', async () => {
    const ends = async (audio: Buffer): Promise<readonly [startS: number, endS: number]> => {
      const { words } = await recogniser.recognise(recognitionJob(audio), never);
      return [words[0]?.start ?? NaN, words.at(-1)?.end ?? NaN];
    };
    const detector = new SpeechDetector();
    const frames = [...detector.push(bytesToInt16(speech)), ...detector.end()];
    const heardS = (frames.findIndex(({ isSpeech }) => isSpeech) * FRAME_SAMPLES) / 16_000;
    const [startS, endS] = await ends(speech);
    // The detector hears in steps of a syllable, the recogniser puts a word's edges into the pauses.
    assert.ok(Math.abs(startS - heardS) < 0.25, `begins at ${startS}, speech at ${heardS}`);
    for (const leadS of [0.25, 1, 3]) {
      const [movedS, movedEndS] = await ends(Buffer.concat([silentSamples(leadS), speech]));
      assert.ok(Math.abs(movedS - leadS - startS) < 0.15, `${movedS} after ${leadS} s, not ${startS}`);
      assert.ok(Math.abs(movedEndS - leadS - endS) < 0.15, `${movedEndS} after ${leadS} s, not ${endS}`);
    }
  });

  it('gives no segment for silence', async () => {
    for (const seconds of [0.01, 0.5, 3, 28]) {
      assert.deepEqual(await recogniser.recognise(recognitionJob(silentSamples(seconds)), never), {
        ...{ text: '', language: 'en', segments: [], words: [] },
      });
    }
  });

  it('gives the same for the same audio, whatever it recognised before', async () => {
    const first = await recogniser.recognise(recognitionJob(speech), never);
    assert.deepEqual(await recogniser.recognise(recognitionJob(speech), never), first);
    await recogniser.recognise(recognitionJob(silentSamples(2)), never);
    await recogniser.recognise(recognitionJob(speech.subarray(0, 100_000)), never);
    await recogniser.recognise(recognitionJob(Buffer.from(speech).reverse()), never);
    assert.deepEqual(await recogniser.recognise(recognitionJob(speech), never), first);
  });

  it('tells each word’s probability, and no words where nobody asked', async () => {
    const { words } = await recogniser.recognise(recognitionJob(speech), never);
    assert.ok(words.every(({ probability }) => probability > 0 && probability <= 1));
    assert.ok(words.some(({ probability }) => probability === 1));
    const { text, words: none } = await recogniser.recognise(recognitionJob(speech, { wantsWords: false }), never);
    assert.deepEqual([text, none], [words.map(({ word }) => word).join(' '), []]);
  });

  it('ignores what it has no use for', async () => {
    const wishes = { prompt: 'ask not, my fellow', temperature: 1, seed: 5, isUrgent: true } as const;
    const { text } = await recogniser.recognise(recognitionJob(speech), never);
    assert.equal((await recogniser.recognise(recognitionJob(speech, wishes), never)).text, text);
  });

  it('takes samples at an odd address, and an odd byte at the end', async () => {
    const { text } = await recogniser.recognise(recognitionJob(speech), never);
    const moved = Buffer.concat([Buffer.alloc(1), speech, Buffer.alloc(1)]).subarray(1);
    assert.equal((await recogniser.recognise(recognitionJob(moved), never)).text, text);
  });

  it('aborts between two blocks', async () => {
    await assertAborts(recogniser.recognise(recognitionJob(speech), AbortSignal.abort()));
    const stop = new AbortController();
    const running = recogniser.recognise(
      recognitionJob(Buffer.concat(Array.from({ length: 20 }, () => speech))),
      stop.signal,
    );
    stop.abort();
    await assertAborts(running);
    assert.notEqual((await recogniser.recognise(recognitionJob(speech), never)).text, '');
  });

  it('says so where the library or the model cannot be loaded', async () => {
    await assert.rejects(
      createVoskRecogniser({ ...files(), cacheFolder: cacheFolder(), libraryFile: __filename }),
      /shared library/i,
    );
    await assert.rejects(
      createVoskRecogniser({ ...files(), cacheFolder: cacheFolder(), modelFolder: cacheFolder() }),
      /model/,
    );
  });
});
