import assert from 'node:assert/strict';
import { problemAtStart, problemWhileRecording } from '../../../../src/node/microphone/recorderProblem';

/** As the programs say it on Debian 12; ALSA says much before the line that counts. */
const ALSA = "ALSA lib confmisc.c:855:(parse_card) cannot find card '0'\nALSA lib pcm.c:2666: Unknown PCM default\n";

describe('problemAtStart', () => {
  for (const [said, code, reason] of [
    [
      `${ALSA}rec FAIL sox: Sorry, there is no default audio device configured\n`,
      'microphoneMissing',
      'Sorry, there is no default audio device configured',
    ],
    [
      "sox FAIL formats: can't open input  `default': can not open audio device: Connection refused\n",
      'microphoneMissing',
      "can't open input  `default': can not open audio device: Connection refused",
    ],
    [
      `${ALSA}arecord: main:831: audio open error: No such file or directory\n`,
      'microphoneMissing',
      /^audio open error/,
    ],
    [
      'Connection failure: Connection refused\npa_context_connect() failed: Connection refused\n',
      'microphoneMissing',
      /^pa_/,
    ],
    ['Stream error: No such entity\n', 'microphoneMissing', 'Stream error: No such entity'],
    ['arecord: main:831: audio open error: Device or resource busy\n', 'microphoneBusy', /busy$/],
    ['sox: error while loading shared libraries: libsox.so.3\n', 'recorderFailed', /libsox/],
    ['', 'recorderFailed', 'it ended with code 0'],
  ] as const) {
    it(`takes "${said.trim().split('\n').at(-1)}" for ${code}`, () => {
      const problem = problemAtStart({ recorder: 'sox', said, end: 0 });
      assert.equal(problem.code, code);
      assert.ok('reason' in problem);
      if (typeof reason === 'string') assert.equal(problem.reason, reason);
      else assert.match(problem.reason, reason);
    });
  }

  it('knows a program that is not there', () => {
    assert.deepEqual(problemAtStart({ recorder: 'sox', said: '', end: 'ENOENT' }), { code: 'recorderMissing' });
  });
});

describe('problemWhileRecording', () => {
  it('takes every end for a failure, a successful one as well', () => {
    assert.deepEqual(problemWhileRecording({ recorder: 'sox', said: '', end: 0 }, 5), {
      code: 'recorderEnded',
      atS: 5,
      recorder: 'sox',
      reason: 'it ended with code 0',
    });
    assert.deepEqual(problemWhileRecording({ recorder: 'parec', said: 'Stream error: Entity killed\n', end: 1 }, 0.5), {
      code: 'recorderEnded',
      atS: 0.5,
      recorder: 'parec',
      reason: 'Stream error: Entity killed',
    });
  });
});
