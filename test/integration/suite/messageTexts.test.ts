import assert from 'node:assert/strict';
import type { Problem } from '../../../src/core/errors';
import type { ProblemOf } from '../../../src/shell/words/messageTable';
import { describeWithRetry } from '../../../src/shell/recording/continueLater';
import { describeProblem } from '../../../src/shell/words/messages';
import { MinutesError } from '../../../src/core/errors';

/** A toast without buttons shows one line. In a narrow window that is about so many characters. */
const LINE = 50;
/** What ends the outcome: behind it stand the details, what is kept, and what to do next. */
const OUTCOME_ENDS = /[.:;](?=\s|$)|\s[("]?\(/;

const FILE = 'team meeting.m4a';
const MEETING = '2026-03-01-1402-meeting.wav';
const GROQ = 'api.groq.com';
const OPENAI = 'api.openai.com';
const ENGINE = { kind: 'embedded' } as const;
const MODEL = 'openai/whisper-small';
const TURBO = 'whisper-large-v3-turbo';
const HUB = 'huggingface.co';
const FOLDER = '/home/ada/.config/Code/User/globalStorage/minutes.minutes/recordings';
/** A reason from elsewhere: it may be long. */
const REASON = 'A reason that somebody else gave, in as many words as they had at hand';

/** Each problem with usual names, and with the longest that are usual. */
const SAMPLES: { readonly [Code in Problem['code']]: readonly ProblemOf<Code>[] } = {
  fileEmpty: [{ code: 'fileEmpty', file: FILE }],
  fileUnreadable: [{ code: 'fileUnreadable', file: FILE, reason: REASON }],
  fileNotOnDisk: [{ code: 'fileNotOnDisk', file: FILE, reason: REASON }],
  notAudio: [{ code: 'notAudio', file: FILE, reason: REASON }],
  noAudioTrack: [{ code: 'noAudioTrack', file: FILE }],
  ffmpegMissing: [{ code: 'ffmpegMissing', file: FILE }],
  noSpeech: [
    { code: 'noSpeech', file: FILE },
    { code: 'noSpeech', file: MEETING },
  ],
  uncutTooLarge: [{ code: 'uncutTooLarge', file: FILE, sizeBytes: 90_000_000, limitBytes: 25_000_000 }],
  diskFull: [{ code: 'diskFull', path: FOLDER }],
  transcriptBusy: [{ code: 'transcriptBusy', file: FILE }],
  recordingGone: [{ code: 'recordingGone', file: FILE }],
  recorderMissing: [{ code: 'recorderMissing' }],
  microphoneMissing: [{ code: 'microphoneMissing', reason: REASON }],
  microphoneBusy: [{ code: 'microphoneBusy', reason: REASON }],
  microphoneSilent: [{ code: 'microphoneSilent' }],
  microphoneStalled: [{ code: 'microphoneStalled' }],
  recorderFailed: [{ code: 'recorderFailed', recorder: 'sox', reason: REASON }],
  recorderEnded: [{ code: 'recorderEnded', recorder: 'sox', reason: REASON, atS: 5.4 }],
  deviceMissing: [
    { code: 'deviceMissing', device: 'alsa_input.usb-Blue_Yeti-00.analog-stereo', reason: REASON, purpose: 'meeting' },
  ],
  microphoneLost: [{ code: 'microphoneLost', atS: 3605.2 }],
  microphoneMoved: [{ code: 'microphoneMoved', device: 'Built-in Audio Analog Stereo' }],
  microphoneReplaced: [{ code: 'microphoneReplaced', device: 'alsa_input.usb-Blue_Yeti-00.analog-stereo' }],
  machineSlept: [{ code: 'machineSlept', forMs: 7_205_000 }],
  alreadyRecording: [
    { code: 'alreadyRecording', window: 'notes', purpose: 'meeting', sinceMs: Date.now() },
    { code: 'alreadyRecording', window: '', purpose: 'meeting', sinceMs: Date.now() },
  ],
  recordingUnwritable: [{ code: 'recordingUnwritable', path: FOLDER, reason: REASON }],
  endpointInvalid: [{ code: 'endpointInvalid', endpoint: 'grok' }],
  endpointInsecure: [{ code: 'endpointInsecure', endpoint: 'http://speech.example.org:8000/v1' }],
  endpointUnreachable: eachHost((host) => ({ code: 'endpointUnreachable', host, reason: REASON })),
  endpointTimedOut: eachHost((host) => ({ code: 'endpointTimedOut', host, reason: REASON })),
  certificateUntrusted: [
    { code: 'certificateUntrusted', host: GROQ, reason: REASON },
    { code: 'certificateUntrusted', host: OPENAI, reason: REASON },
  ],
  keyMissing: eachHost((host) => ({ code: 'keyMissing', host })),
  keyRejected: eachHost((host) => ({ code: 'keyRejected', host })),
  forbidden: eachHost((host) => ({ code: 'forbidden', host, reason: REASON })),
  clientBlocked: [
    { code: 'clientBlocked', host: GROQ, reason: REASON },
    { code: 'clientBlocked', host: OPENAI, reason: REASON },
  ],
  proxyAnswered: eachHost((host) => ({ code: 'proxyAnswered', host, status: 200, reason: REASON })),
  redirected: eachHost((host) => ({ code: 'redirected', host, location: 'https://speech.example.org/v1' })),
  notFound: eachHost((host) => ({ code: 'notFound', host, model: TURBO, reason: REASON })),
  languageUnsupported: eachHost((host) => ({ code: 'languageUnsupported', host, language: 'yue' })),
  translationUnsupported: [
    ...eachHost((host) => ({ code: 'translationUnsupported', host, model: TURBO })),
    { code: 'translationUnsupported', host: GROQ, model: TURBO, instead: 'whisper-large-v3' },
  ],
  urlInvalid: [{ code: 'urlInvalid', url: 'http://www.example.org/recordings/2026/meeting.mp3' }],
  urlHasPassword: [{ code: 'urlHasPassword', host: 'recordings.example.org' }],
  urlUnsupported: eachHost((host) => ({ code: 'urlUnsupported', host })),
  fileRefused: [
    ...eachHost((host) => ({ code: 'fileRefused', host, reason: REASON })),
    { code: 'fileRefused', host: OPENAI, reason: REASON, audioKind: 'file' },
  ],
  tooLarge: [
    ...eachHost((host) => ({ code: 'tooLarge', host, sizeBytes: 90_000_000 })),
    { code: 'tooLarge', host: OPENAI, sizeBytes: 90_000_000, audioKind: 'file' },
    { code: 'tooLarge', host: OPENAI, sizeBytes: 0, audioKind: 'url' },
  ],
  rateLimited: eachHost((host) => ({ code: 'rateLimited', host, reason: REASON })),
  paused: [
    { code: 'paused', host: GROQ, untilMs: Date.now() + 30_000, reason: REASON },
    { code: 'paused', host: OPENAI, untilMs: Date.now() + 48 * 3_600_000, reason: 'quota' },
  ],
  quotaExhausted: eachHost((host) => ({ code: 'quotaExhausted', host, reason: REASON })),
  requestRefused: eachHost((host) => ({ code: 'requestRefused', host, status: 400, reason: REASON })),
  endpointFailed: [
    ...eachHost((host) => ({ code: 'endpointFailed', host, status: 502, reason: REASON }) as const),
    { code: 'endpointFailed', host: 'speech.example.org:8000', status: 500, reason: '', model: MODEL },
  ],
  responseUnreadable: eachHost((host) => ({ code: 'responseUnreadable', host, reason: REASON })),
  engineFilesMissing: [{ code: 'engineFilesMissing', missing: 'onnxruntime-node', looked: FOLDER }],
  modelMissing: [{ code: 'modelMissing' }],
  modelNotInstalled: [{ code: 'modelNotInstalled', model: MODEL }],
  engineFailed: [{ code: 'engineFailed', reason: REASON }],
  recordingUnreachable: [{ code: 'recordingUnreachable', host: 'recordings.example.org', reason: REASON }],
  recordingRefused: [401, 404, 302, 500].map((status) => ({
    code: 'recordingRefused',
    host: 'recordings.example.org',
    status,
  })),
  recordingIsPage: [{ code: 'recordingIsPage', host: 'recordings.example.org' }],
  recordingTooLarge: [{ code: 'recordingTooLarge', file: FILE, limitBytes: 4e9 }],
  modelNameInvalid: [{ code: 'modelNameInvalid', model: 'whisper-base' }],
  hubInvalid: [{ code: 'hubInvalid', hub: 'http://models.example.org:8000/mirror' }],
  hubUnreachable: [{ code: 'hubUnreachable', host: HUB, reason: REASON }],
  hubFailed: [{ code: 'hubFailed', host: HUB, status: 502, reason: REASON }],
  modelUnknown: [{ code: 'modelUnknown', host: HUB, model: MODEL }],
  modelIncomplete: [{ code: 'modelIncomplete', model: MODEL, missing: ['tokenizer.json'] }],
  modelNotWhisper: [{ code: 'modelNotWhisper', model: MODEL, reason: REASON }],
  downloadCorrupt: [{ code: 'downloadCorrupt', model: MODEL, file: 'model.safetensors' }],
  downloadBroken: [{ code: 'downloadBroken', host: HUB, file: 'model.safetensors', reason: REASON }],
  modelTooLargeForDisk: [{ code: 'modelTooLargeForDisk', path: FOLDER, neededBytes: 2e9, freeBytes: 1e9 }],
  modelsFolderUnusable: [{ code: 'modelsFolderUnusable', path: FOLDER, reason: REASON }],
  modelBusy: [{ code: 'modelBusy', model: MODEL }],
  modelPreparationFailed: [{ code: 'modelPreparationFailed', model: MODEL, reason: REASON }],
};
const PROBLEMS: readonly Problem[] = Object.values(SAMPLES).flat();

/** The same problem of three hosts. */
function eachHost<One extends Problem>(problemOf: (host: typeof GROQ | typeof OPENAI | typeof ENGINE) => One): One[] {
  return [problemOf(GROQ), problemOf(OPENAI), problemOf(ENGINE)];
}

/** What a message says before its details. */
function outcomeOf(text: string): string {
  const end = OUTCOME_ENDS.exec(text)?.index ?? text.length;
  return text.slice(0, end);
}

describe('The messages', () => {
  it('begin with the outcome, in one line', () => {
    const tooLong = PROBLEMS.map((problem) => describeProblem(problem).text)
      .filter((text) => outcomeOf(text).length > LINE)
      .map((text) => `${outcomeOf(text).length}: ${text}`);
    assert.deepEqual(tooLong, []);
  });

  it('keep the outcome first where they name the recording, and name it once', () => {
    for (const problem of PROBLEMS) {
      const { text } = describeWithRetry(new MinutesError(problem), FILE, () => undefined);
      assert.equal(outcomeOf(text), outcomeOf(describeProblem(problem).text));
      assert.ok(text.split(FILE).length <= 2, text);
    }
  });

  it('have whole sentences', () => {
    for (const problem of PROBLEMS) assert.match(describeProblem(problem).text, /^["\p{L}\p{N}].*[.)]$/u);
  });

  it('do not repeat what a recorder said', () => {
    for (const problem of PROBLEMS.filter(({ code }) => /^microphone|^recorder/.test(code)))
      assert.doesNotMatch(describeProblem(problem).text, /somebody else|sox\b.*says/);
  });

  it('say where the microphone was lost, and that no microphone is there', () => {
    assert.equal(
      describeProblem(SAMPLES.recorderEnded[0] ?? assert.fail()).text,
      'Microphone lost at 0:05; text kept.',
    );
    assert.match(describeProblem({ code: 'microphoneMissing', reason: REASON }).text, /^No microphone found\. /);
  });

  it('name the window that records, and since when', () => {
    const sinceMs = new Date().setHours(14, 2);
    const { text } = describeProblem({ code: 'alreadyRecording', window: 'notes', purpose: 'meeting', sinceMs });
    assert.equal(text, 'Window notes is recording a meeting since 14:02. Stop it there first.');
  });

  it('name the microphone that is not there, and offer another one and the default', () => {
    const { text, actions } = describeProblem({ code: 'deviceMissing', device: 'usb-Yeti', reason: REASON });
    assert.match(text, /^Microphone not found: usb-Yeti\./);
    assert.deepEqual(
      actions.map(({ title }) => title),
      ['Choose Microphone…', 'Record Default'],
    );
  });

  it('offer no second try of what would fail again', () => {
    const offersAgain = (problem: Problem): boolean =>
      describeWithRetry(new MinutesError(problem), FILE, () => undefined).actions.some(
        ({ title }) => title === 'Try Again',
      );
    // Too large is hopeless for an address only: a server's limit can be raised.
    const hopeless = new Set(PROBLEMS.filter((problem) => !offersAgain(problem)).map(({ code }) => code));
    assert.deepEqual([...hopeless].sort(), [
      'alreadyRecording',
      'endpointInsecure',
      'endpointInvalid',
      'fileEmpty',
      'keyMissing',
      'keyRejected',
      'languageUnsupported',
      'modelMissing',
      'modelNotInstalled',
      'noAudioTrack',
      'noSpeech',
      'notAudio',
      'recordingIsPage',
      'recordingTooLarge',
      'tooLarge',
      'translationUnsupported',
      'urlHasPassword',
      'urlInvalid',
      'urlUnsupported',
    ]);
    assert.ok(offersAgain({ code: 'tooLarge', host: OPENAI, sizeBytes: 1 }));
    assert.ok(!offersAgain({ code: 'tooLarge', host: OPENAI, sizeBytes: 0, audioKind: 'url' }));
  });
});
