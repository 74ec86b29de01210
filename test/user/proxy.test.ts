import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SELF_SIGNED } from '../fakes/certificate';
import { RawServer } from '../fakes/rawServer';
import { ScriptedServer } from '../fakes/scriptedServer';
import { groqVerboseJson, spoken } from '../fakes/speechAnswers';
import { uploadedSamples } from '../fakes/uploads';
import { dialogButton } from '../host/messages';
import { palette } from '../host/quickInput';
import { until } from '../host/until';
import { waitForEditorText } from '../host/workbench';
import { jfkWav } from '../speech';
import { contextMenuEntry } from './contextMenu';
import { CERTIFICATE, secure, SECURE_HOST, SecureProxy } from './secureProxy';
import { shootFailures } from './shootFailures';
import { startUserSession, type UserSession } from './userSession';

describe('A user behind the proxy of a company', function () {
  this.timeout(180_000);
  let server: ScriptedServer;
  let proxy: SecureProxy;
  let session: UserSession | undefined;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'minutes-proxy-'));
    server = await ScriptedServer.start(() => groqVerboseJson(spoken('Through the network.')));
    proxy = await SecureProxy.start(server.port);
  });
  shootFailures(() => session);
  afterEach(async () => {
    await session?.close();
    session = undefined;
    await proxy.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Surroundings {
    /** VS Code looks for `http.proxy` here, also in a window on another machine. */
    readonly userSettings?: Readonly<Record<string, unknown>>;
    readonly env?: Readonly<Record<string, string>>;
  }

  const throughProxy = (title: string, told: () => Surroundings): void => {
    it(title, async () => {
      const { userSettings = {}, env } = told();
      session = await startUserSession({
        files: { 'jfk.wav': jfkWav() },
        settings: { 'minutes.endpoint': `https://${SECURE_HOST}/v1` },
        userSettings,
        env: { ...trusting(CERTIFICATE), ...env },
      });
      const { page } = session;
      await (await contextMenuEntry(page, 'jfk.wav', 'Transcribe Audio')).click();
      await dialogButton(page, 'Send', SECURE_HOST);
      await noteIsThere(session);
      // Nothing but the proxy knows that name.
      assert.ok(proxy.asked.includes(`CONNECT ${SECURE_HOST}:443`), proxy.asked.join());
      const [request, ...others] = server.requests;
      assert.equal(others.length, 0);
      assert.equal(request?.headers.host, SECURE_HOST);
      assert.match(request.headers['user-agent'] ?? '', /^Minutes\//);
      const sent = uploadedSamples(request.files[0]);
      assert.ok(sent.length > 0 && readFileSync(jfkWav()).includes(sent), 'every sample');
      await isLogged(session, `${SECURE_HOST}: through the editor's network, a proxy is set`);
      await session.shoot(`user-50-${title.replace(/\W+/g, '-')}`);
    });
  };

  throughProxy('transcribes through the one in the setting http.proxy', () => ({
    userSettings: { 'http.proxy': proxy.origin },
  }));
  throughProxy('transcribes through the one in the variable HTTPS_PROXY', () => ({
    env: { HTTPS_PROXY: proxy.origin },
  }));

  it('transcribes where only the system knows the certificate', async () => {
    const secured = await RawServer.start(() => undefined, secure(server.port, SELF_SIGNED));
    try {
      session = await startUserSession({
        files: { 'jfk.wav': jfkWav() },
        settings: { 'minutes.endpoint': `${secured.secureOrigin}/v1` },
        env: trusting(SELF_SIGNED.cert),
      });
      await (await contextMenuEntry(session.page, 'jfk.wav', 'Transcribe Audio')).click();
      await noteIsThere(session);
      assert.equal(server.requests.length, 1);
      assert.deepEqual(proxy.asked, []);
      await isLogged(session, `127.0.0.1:${secured.port}: through the editor's network, DEPTH_ZERO_SELF_SIGNED_CERT`);
    } finally {
      await secured.close();
    }
  });

  /** The certificate becomes one of the system, of which Node itself takes no notice unless told. */
  function trusting(certificate: string): Readonly<Record<string, string>> {
    const file = path.join(folder, 'company.pem');
    writeFileSync(file, certificate);
    return { SSL_CERT_FILE: file };
  }
});

async function noteIsThere({ page, workspace }: UserSession): Promise<void> {
  const note = path.join(workspace, 'jfk.md');
  await until(() => existsSync(note) && readFileSync(note, 'utf8').includes('Through the network.'), {
    what: 'the note',
    timeoutMs: 30_000,
  });
  // Its editor takes the focus, and a palette that was open then would close.
  await waitForEditorText(page, 'Through the network.', 20_000);
}

async function isLogged({ page }: UserSession, line: string): Promise<void> {
  await palette(page, 'Minutes: Show Log');
  const output = page.locator('.output-view .view-lines');
  const read = async (): Promise<string> => (await output.innerText()).replace(/\s+/g, ' ');
  await until(async () => (await read()).includes(line), { what: `the log tells "${line}"`, timeoutMs: 20_000 });
}
