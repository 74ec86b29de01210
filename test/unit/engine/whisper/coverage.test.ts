import assert from 'node:assert/strict';
import { bytesToInt16 } from '../../../../src/core/audio/pcm';
import type { Recognition, RecognitionJob } from '../../../../src/engine/api/recogniser';
import { wholeRegion } from '../../../../src/engine/whisper/guards/speechRegions';
import { uncoveredSpeech } from '../../../../src/engine/whisper/guards/uncoveredSpeech';
import { transcribe } from '../../../../src/engine/whisper/hearing/transcribe';
import { needRecordings, recordingsOf } from '../../../speech';
import { silentSamples } from '../../node/speechSamples';
import { recognitionJob } from '../recognitionJob';
import { realWhisper, type RealWhisper } from './loadedBase';

/** The real model: no 2 s of detected speech may stay without words or a mark. */
describe('transcribe, nothing passed over', function () {
  this.timeout(180_000);
  let whisper: RealWhisper;

  before(async function () {
    whisper = await realWhisper(this);
  });

  const hear = (pcm: Uint8Array, wishes: Partial<RecognitionJob> = {}): Promise<Recognition> =>
    transcribe(whisper.model, recognitionJob(pcm, wishes), () => undefined);

  function assertCovered(pcm: Uint8Array, { words, unheard = [] }: Recognition): void {
    const { frames } = wholeRegion(bytesToInt16(pcm));
    const told = [...words, ...unheard].map(({ start, end }) => ({ startS: start, endS: end }));
    // A mark is as long as it is: it covers all of itself.
    const marked = unheard.flatMap(({ start, end }) =>
      Array.from({ length: Math.ceil(end - start) }, (_, i) => ({
        startS: start + i,
        endS: Math.min(end, start + i + 1),
      })),
    );
    assert.deepEqual(uncoveredSpeech(frames, [...told, ...marked]), []);
  }

  it('has words or a mark for all speech of far-field meetings', async function () {
    const meetings = recordingsOf(this, whisper.speech, 'meeting', ({ kind }) => kind === 'meeting');
    for (const { file } of meetings) {
      const pcm = await whisper.samples(file);
      const heard = await hear(pcm, { language: 'en' });
      assertCovered(pcm, heard);
      for (const { start, end } of heard.unheard ?? []) assert.ok(end > start, `${file}: ${start} to ${end}`);
      const starts = heard.segments.map((segment) => segment.start);
      assert.deepEqual(
        starts,
        starts.toSorted((a, b) => a - b),
        `${file}: segments in order`,
      );
    }
  });

  it('writes each language of a recording that changes it, where nobody told one', async function () {
    const [german, english] = ['multi/leopard_test_de.flac', 'multi/leopard_test.flac'];
    needRecordings(this, whisper.speech, german, english);
    const parts = [await whisper.samples(german), silentSamples(3), await whisper.samples(english)];
    const { text, language } = await hear(new Uint8Array(Buffer.concat(parts)));
    assert.equal(language, 'de', 'the first that is spoken');
    assert.match(text, /Der hinter diesem Portal.*genutzt/i);
    assert.match(text, /Quilter.*middle classes/);
  });

  it('writes the same whether the language was told or found out', async () => {
    const jfk = await whisper.samples('jfk.wav');
    assert.equal((await hear(jfk)).text, (await hear(jfk, { language: 'en' })).text);
  });

  it('finds no words and leaves no mark where nothing is heard', async () => {
    const { text, unheard } = await hear(silentSamples(8));
    assert.deepEqual([text, unheard], ['', []]);
  });
});
