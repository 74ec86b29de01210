import assert from 'node:assert/strict';
import { bytesToInt16 } from '../../../../../src/core/audio/pcm';
import { planChunks } from '../../../../../src/core/audio/planChunks';
import { SAMPLE_RATE_HZ } from '../../../../../src/core/model';
import { speechRegions } from '../../../../../src/engine/whisper/guards/speechRegions';
import { recordingsOf, type SpokenWordTime } from '../../../../speech';
import { joinSamples, noise, tones } from '../../../core/audio/syntheticSpeech';
import { realSpeech } from '../loadedBase';

const SOUNDS: Readonly<Record<string, Int16Array>> = {
  'a tone': tones(20, 10_000, 440),
  'a soft tone': tones(20, 1000, 440),
  'a chord': tones(20, 20_000, 262, 330, 392),
  noise: noise(20, 6000),
};

/** Real meetings with words timed by hand, behind sounds that end where they begin. */
describe('what is sent and heard of meetings', function () {
  this.timeout(60_000);
  const meetings: { readonly file: string; readonly words: readonly SpokenWordTime[]; readonly samples: Int16Array }[] =
    [];
  before(async function () {
    const { speech, samples } = await realSpeech(this);
    const timed = recordingsOf(this, speech, 'recording with timed words', ({ wordTimes }) => wordTimes.length > 0);
    for (const { file, wordTimes } of timed) {
      meetings.push({ file, words: wordTimes, samples: bytesToInt16(await samples(file)) });
    }
    assert.ok(meetings.length > 5);
  });

  for (const [name, sound] of Object.entries(SOUNDS)) {
    it(`has the same words behind ${name} as alone`, async () => {
      for (const { file, words, samples } of meetings) {
        const soundS = sound.length / SAMPLE_RATE_HZ;
        const later = words.map(({ start, end, word }) => ({ start: start + soundS, end: end + soundS, word }));
        assert.deepEqual(
          wordsOutside(await sentSpans(joinSamples(sound, samples)), later),
          wordsOutside(await sentSpans(samples), words),
          file,
        );
      }
    });
  }
});

interface Span {
  readonly startS: number;
  readonly endS: number;
}

/** What reaches the engine's model: the gate's regions of every request. */
async function sentSpans(samples: Int16Array): Promise<readonly Span[]> {
  async function* read(): AsyncGenerator<Int16Array> {
    await Promise.resolve();
    yield samples;
  }
  const spans: Span[] = [];
  for await (const chunk of planChunks(read())) {
    for (const region of speechRegions(samples.slice(chunk.startSample, chunk.endSample))) {
      spans.push({
        startS: (chunk.startSample + region.startSample) / SAMPLE_RATE_HZ,
        endS: (chunk.startSample + region.endSample) / SAMPLE_RATE_HZ,
      });
    }
  }
  return spans;
}

/** The words, by their number, whose middle lies in no span. */
function wordsOutside(spans: readonly Span[], words: readonly SpokenWordTime[]): string[] {
  return words.flatMap(({ start, end, word }, i) => {
    const middleS = (start + end) / 2;
    return spans.some(({ startS, endS }) => startS <= middleS && middleS <= endS) ? [] : [`${i} ${word}`];
  });
}
