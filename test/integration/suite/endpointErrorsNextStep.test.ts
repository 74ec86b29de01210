import assert from 'node:assert/strict';
import tls from 'node:tls';
import { commands, window, workspace } from 'vscode';
import { SELF_SIGNED } from '../../fakes/certificate';
import { RawServer } from '../../fakes/rawServer';
import { ScriptedServer, type ScriptedAnswer } from '../../fakes/scriptedServer';
import { error, groqVerboseJson, rateLimited, redirect, spoken } from '../../fakes/speechAnswers';
import { outOfOrder, withServer } from '../speechServer';
import {
  inWorkspace,
  isInWorkspace,
  message,
  needsUi,
  noMessages,
  set,
  setKey,
  tidyUp,
  transcribe,
  ui,
  until,
} from '../window';

/** Long enough to hide nothing, and never to be taken for a word. */
const KEY = 'key-of-these-tests-0123456789';

describe('An endpoint that refuses gets one message with its name and the next step:', function () {
  this.timeout(40_000);
  before(function () {
    needsUi(this);
  });
  afterEach(tidyUp);

  it('429, longer than anybody sits through: when it goes on, and a button that waits so long', async () => {
    await withServer([rateLimited('2h', 7200)], async (server) => {
      await transcribe(inWorkspace('again.wav'));
      const text = await message('pauses until');
      // With the day where that is tomorrow.
      const time = '(\\d{4}-\\d\\d-\\d\\d )?\\d\\d:\\d\\d';
      assert.match(text, new RegExp(`${server.host} pauses until ${time}: Rate limit reached.*is kept`, 's'));
      const [later = '', ...others] = await ui('notificationButtons', { text: 'pauses until' });
      assert.match(later, new RegExp(`^Continue at ${time}$`));
      assert.deepEqual(others, ['Try Again']);
      assert.equal(server.requests.length, 1);
      await ui('clickNotificationButton', { text: 'pauses until', button: later });
      assert.match(await message('again.wav goes on at'), /1:\d\d:\d\d$/);
      await ui('clickNotificationButton', { text: 'again.wav goes on at', button: 'Cancel' });
    });
  });

  it('a redirect: neither the key nor the recording follows it', async () => {
    const elsewhere = await ScriptedServer.start([groqVerboseJson(spoken('Not here.'))]);
    try {
      const location = `${elsewhere.baseUrl}/audio/transcriptions`;
      await withServer([redirect(location)], async (server) => {
        await setKey(server.host, KEY);
        await transcribe(inWorkspace('again.wav'));
        const text = await message('sends requests on');
        for (const part of [server.host, location, 'no key is sent unasked', 'set minutes.endpoint to it'])
          assert.ok(text.includes(part), text);
        assert.deepEqual(await ui('notificationButtons', { text: 'sends requests on' }), ['Open Setting', 'Try Again']);
        assert.equal(elsewhere.connectionCount, 0);
      });
    } finally {
      await elsewhere.close();
    }
  });

  it('a certificate that neither Minutes nor the editor trusts', async () => {
    const server = await RawServer.start(() => undefined, tls.createServer(SELF_SIGNED));
    try {
      await set('minutes.endpoint', `${server.secureOrigin}/v1`);
      await transcribe(inWorkspace('again.wav'));
      const text = await message('is not accepted');
      const says = `The certificate of 127.0.0.1:${server.port} is not accepted (DEPTH_ZERO_SELF_SIGNED_CERT).`;
      for (const part of [says, 'install its certificate in the system']) assert.ok(text.includes(part), text);
      assert.deepEqual(await ui('notificationButtons', { text: 'is not accepted' }), ['Open Setting', 'Try Again']);
    } finally {
      await server.close();
    }
  });

  it('what passes is tried again by itself, and nobody hears of it', async () => {
    await withServer([outOfOrder(503), groqVerboseJson(spoken('It works.'))], async (server) => {
      await transcribe(inWorkspace('again.wav'));
      assert.equal(isInWorkspace('again.md'), true);
      assert.equal(server.requests.length, 2);
      await until(async () => (await ui('count', { selector: '.notification-toast' })) === 0, { what: 'no message' });
    });
    await workspace.fs.delete(inWorkspace('again.md'));
  });

  const leadsTo = (title: string, answer: ScriptedAnswer, button: string, has: string): void => {
    it(`${button} ${title}`, async () => {
      await withServer([answer], async (server) => {
        await transcribe(inWorkspace('again.wav'));
        await ui('clickNotificationButton', { text: server.host, button });
        await ui('waitQuickInput', { has });
        await ui('press', { key: 'Escape' });
        // Nobody chose anything, so nothing is tried again.
        await noMessages();
        assert.equal(server.requests.length, 1);
      });
    });
  };
  leadsTo(
    'leads to the choice of a model',
    error(404, { message: 'no such model' }),
    'Online Models…',
    'Choose a model',
  );
  leadsTo('leads to the key of that endpoint', error(401), 'Set API Key…', 'API key for 127.0.0.1');

  it('a key that is set from the message is used at once', async () => {
    await withServer([error(401), groqVerboseJson(spoken('It works.'))], async (server) => {
      await transcribe(inWorkspace('again.wav'));
      await ui('clickNotificationButton', { text: 'wants an API key', button: 'Set API Key…' });
      await ui('answerQuickInput', { text: KEY, has: `API key for ${server.host}` });
      await until(() => isInWorkspace('again.md'), { what: 'the note' });
      assert.equal(server.requests[1]?.headers.authorization, `Bearer ${KEY}`);
      await until(() => window.activeTextEditor !== undefined, { what: 'its editor' });
    });
    await workspace.fs.delete(inWorkspace('again.md'));
  });

  it('Show Log opens the log, which has what the endpoint said', async () => {
    await withServer([error(400, { message: 'unknown field "task"' })], async (server) => {
      await transcribe(inWorkspace('again.wav'));
      await ui('clickNotificationButton', { text: 'unknown field', button: 'Show Log' });
      const shown = (): Promise<string> => ui('text', { selector: '.output-view .view-lines' });
      await until(async () => (await shown()).includes('unknown field "task"'), { what: 'the log', timeoutMs: 20_000 });
      assert.match(await shown(), new RegExp(`\\[info\\] #\\d+\\.1 ${server.host}: sends \\d+ bytes, /v1/audio/`));
      assert.match(await shown(), new RegExp(`\\[warning\\] #\\d+\\.1 ${server.host}: 400 after \\d+ ms`));
      await commands.executeCommand('workbench.action.closePanel');
    });
  });
});
