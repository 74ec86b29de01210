import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ScriptedServer, type RecordedRequest, type ScriptedAnswer } from '../fakes/scriptedServer';
import { error, groqVerboseJson, rateLimited, spoken } from '../fakes/speechAnswers';
import { clickNotificationButton, dialogButton, waitForDialog, waitForNotification } from '../host/messages';
import { answerQuickInput, chooseFile, palette, pickQuickInput, quickInputBox } from '../host/quickInput';
import { until } from '../host/until';
import { editorText, waitForEditorText } from '../host/workbench';
import { jfkWav } from '../speech';
import { contextMenuEntry, extensionIsReady } from './contextMenu';
import { shootFailures } from './shootFailures';
import { startUserSession, type UserSession } from './userSession';

const field = (request: RecordedRequest, name: string): string | undefined =>
  request.fields.find(([key]) => key === name)?.[1];

/** A French server: the translation does not tell what was spoken, the transcription does. */
function bilingual(request: RecordedRequest): ScriptedAnswer {
  return request.path.endsWith('/translations')
    ? groqVerboseJson(spoken('Ask what you can do.'))
    : groqVerboseJson({ ...spoken('Demandez ce que vous pouvez faire.'), language: 'French' });
}

describe('A user of a compatible server', function () {
  this.timeout(120_000);
  let server: ScriptedServer;
  let session: UserSession;

  before(async () => {
    server = await ScriptedServer.start(bilingual);
    session = await startUserSession({
      files: { 'jfk.wav': jfkWav(), 'discours.wav': jfkWav() },
      settings: { 'minutes.endpoint': server.origin },
    });
    await extensionIsReady(session.page, 'jfk.wav');
  });
  after(async () => {
    await session.close();
    await server.close();
  });
  shootFailures(() => session);

  it('translates a file from the context menu; the note says so, and from which language', async () => {
    const { page, workspace } = session;
    await (await contextMenuEntry(page, 'discours.wav', 'Translate Audio to English')).click();
    const note = path.join(workspace, 'discours.en.md');
    await until(() => existsSync(note) && readFileSync(note, 'utf8').includes('Ask what you can do.'), {
      what: 'the note',
    });
    await until(async () => (await editorText(page)).includes('Translation'), { what: 'the note in the editor' });
    await session.shoot('user-40-translation');
    assert.match(readFileSync(note, 'utf8'), /- Translation: from French into English, by machine/);
    const [first, second] = server.requests.filter(({ method }) => method === 'POST');
    assert.deepEqual([first?.path, second?.path], ['/v1/audio/translations', '/v1/audio/transcriptions']);
    assert.equal(first && field(first, 'model'), 'whisper-large-v3');
    assert.equal(first && field(first, 'language'), undefined);
  });

  it('chooses a model that cannot translate, is told before anything is sent, and switches from the message', async () => {
    const { page } = session;
    await palette(page, 'Minutes: Online Models…');
    await pickQuickInput(page, 'translation to English', { has: 'Choose a model for' });
    await pickQuickInput(page, 'Another model…', { has: 'Model of' });
    await answerQuickInput(page, 'distil-large-v3', { has: 'Model of' });
    await page.waitForTimeout(500);
    const before = server.requests.length;
    await palette(page, 'Minutes: Translate File to English…');
    await chooseFile(page, path.join(session.workspace, 'discours.wav'), { has: 'Translate File to English' });
    await pickQuickInput(page, 'Make a Second Note', { has: 'was transcribed before' });
    await waitForNotification(page, '"distil-large-v3" cannot translate');
    await session.shoot('user-41-cannot-translate');
    assert.equal(server.requests.length, before, 'nothing was sent');
    await clickNotificationButton(page, 'cannot translate', 'Use whisper-large-v3');
    const note = path.join(session.workspace, 'discours.en-2.md');
    await until(() => existsSync(note), { what: 'the second note' });
    await page.locator('.tab.active', { hasText: 'discours.en-2.md' }).waitFor();
  });

  it('tests the endpoint: the cost first, then a table of what works, and the step down is remembered', async () => {
    const { page } = session;
    server.play((request) =>
      field(request, 'timestamp_granularities[]') === undefined
        ? groqVerboseJson(spoken('And so, my fellow Americans'))
        : error(400, { message: 'timestamp_granularities is not supported' }),
    );
    await palette(page, 'Minutes: Test Connection');
    const dialog = await waitForDialog(page, 'A clip of 2 s');
    await session.shoot('user-42-test-cost');
    assert.match(await dialog.innerText(), /in 4 requests/);
    await dialogButton(page, 'Test', 'A clip of 2 s');
    await until(async () => (await editorText(page)).includes('Test of 127.0.0.1'), { what: 'the table' });
    await session.shoot('user-43-test-table');
    assert.match(await editorText(page), /From now on Minutes asks for json/);
  });

  it('sees a countdown while the endpoint asks to wait, and may cancel it', async () => {
    const { page } = session;
    server.play(() => rateLimited('9s', 9));
    await (await contextMenuEntry(page, 'jfk.wav', 'Transcribe Audio')).click();
    await waitForNotification(page, /asks to wait: 0:0\d/);
    await session.shoot('user-44-countdown');
    await clickNotificationButton(page, 'Transcribing jfk.wav', 'Cancel');
    assert.ok(!existsSync(path.join(session.workspace, 'jfk.md')));
  });

  it('is told until when a long wait lasts, and may have it continue by itself', async () => {
    const { page } = session;
    server.play(() => rateLimited('2h', 7200));
    await (await contextMenuEntry(page, 'jfk.wav', 'Transcribe Audio')).click();
    // The wait that was just told is kept first.
    const toast = await waitForNotification(page, 'pauses until', 30_000);
    await session.shoot('user-45-paused');
    await toast.getByRole('button', { name: /^Continue at (\d{4}-\d\d-\d\d )?\d\d:\d\d$/ }).click();
    await waitForNotification(page, 'jfk.wav goes on at');
    await session.shoot('user-46-continues-later');
    await clickNotificationButton(page, 'jfk.wav goes on at', 'Cancel');
  });

  it('reads in the log what was sent where, and never the key', async () => {
    const { page } = session;
    await palette(page, 'Minutes: Set API Key…');
    await pickQuickInput(page, server.host, { has: 'Which endpoint' });
    await answerQuickInput(page, 'canary-0123456789', { password: true, has: 'API key for' });
    await waitForNotification(page, 'The API key is set');
    server.play(() => groqVerboseJson(spoken('It works.')));
    await (await contextMenuEntry(page, 'jfk.wav', 'Transcribe Audio')).click();
    // Its editor takes the focus, and a palette that was open then would close.
    await waitForEditorText(page, 'It works.', 20_000);
    await palette(page, 'Minutes: Show Log');
    const output = page.locator('.output-view .view-lines');
    await until(async () => (await output.innerText()).includes('requests'), { what: 'the log' });
    await session.shoot('user-47-log');
    assert.match(await output.innerText(), /200.after/);
    assert.ok(!(await output.innerText()).includes('canary'));
    assert.equal(server.requests.at(-1)?.headers.authorization, 'Bearer canary-0123456789');
  });

  it('picks the language by its name', async () => {
    const { page } = session;
    await palette(page, 'Minutes: Choose Language…');
    const box = await quickInputBox(page, { has: 'Which language' });
    await box.fill('Germ');
    await session.shoot('user-48-language');
    await box.press('Enter');
    server.play(() => groqVerboseJson(spoken('Es geht.')));
    const count = server.requests.length;
    await (await contextMenuEntry(page, 'jfk.wav', 'Transcribe Audio')).click();
    await pickQuickInput(page, 'Transcribe Again', { has: 'was transcribed before' });
    await until(() => server.requests.length > count, { what: 'a request' });
    const last = server.requests.at(-1);
    assert.equal(last && field(last, 'language'), 'de');
  });
});
