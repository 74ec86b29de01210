import assert from 'node:assert/strict';
import type { ScriptedAnswer } from '../../fakes/scriptedServer';
import { cloudflare1010, error, htmlError, stringError } from '../../fakes/speechAnswers';
import { outOfOrder, withServer } from '../speechServer';
import { inWorkspace, isInWorkspace, message, needsUi, setKey, tidyUp, transcribe, ui } from '../window';

/** Long enough to hide nothing, and never to be taken for a word. */
const KEY = 'key-of-these-tests-0123456789';

interface Refusal {
  /** Every request gets it. */
  readonly answer: ScriptedAnswer;
  /** What the message must say beside the host. */
  readonly says: readonly string[];
  /** In their order; Try Again is the last, unless the same would fail again. */
  readonly buttons: readonly string[];
  /** One where absent: what cannot pass is never sent again. */
  readonly requestCount?: number;
  readonly isHopeless?: boolean;
  readonly key?: string;
}

const SETTING = ['Open Setting'];
const KEY_BUTTON = ['Set API Key…'];
const LOG = ['Show Log'];
/** Who cannot read FLAC is sent WAV. */
const AS_FLAC_AND_WAV = 2;
/** The first attempt and four more. */
const ALL_ATTEMPTS = 5;

describe('An endpoint that refuses gets one message with its name and the next step:', function () {
  this.timeout(40_000);
  before(function () {
    needsUi(this);
  });
  afterEach(tidyUp);

  const refused = (
    title: string,
    { answer, says, buttons, requestCount = 1, key, isHopeless = false }: Refusal,
  ): void => {
    it(title, async () => {
      await withServer(
        () => answer,
        async (server) => {
          if (key !== undefined) await setKey(server.host, key);
          await transcribe(inWorkspace('again.wav'));
          const text = await message(says[0] ?? '');
          for (const part of [server.host, ...says]) assert.ok(text.includes(part), text);
          assert.ok(!text.includes(KEY), text);
          const expected = isHopeless ? buttons : [...buttons, 'Try Again'];
          assert.deepEqual(await ui('notificationButtons', { text: says[0] ?? '' }), expected);
          assert.ok(text.endsWith('(again.wav)'), text);
          assert.equal(server.requests.length, requestCount);
          assert.equal(isInWorkspace('again.md'), false, 'no note without text');
        },
      );
    });
  };

  refused('400 for a file that it cannot read', {
    answer: error(400, { message: 'could not process file - is it a valid media file?', code: 'invalid_media_file' }),
    says: ['cannot read the audio: could not process file', 'Check that it plays'],
    buttons: LOG,
    requestCount: AS_FLAC_AND_WAV,
  });
  refused('400 for a type of file that it does not take', {
    answer: error(400, { message: 'file must be one of flac mp3', code: 'unsupported_audio_format' }),
    says: ['cannot read the audio: file must be one of', 'the recording is kept'],
    buttons: LOG,
    requestCount: AS_FLAC_AND_WAV,
  });
  refused('400 for a file that is too short', {
    answer: error(400, { message: 'Audio file is too short. Minimum audio length is 0.01 seconds.' }),
    says: ['cannot read the audio: Audio file is too short'],
    buttons: LOG,
  });
  refused('400 for anything else', {
    answer: error(400, { message: 'unknown field "task"' }),
    says: ['refused the request (400): unknown field "task"', 'Minutes: Test Connection'],
    buttons: LOG,
  });
  refused('401 without a key', {
    answer: error(401),
    says: ['wants an API key: none is set'],
    buttons: KEY_BUTTON,
    isHopeless: true,
  });
  refused('401 with a key', {
    answer: error(401, { message: `Incorrect API key provided: ${KEY}.`, code: 'invalid_api_key' }),
    says: ['refused the API key', 'Set a valid one'],
    buttons: KEY_BUTTON,
    isHopeless: true,
    key: KEY,
  });
  refused('402, no credit', {
    answer: error(402, { message: 'Payment required.' }),
    says: ['No credit is left at', 'Payment required', 'Add some there'],
    buttons: LOG,
  });
  refused('403, a key that may not', {
    answer: error(403, { message: `${KEY} has no access to audio` }),
    says: ['forbids the request: … has no access to audio', 'check its permissions'],
    buttons: KEY_BUTTON,
    key: KEY,
  });
  refused("403, Cloudflare's 1010, which is not about the key", {
    answer: cloudflare1010(),
    says: ['A firewall blocked the request to', 'error code: 1010', 'The key is not the cause'],
    buttons: LOG,
    key: KEY,
  });
  refused("403, a proxy's page, which is not about the key", {
    answer: htmlError(403, 'Access denied by policy'),
    says: ['something on the way answered', 'Access denied by policy', 'Check the proxy settings', 'not the cause'],
    buttons: LOG,
    key: KEY,
  });
  refused('407, a proxy that wants a password', {
    answer: htmlError(407, 'Proxy Authentication Required'),
    says: ['something on the way answered (407', 'Check the proxy settings'],
    buttons: LOG,
  });
  refused('404, an address or a model that it does not know', {
    answer: error(404, { message: 'no such model', code: 'model_not_found' }),
    says: ['knows no such address or model ("whisper-large-v3-turbo"): no such model', 'check minutes.endpoint'],
    buttons: ['Online Models…'],
  });
  refused('404 as a string, as servers at home put it', {
    answer: stringError(404, 'Not here'),
    says: ['knows no such address or model', 'Not here'],
    buttons: ['Online Models…'],
  });
  refused('413, also in the smallest pieces', {
    answer: htmlError(413, 'Request Entity Too Large'),
    says: ['takes no request of', 'MB', 'raise the limit of the server or of the proxy'],
    buttons: LOG,
    // The whole, and its first half, which is too short to be cut again.
    requestCount: 2,
  });
  for (const status of [422, 424]) {
    refused(String(status), {
      answer: error(status, { message: 'cannot be done' }),
      says: [`refused the request (${status}): cannot be done`, 'Minutes: Test Connection'],
      buttons: LOG,
    });
  }
  refused('429, no credit, which no waiting brings', {
    answer: error(429, { message: 'You exceeded your current quota.', code: 'insufficient_quota' }),
    says: ['No credit is left at', 'You exceeded your current quota', 'choose another endpoint'],
    buttons: LOG,
  });
  for (const status of [408, 409, 498, 500, 502, 503]) {
    refused(`${status}, after as many attempts as are worth it`, {
      answer: outOfOrder(status),
      says: [`failed (${status}): out of order`, 'Try again'],
      buttons: LOG,
      requestCount: ALL_ATTEMPTS,
    });
  }
  refused('504, after two attempts, as after a time-out', {
    answer: outOfOrder(504),
    says: ['failed (504): out of order', 'Try again'],
    buttons: LOG,
    requestCount: 2,
  });
  refused("502, a proxy's page", {
    answer: { ...htmlError(502, 'Bad Gateway'), headers: { 'content-type': 'text/html', 'retry-after': '0' } },
    says: ['failed (502): Bad Gateway'],
    buttons: LOG,
    requestCount: ALL_ATTEMPTS,
  });
  refused('a connection that breaks', {
    answer: { reset: 'beforeHeaders' },
    says: ['cannot be reached (ECONNRESET)', 'Check the network and the endpoint'],
    buttons: SETTING,
    requestCount: ALL_ATTEMPTS,
  });
  refused('a page that says 200', {
    answer: { body: '<html><title>Welcome to the hotel</title></html>', headers: { 'content-type': 'text/html' } },
    says: ['something on the way answered (200: "Welcome to the hotel")', 'a log-in page of the network'],
    buttons: LOG,
  });
  refused('an answer that says 200 and is cut off', {
    answer: { body: '{"text": "And so' },
    says: ['did not answer with a text', 'OpenAI-compatible'],
    buttons: LOG,
  });
});
