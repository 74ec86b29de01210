import assert from 'node:assert/strict';
import type { Recognition, RecognitionJob } from '../../../../../src/engine/api/recogniser';
import { transcribe } from '../../../../../src/engine/whisper/hearing/transcribe';
import { needRecordings } from '../../../../speech';
import { tones } from '../../../core/audio/syntheticSpeech';
import { silentSamples } from '../../../node/speechSamples';
import { recognitionJob } from '../../recognitionJob';
import { realWhisper, type RealWhisper } from '../loadedBase';

const never = (): undefined => undefined;
const JFK_TEXT =
  /^And so,? my fellow Americans,? ask not what your country can do for you,? ask what you can do for your country\.$/;
const JFK_S = 11;
const GERMAN = 'multi/leopard_test_de.flac';
/** Somebody says "created at". */
const DEVELOPER = 'dev/rhvoice-clb-s23.flac';
const PROMPT = 'ACCESS_TOKEN, created_at.';

/** The real model, on real speech. */
describe('transcribe', () => {
  let whisper: RealWhisper;
  let jfk: Uint8Array;

  before(async function () {
    whisper = await realWhisper(this);
    jfk = await whisper.samples('jfk.wav');
  });

  const hear = (pcm: Uint8Array, wishes: Partial<RecognitionJob> = {}): Promise<Recognition> =>
    transcribe(whisper.model, recognitionJob(pcm, wishes), never);
  const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

  it('writes what is said, in its language', async () => {
    const { text, language } = await hear(jfk);
    assert.match(text, JFK_TEXT);
    assert.equal(language, 'en');
  });

  it('gives segments and words within the audio, in order', async () => {
    const { text, segments, words } = await hear(jfk, { language: 'en' });
    for (const timed of [segments, words]) {
      let last = 0;
      for (const { start, end } of timed) {
        assert.ok(start >= last && end >= start && end <= JFK_S, `${start} to ${end} after ${last}`);
        last = start;
      }
    }
    assert.equal(words.map(({ word }) => word).join(' '), text);
    assert.ok(words.every(({ probability }) => probability > 0 && probability <= 1));
    assert.ok(segments.every((segment) => segment.avg_logprob > -1 && segment.no_speech_prob < 0.3));
    assert.deepEqual((await hear(jfk, { language: 'en', wantsWords: false })).words, []);
  });

  it('tells times from the recording’s start, however much silence lies before it', async () => {
    const begins = async (pcm: Uint8Array): Promise<number> =>
      (await hear(pcm, { language: 'en' })).words[0]?.start ?? NaN;
    const [alone, behind] = [await begins(jfk), await begins(joined(silentSamples(20), jfk))];
    // One position of the encoder is 0.02 s; what lies around the region differs.
    assert.ok(Math.abs(behind - 20 - alone) < 0.3, `${behind} behind 20 s, ${alone} alone`);
  });

  it('writes the first words behind a tone and behind music', async () => {
    for (const sound of [tones(20, 10_000, 440), tones(20, 20_000, 262, 330, 392)]) {
      const before = new Uint8Array(sound.buffer, sound.byteOffset, sound.byteLength);
      const { text } = await hear(joined(before, jfk), { language: 'en', wantsWords: false });
      assert.match(text, /^And so,? my fellow Americans/);
    }
  });

  it('hears more than one window, each where the last one ended', async () => {
    const { text, segments } = await hear(joined(jfk, silentSamples(0.5), jfk, silentSamples(0.5), jfk), {
      language: 'en',
      wantsWords: false,
    });
    assert.equal(text.match(/fellow Americans/g)?.length, 3);
    assert.ok(new Set(segments.map(({ seek }) => seek)).size > 1);
    assert.deepEqual(
      segments.map(({ id }) => id),
      [...segments.keys()],
    );
  });

  it('writes the same with the same seed', async () => {
    const wishes = { language: 'en', temperature: 1, wantsWords: false } as const;
    const [first, again] = [await hear(jfk, { ...wishes, seed: 5 }), await hear(jfk, { ...wishes, seed: 5 })];
    assert.deepEqual(again, first);
    const others = [];
    for (const seed of [6, 7, 8]) others.push((await hear(jfk, { ...wishes, seed })).segments);
    assert.ok(others.some((segments) => JSON.stringify(segments) !== JSON.stringify(first.segments)));
  });

  it('stops between two tokens', async () => {
    let asked = 0;
    const check = (): undefined => {
      if (++asked === 8) throw new Error('enough');
    };
    await assert.rejects(transcribe(whisper.model, recognitionJob(jfk), check), { message: 'enough' });
    assert.equal(asked, 8);
    assert.match((await hear(jfk)).text, JFK_TEXT);
  });

  it('translates to English', async function () {
    needRecordings(this, whisper.speech, GERMAN);
    const german = await whisper.samples(GERMAN);
    const { text, language } = await hear(german, { task: 'translate', wantsWords: false });
    assert.equal(language, 'de', 'the language that is spoken');
    assert.match(text, /\b(the|was|used)\b/);
    assert.doesNotMatch(text, /\b(der|wurde|als)\b/);
  });

  it('spells as the prompt does, underscores too', async function () {
    needRecordings(this, whisper.speech, DEVELOPER);
    const pcm = await whisper.samples(DEVELOPER);
    const wishes = { language: 'en', wantsWords: false } as const;
    assert.ok(!(await hear(pcm, wishes)).text.includes('_'));
    assert.match((await hear(pcm, { ...wishes, prompt: PROMPT })).text, /created_at/);
  });

  it('writes what was said, whatever the prompt', async () => {
    const words = Array.from({ length: 400 }, (_, i) => `identifier${i}`).join(', ');
    for (const prompt of ['', '  ', 'Kubernetes, TypeScript.', 'Kennedy, Americans.', words]) {
      const { text } = await hear(jfk, { language: 'en', prompt, wantsWords: false });
      assert.match(text, /fellow Americans.*your country/, `with "${prompt.slice(0, 40)}"`);
    }
  });

  it('reads the prompt in every window, or in the first one only', async function () {
    needRecordings(this, whisper.speech, DEVELOPER);
    const pcm = joined(jfk, silentSamples(3), await whisper.samples(DEVELOPER));
    const wishes = { language: 'en', wantsWords: false, prompt: PROMPT } as const;
    assert.match((await hear(pcm, wishes)).text, /created_at/);
    const { text } = await hear(pcm, { ...wishes, promptScope: 'firstWindow' });
    assert.match(text, /fellow Americans.*in the/s);
    assert.doesNotMatch(text, /created_at/);
  });

  it('takes recordings of no length, and an odd byte', async () => {
    for (const bytes of [0, 1, 2, 321]) assert.equal((await hear(new Uint8Array(bytes))).text, '');
    assert.match((await hear(joined(jfk, new Uint8Array(1)))).text, JFK_TEXT);
  });
});
