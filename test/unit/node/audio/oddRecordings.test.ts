import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import type { PreparedAudio } from '../../../../src/core/model';
import { jfkWav } from '../../../speech';
import { speechSamples } from '../speechSamples';
import { decodedFiles, type Way } from './decodedFiles';

const RATE_HZ = 16_000;
const SPEECH_S = 11;
/** Encoders add and leave out some frames at both ends. */
const TOLERANCE_S = 0.15;

/** Files of plain samples, which Minutes reads by itself. */
const isPcm = (name: string): boolean => /\.(wav|aiff|aifc|caf)$/.test(name);
/** Files that Minutes decodes by itself as well: what it makes of them has to be what ffmpeg makes. One of these has AAC within. */
const DECODED = /^(?!aac\.).*\.(mp3|flac|ogg|opus|mkv|webm)$/;
const waysOf = (name: string): readonly Way[] =>
  isPcm(name) ? ['alone'] : DECODED.test(name) ? ['alone', 'ffmpeg'] : ['ffmpeg'];

/** Recordings as meeting programs, browsers and cameras write them. ffmpeg makes them here; it decodes them, and Minutes alone where it can. */
describe('FileAudioPreparer, recordings that went wrong', function () {
  const { file, make, prepare: prepareOnWay } = decodedFiles();
  let speech: Buffer;

  before(async function () {
    speech = await speechSamples();
  });

  /** What ffmpeg makes of a file; or Minutes, where it reads or decodes such files itself. */
  const prepare = (name: string, way: Way = isPcm(name) ? 'alone' : 'ffmpeg'): Promise<PreparedAudio> =>
    prepareOnWay(name, way);

  /** Where the speech begins in the audio: where the two are most alike by their loudness in steps of 10 ms. */
  async function speechBegins(audio: PreparedAudio): Promise<number> {
    const bytes = (await fs.readFile(audio.path)).subarray(audio.dataOffsetBytes);
    const [whole, part] = [loudness(bytes), loudness(speech)];
    let best = { at: 0, score: -1 };
    for (let at = 0; at + part.length <= whole.length + 20; at++) {
      let [product, power] = [0, 1e-9];
      for (const [i, value] of part.entries()) {
        const other = whole[at + i] ?? 0;
        product += value * other;
        power += other * other;
      }
      const score = product / Math.sqrt(power);
      if (score > best.score) best = { at, score };
    }
    return best.at / 100;
  }

  function loudness(bytes: Buffer): number[] {
    const frame = RATE_HZ / 100;
    return Array.from({ length: Math.floor(bytes.length / 2 / frame) }, (_, i) => {
      let sum = 0;
      for (let at = i * frame; at < (i + 1) * frame; at++) sum += bytes.readInt16LE(2 * at) ** 2;
      return Math.sqrt(sum / frame);
    });
  }

  function assertLength(audio: PreparedAudio, seconds: number): void {
    const heard = audio.sampleCount / RATE_HZ;
    assert.ok(Math.abs(heard - seconds) < TOLERANCE_S, `${heard} s, expected ${seconds} s`);
  }

  async function assertSpeechAt(audio: PreparedAudio, seconds: number): Promise<void> {
    const at = await speechBegins(audio);
    assert.ok(Math.abs(at - seconds) < TOLERANCE_S, `the speech begins at ${at} s, expected ${seconds} s`);
  }

  for (const [name, ...codec] of [
    ['late.mp4', '-c:a', 'aac', '-b:a', '32k'],
    ['late.mkv', '-c:a', 'flac'],
    ['late.mov', '-c:a', 'pcm_s16le'],
  ] as const) {
    for (const way of waysOf(name)) {
      it(`counts the time from the video’s start where the sound begins later (${name}, ${way})`, async function () {
        const video = ['-f', 'lavfi', '-i', 'color=s=64x48:r=5:d=26'];
        await make(
          this,
          name,
          ...video,
          '-itsoffset',
          '15',
          '-i',
          jfkWav(),
          '-map',
          '0:v',
          '-map',
          '1:a',
          '-c:v',
          'mpeg4',
          ...codec,
        );
        const audio = await prepare(name, way);
        assertLength(audio, 15 + SPEECH_S);
        await assertSpeechAt(audio, 15);
        assert.deepEqual(audio.remarks, []);
      });
    }
  }

  for (const way of waysOf('gap.webm')) {
    it(`keeps a pause in which a browser recorded nothing (${way})`, async function () {
      const pause = "asetpts='PTS+if(gt(T,5),60/TB,0)'";
      await make(this, 'gap.webm', '-i', jfkWav(), '-af', `aresample=48000,${pause}`, '-c:a', 'libopus', '-b:a', '24k');
      const audio = await prepare('gap.webm', way);
      assertLength(audio, SPEECH_S + 60);
      assert.deepEqual(audio.remarks, []);
    });
  }

  for (const way of waysOf('weeks.mkv')) {
    it(`does not believe a clock that jumps by weeks (${way})`, async function () {
      await make(this, 'weeks.mkv', '-i', jfkWav(), '-af', "asetpts='PTS+if(gt(T,5),2000000/TB,0)'", '-c:a', 'flac');
      assertLength(await prepare('weeks.mkv', way), SPEECH_S);
    });
  }

  for (const way of waysOf('jump.mkv')) {
    it(`does not believe a clock that jumps by most of a day, and says so (${way})`, async function () {
      const jump = "asetpts='PTS+if(gt(T,5),72000/TB,0)'";
      await make(this, 'jump.mkv', '-i', jfkWav(), '-af', jump, '-c:a', 'flac');
      const audio = await prepare('jump.mkv', way);
      assertLength(audio, SPEECH_S);
      await assertSpeechAt(audio, 0);
      assert.deepEqual(audio.remarks, [{ kind: 'clockIgnored' }]);
    });
  }

  for (const way of waysOf('offset.mkv')) {
    it(`begins at zero where the only track’s clock does not (${way})`, async function () {
      await make(this, 'offset.mkv', '-i', jfkWav(), '-af', "asetpts='PTS+100/TB'", '-c:a', 'flac');
      assertLength(await prepare('offset.mkv', way), SPEECH_S);
    });
  }

  for (const way of waysOf('tracks.mkv')) {
    it(`mixes all tracks, also behind a silent first one, and says so (${way})`, async function () {
      const silence = ['-f', 'lavfi', '-i', 'anullsrc=r=16000:cl=mono:d=14'];
      await make(this, 'tracks.mkv', ...silence, '-i', jfkWav(), '-map', '0:a', '-map', '1:a', '-c:a', 'flac');
      const audio = await prepare('tracks.mkv', way);
      assertLength(audio, 14);
      await assertSpeechAt(audio, 0);
      assert.deepEqual(audio.remarks, [{ kind: 'tracksMixed', trackCount: 2 }]);
    });
  }

  for (const way of waysOf('shifted.mkv')) {
    it(`mixes tracks that begin at different times where they lie (${way})`, async function () {
      const inputs = ['-f', 'lavfi', '-i', 'anullsrc=r=16000:cl=mono:d=4', '-itsoffset', '6', '-i', jfkWav()];
      await make(this, 'shifted.mkv', ...inputs, '-map', '0:a', '-map', '1:a', '-c:a', 'flac');
      const audio = await prepare('shifted.mkv', way);
      assertLength(audio, 6 + SPEECH_S);
      await assertSpeechAt(audio, 6);
    });
  }

  for (const [name, ...codec] of [['inverted.mp3', '-b:a', '64k'], ['inverted.wav'], ['inverted.flac']] as const) {
    for (const way of waysOf(name)) {
      it(`takes the louder of two channels that cancel each other out (${name}, ${way})`, async function () {
        await make(this, name, '-i', jfkWav(), '-af', 'pan=stereo|c0=0.9*c0|c1=-1*c0', ...codec);
        const audio = await prepare(name, way);
        assertLength(audio, SPEECH_S);
        await assertSpeechAt(audio, 0);
        const loud = Math.max(...loudness(await fs.readFile(audio.path)));
        assert.ok(loud > 0.7 * Math.max(...loudness(speech)), `${loud}`);
        assert.deepEqual(audio.remarks, [{ kind: 'channelTaken' }]);
      });
    }
  }

  for (const [name, ...codec] of [
    ['damaged.ogg', '-c:a', 'libopus', '-b:a', '32k'],
    ['vorbis.ogg', '-c:a', 'libvorbis', '-q:a', '3'],
    ['damaged.webm', '-c:a', 'libopus', '-b:a', '32k'],
    ['vorbis.mkv', '-c:a', 'libvorbis', '-q:a', '3'],
    ['aac.mkv', '-c:a', 'aac', '-b:a', '32k'],
  ] as const) {
    for (const way of waysOf(name)) {
      it(`keeps the times behind a damaged stretch (${name}, ${way})`, async function () {
        // Ten seconds of a hum, of which some are lost, then the speech.
        const hum = ['-f', 'lavfi', '-i', 'sine=frequency=100:sample_rate=16000:duration=10'];
        const graph = ['-filter_complex', '[0:a]volume=0.05[hum];[hum][1:a]concat=n=2:v=0:a=1[out]', '-map', '[out]'];
        await make(this, name, ...hum, '-i', jfkWav(), ...graph, ...codec);
        const whole = await prepare(name, way);
        await assertSpeechAt(whole, 10);
        assert.deepEqual(whole.remarks, []);
        const bytes = await fs.readFile(file(name));
        const from = Math.round(bytes.length * 0.2);
        bytes.fill(0, from, from + Math.round(bytes.length * 0.08));
        await fs.writeFile(file(name), bytes);
        const audio = await prepare(name, way);
        await assertSpeechAt(audio, 10);
        assertLength(audio, 10 + SPEECH_S);
        assert.deepEqual(audio.remarks, [{ kind: 'damaged' }]);
      });
    }
  }

  for (const name of ['dated.ogg', 'dated.webm', 'dated.flac', 'dated.mp3']) {
    for (const way of waysOf(name)) {
      it(`takes the date that a program wrote (${name}, ${way})`, async function () {
        const date = '2025-03-01T14:00:00.000000Z';
        await make(this, name, '-i', jfkWav(), '-metadata', `creation_time=${date}`);
        assert.equal((await prepare(name, way)).recordedMs, Date.parse(date));
        await make(this, name, '-i', jfkWav());
        assert.equal((await prepare(name, way)).recordedMs, undefined);
      });
    }
  }

  for (const [name, date] of [
    ['recorder.mp3', '2025-03-01T14:00:09Z'],
    ['recorder.flac', '2025-03-01T14:00:09+00:00'],
    ['recorder.ogg', '2025-03-01T14:00:09Z'],
  ] as const) {
    for (const way of waysOf(name)) {
      it(`takes the date of a recorder’s tag (${name}, ${way})`, async function () {
        await make(this, name, '-i', jfkWav(), '-metadata', `date=${date}`);
        assert.equal((await prepare(name, way)).recordedMs, Date.UTC(2025, 2, 1, 14, 0, 9));
        await make(this, name, '-i', jfkWav(), '-metadata', 'date=2025-03-01');
        assert.equal((await prepare(name, way)).recordedMs, undefined);
      });
    }
  }

  it('takes the date that a camera wrote', async function () {
    const date = '2025-03-01T14:00:00.000000Z';
    await make(this, 'dated.mp4', '-i', jfkWav(), '-c:a', 'aac', '-metadata', `creation_time=${date}`);
    assert.equal((await prepare('dated.mp4')).recordedMs, Date.parse(date));
    await make(this, 'undated.mp4', '-i', jfkWav(), '-c:a', 'aac');
    assert.equal((await prepare('undated.mp4')).recordedMs, undefined);
  });

  it('takes the date that a field recorder wrote', async function () {
    const bext = [
      '-write_bext',
      '1',
      '-metadata',
      'origination_date=2025-03-01',
      '-metadata',
      'origination_time=14:00:05',
    ];
    await make(this, 'field.wav', '-i', jfkWav(), ...bext);
    assert.equal((await prepare('field.wav')).recordedMs, new Date(2025, 2, 1, 14, 0, 5).getTime());
  });

  for (const [name, ...codec] of [
    ['speech.aiff'],
    ['speech.aifc', '-f', 'aiff', '-c:a', 'pcm_s16le'],
    ['speech24.aiff', '-c:a', 'pcm_s24be'],
    ['speech32.aifc', '-f', 'aiff', '-c:a', 'pcm_f32be'],
    ['speech.caf', '-c:a', 'pcm_s16be'],
    ['speech-le.caf', '-c:a', 'pcm_s16le'],
    ['speech-float.caf', '-c:a', 'pcm_f32le'],
    ['speech.w64'],
    ['speech-rf64.wav', '-rf64', 'always'],
  ] as const) {
    it(`gives the very samples of ${name}`, async function () {
      await make(this, name, '-i', jfkWav(), ...codec);
      const audio = await prepare(name);
      const bytes = (await fs.readFile(audio.path)).subarray(audio.dataOffsetBytes);
      assert.ok(bytes.subarray(0, 2 * audio.sampleCount).equals(speech));
    });
  }
});
