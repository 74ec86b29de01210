import { assert } from 'chai';
import fc from 'fast-check';
import { FRAME_SAMPLES, SpeechDetector, type Frame } from '../../../../src/core/audio/speechDetector';
import { SAMPLE_RATE_HZ } from '../../../../src/core/model';
import { SEED } from '../random';
import { anyShares, splitAt } from './splitAt';
import { framesToSeconds, joinSamples, noise, silence, speech, synthesize, tones } from './syntheticSpeech';

describe('SpeechDetector', () => {
  it('gives one frame per 10 ms, the last for what is left', () => {
    for (const length of [0, 1, 159, 160, 161, 16_000, 50_001]) {
      assert.lengthOf(detect(new Int16Array(length)), Math.ceil(length / FRAME_SAMPLES), `${length} samples`);
    }
  });

  it('gives the same frames however the samples are cut into blocks', () => {
    const { samples } = synthesize(
      silence(1),
      speech(2.3),
      silence(0.7),
      speech(4),
      silence(21.013),
      speech(31.5),
      silence(10),
      speech(2),
    );
    const expected = detect(samples);
    const cuts = anyShares(40);
    fc.assert(
      fc.property(cuts, (shares) => {
        assert.strictEqual(JSON.stringify(detect(samples, splitAt(samples, shares))), JSON.stringify(expected));
      }),
      { seed: SEED, numRuns: 25 },
    );
  }).timeout(20_000);

  it('gives frames while samples still come, some two seconds late', () => {
    const detector = new SpeechDetector();
    const given = detector.push(synthesize(speech(10)).samples).length;
    assert.isAbove(framesToSeconds(given), 7.5);
  });

  it('hears no speech in zeros, in a constant and in the converter’s own noise', () => {
    assertNoSpeech(new Int16Array(3 * SAMPLE_RATE_HZ));
    assertNoSpeech(new Int16Array(3 * SAMPLE_RATE_HZ).fill(20_000));
    assertNoSpeech(noise(3, 3));
  });

  it('hears no speech in sound of even loudness, however loud', () => {
    for (const amplitude of [100, 3000, 30_000]) {
      assertNoSpeech(noise(30, amplitude));
      assertNoSpeech(
        Int16Array.from({ length: 30 * SAMPLE_RATE_HZ }, (_, i) => {
          return amplitude * Math.sin((2 * Math.PI * 440 * i) / SAMPLE_RATE_HZ);
        }),
      );
    }
  });

  it('hears no speech in noise whose loudness varies by a few decibels', () => {
    assertNoSpeech(
      noise(30, 3000).map((sample, i) => sample * 10 ** (0.15 * Math.sin((8 * Math.PI * i) / SAMPLE_RATE_HZ))),
    );
  });

  it('hears no speech in the last steps of the converter, also over nothing at all', () => {
    const samples = new Int16Array(10 * SAMPLE_RATE_HZ);
    for (const atS of [2, 5, 8]) samples.set(noise(0.5, 2), atS * SAMPLE_RATE_HZ);
    assertNoSpeech(samples);
  });

  it('gets used to a noise that begins and stays, within 25 s', () => {
    const samples = noise(70, 1000);
    samples.set(noise(5, 4));
    const frames = detect(samples);
    assert.isFalse(frames.slice(3000).some(({ isSpeech }) => isSpeech));
  });

  it('hears no speech in a click of 20 ms, nor in someone typing', () => {
    const samples = noise(20, 4);
    const click = (atS: number): void => {
      const at = Math.round(atS * SAMPLE_RATE_HZ);
      samples.set(noise(0.02, 20_000), at);
    };
    click(2.003);
    for (let atS = 5; atS < 15; atS += 0.17) click(atS);
    assertNoSpeech(samples);
  });

  it('hears speech where it is, and pauses where nobody speaks', () => {
    const { samples, parts } = synthesize(
      silence(2),
      speech(1.5),
      silence(0.6),
      speech(3),
      silence(5),
      speech(0.4),
      silence(2),
    );
    const frames = detect(samples);
    for (const { kind, startS, endS } of parts) {
      // The beginnings and ends of syllables are soft, and speech reaches up to seven frames around its loud ones.
      const edgeS = 0.1;
      const inside = frames.slice((startS + edgeS) * 100, (endS - edgeS) * 100);
      assert.isNotEmpty(inside);
      assert.isTrue(
        inside.every(({ isSpeech }) => isSpeech === (kind === 'speech')),
        `${kind} from ${startS} to ${endS} s`,
      );
    }
  });

  it('hears speech that begins and ends with the file', () => {
    const frames = detect(synthesize(speech(1)).samples);
    assert.isAbove(frames.filter(({ isSpeech }) => isSpeech).length, 90);
  });

  it('hears speech over steady noise that it stands well above', () => {
    const { samples, parts } = synthesize(silence(3), speech(2), silence(3), speech(2), silence(3));
    const hum = noise(13, 400);
    const frames = detect(samples.map((sample, i) => sample + (hum[(i * 7) % hum.length] ?? 0)));
    for (const { kind, startS, endS } of parts) {
      const heard = frames.slice((startS + 0.15) * 100, (endS - 0.15) * 100).filter(({ isSpeech }) => isSpeech).length;
      const share = heard / ((endS - startS - 0.3) * 100);
      if (kind === 'speech') assert.isAbove(share, 0.9, `${kind} from ${startS} s`);
      else assert.strictEqual(heard, 0, `${kind} from ${startS} s`);
    }
  });

  describe('behind a sound that ends', () => {
    const room = noise(5, 4);
    const sounds: Readonly<Record<string, Int16Array>> = {
      'a tone of 100 Hz': tones(20, 10_000, 100),
      'a tone of 440 Hz': tones(20, 10_000, 440),
      'a tone of 3 kHz': tones(20, 10_000, 3000),
      'a soft tone': tones(20, 1000, 440),
      'a long tone': tones(90, 10_000, 440),
      'a chord': tones(20, 20_000, 262, 330, 392),
      'two notes in turn': joinSamples(...repeat(10, tones(1, 10_000, 220), tones(1, 9000, 330))),
      hum: tones(20, 6000, 50, 150),
      noise: noise(20, 6000),
      'a tone that began after silence': joinSamples(room, tones(30, 10_000, 440)),
      'noise that began after nothing at all': joinSamples(new Int16Array(room.length), noise(30, 6000)),
      'a tone and a short pause': joinSamples(tones(20, 10_000, 440), noise(0.3, 4)),
      'a tone that fades for 2 s': tones(22, 10_000, 440).map((sample, i) => {
        return sample * 10 ** (-1.5 * Math.max(0, i / SAMPLE_RATE_HZ - 20));
      }),
      'loud noise and 1 s of softer noise': joinSamples(noise(20, 6000), noise(1, 60)),
    };
    for (const [name, sound] of Object.entries(sounds)) {
      it(`hears speech from its first syllable: ${name}`, () => {
        for (const weakening of [1, 3, 30]) {
          const spoken = joinSamples(synthesize(speech(8)).samples, room).map((sample) => sample / weakening);
          const heard = detect(joinSamples(sound, spoken)).slice(sound.length / FRAME_SAMPLES);
          // What the last syllable's fading reaches behind the speech is another matter.
          const expected = detect(spoken).slice(0, 800);
          const lost = heard.findIndex(({ isSpeech }, i) => expected[i]?.isSpeech === true && !isSpeech);
          assert.strictEqual(lost, -1, `lost at ${framesToSeconds(lost)} s where the speech is 1/${weakening}`);
        }
      });
    }

    it('hears speech over a fan that goes on', () => {
      const spoken = joinSamples(synthesize(speech(8)).samples, room).map((sample) => sample / 3);
      const fan = noise(13, 60);
      const over = joinSamples(
        tones(20, 10_000, 440),
        spoken.map((sample, i) => sample + (fan[(i * 7) % fan.length] ?? 0)),
      );
      const heard = detect(over).slice(2000, 2800);
      assert.isAbove(heard.filter(({ isSpeech }) => isSpeech).length, 780);
      assert.isTrue(heard[10]?.isSpeech);
    });

    it('hears nothing in what goes on softer', () => {
      assertNoSpeech(joinSamples(noise(20, 6000), noise(20, 600), noise(20, 60), noise(20, 6)));
      assertNoSpeech(joinSamples(tones(20, 10_000, 440), tones(20, 1000, 3000), noise(20, 6), new Int16Array(32_000)));
    });

    it('gets used to a sound again that pauses for a moment', () => {
      const samples = joinSamples(noise(20, 1000), noise(0.25, 4), noise(20, 1000));
      // A pause is a tenth of what is looked at for ten times its length.
      assert.isFalse(
        detect(samples)
          .slice(2025 + 250)
          .some(({ isSpeech }) => isSpeech),
      );
    });
  });

  it('tells a frame’s level in decibels without its mean', () => {
    const frame = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => 1000 + (i % 2 === 0 ? 100 : -100));
    assert.closeTo(detect(frame)[0]?.levelDb ?? NaN, 40, 0.01);
  });
});

function repeat(times: number, ...parts: readonly Int16Array[]): Int16Array[] {
  return Array.from({ length: times }, () => parts).flat();
}

function detect(samples: Int16Array, blocks: readonly Int16Array[] = [samples]): Frame[] {
  const detector = new SpeechDetector();
  return [...blocks.flatMap((block) => detector.push(block)), ...detector.end()];
}

function assertNoSpeech(samples: Int16Array): void {
  const at = detect(samples).findIndex(({ isSpeech }) => isSpeech);
  assert.strictEqual(at, -1, `speech at ${framesToSeconds(at)} s`);
}
