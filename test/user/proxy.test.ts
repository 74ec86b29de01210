import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ScriptedServer } from '../fakes/scriptedServer';
import { groqVerboseJson, spoken } from '../fakes/speechAnswers';
import { dialogButton } from '../host/messages';
import { palette } from '../host/quickInput';
import { until } from '../host/until';
import { jfkWav } from '../speech';
import { contextMenuEntry } from './contextMenu';
import { CERTIFICATE, SECURE_HOST, SecureProxy } from './secureProxy';
import { startUserSession, type UserSession } from './userSession';

describe('A user behind the proxy of a company', function () {
  this.timeout(180_000);
  let server: ScriptedServer;
  let proxy: SecureProxy;
  let session: UserSession | undefined;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'minutes-proxy-'));
    writeFileSync(path.join(folder, 'company.pem'), CERTIFICATE);
    server = await ScriptedServer.start(() => groqVerboseJson(spoken('Through the proxy.')));
    proxy = await SecureProxy.start(server.port);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await session?.shoot(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
    await session?.close();
    session = undefined;
    await proxy.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const works = (
    title: string,
    told: () => { settings?: Readonly<Record<string, unknown>>; env?: Readonly<Record<string, string>> },
  ): void => {
    it(title, async () => {
      const { settings, env } = told();
      session = await startUserSession({
        files: { 'jfk.wav': jfkWav() },
        settings: { 'minutes.endpoint': `https://${SECURE_HOST}/v1`, ...settings },
        // As a company's certificate in the system: known to all that VS Code starts.
        env: { NODE_EXTRA_CA_CERTS: path.join(folder, 'company.pem'), ...env },
      });
      const { page, workspace } = session;
      await (await contextMenuEntry(page, 'jfk.wav', 'Transcribe Audio')).click();
      await dialogButton(page, 'Send', SECURE_HOST);
      const note = path.join(workspace, 'jfk.md');
      await until(() => existsSync(note) && readFileSync(note, 'utf8').includes('Through the proxy.'), {
        what: `the note, with ${JSON.stringify(proxy.asked)} asked of the proxy`,
        timeoutMs: 30_000,
      });
      // Nothing but the proxy knows that name.
      assert.ok(proxy.asked.includes(`CONNECT ${SECURE_HOST}:443`), proxy.asked.join());
      assert.equal(server.requests.length, 1);
      assert.equal(server.requests[0]?.headers.host, SECURE_HOST);
      assert.match(server.requests[0].headers['user-agent'] ?? '', /^Minutes\//);
      const sent = server.requests[0].files[0]?.bytes.subarray(44);
      assert.ok(sent && sent.length > 0 && readFileSync(jfkWav()).includes(sent), 'every sample');
      await palette(page, 'Minutes: Show Log');
      const output = page.locator('.output-view .view-lines');
      const isTold = async (): Promise<boolean> => (await output.innerText()).includes('a proxy is set');
      await until(isTold, { what: 'the log', timeoutMs: 20_000 });
      await session.shoot(`user-50-${title.replace(/\W+/g, '-')}`);
    });
  };

  works('transcribes through the one in the setting http.proxy', () => ({ settings: { 'http.proxy': proxy.origin } }));
  works('transcribes through the one in the variable HTTPS_PROXY', () => ({ env: { HTTPS_PROXY: proxy.origin } }));
});
