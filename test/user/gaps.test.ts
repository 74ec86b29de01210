import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fold } from '../../src/core/transcript/transcriptLog';
import { parseLog } from '../../src/core/transcript/parseLog';
import { ScriptedServer, type ScriptedAnswer } from '../fakes/scriptedServer';
import { error, groqVerboseJson, spoken } from '../fakes/speechAnswers';
import { clickNotificationButton, waitForNotification } from '../host/messages';
import { pickQuickInput, quickInputBox } from '../host/quickInput';
import { until } from '../host/until';
import { editorText, openFile, waitForEditorText } from '../host/workbench';
import { repeatedSpeech } from '../sampleAudio';
import { contextMenuEntry, extensionIsReady } from './contextMenu';
import { shootFailures } from './shootFailures';
import { shootLooks } from './shootLooks';
import { startUserSession, type UserSession } from './userSession';

/** What the server says to the n-th request, counted from 1. */
type Saying = (n: number) => ScriptedAnswer;

const piece: Saying = (n) => groqVerboseJson(spoken(`Piece ${n} was said.`));

describe('A user whose endpoint fails at one piece', function () {
  this.timeout(120_000);
  let server: ScriptedServer;
  let session: UserSession;
  let saying: Saying = piece;
  let asked = 0;

  before(async () => {
    server = await ScriptedServer.start(({ method }) => (method === 'POST' ? saying(++asked) : error(404)));
    session = await startUserSession({
      files: { 'talk.wav': repeatedSpeech(10), 'later.wav': repeatedSpeech(10) },
      settings: { 'minutes.endpoint': server.origin },
    });
    await extensionIsReady(session.page, 'talk.wav');
  });
  after(async () => {
    await session.close();
    await server.close();
  });
  shootFailures(() => session);

  const file = (name: string): string => path.join(session.workspace, name);
  const note = (name: string): string => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');
  const begin = async (name: string): Promise<void> => {
    asked = 0;
    await (await contextMenuEntry(session.page, name, 'Transcribe Audio')).click();
  };

  it('gets a note that marks the gap, and fills it from the button above it', async () => {
    const { page } = session;
    saying = (n) => (n === 2 ? error(400) : piece(n));
    await begin('talk.wav');
    await waitForNotification(page, 'talk.md has a gap', 30_000);
    const marked = note('talk.md');
    assert.match(marked, /\n> \*\*Incomplete: a part was not transcribed\. Its place is marked below\.\*\*\n/);
    const [gap] = /> Not transcribed: \d\d:\d\d:\d\d–\d\d:\d\d:\d\d/.exec(marked) ?? [];
    assert.ok(gap !== undefined, marked);
    await waitForEditorText(page, 'Not transcribed');
    const lens = page.locator('.codelens-decoration', { hasText: 'Retry Gap' });
    await lens.waitFor({ timeout: 20_000 });
    await session.shoot('user-60-gap');
    await shootLooks(session, 'user-60-gap');
    const log = fold(parseLog(note('talk.minutes.jsonl')));
    assert.equal(log.gaps.length, 1);
    assert.ok(!note('talk.minutes.jsonl').includes(session.workspace), 'no path of this machine is in the log');

    saying = () => groqVerboseJson(spoken('The missing piece was said.'));
    await lens.locator('a').click();
    await until(() => note('talk.md').includes('The missing piece was said.'), { what: 'the filled gap' });
    await waitForEditorText(page, 'The missing piece');
    await session.shoot('user-61-filled');
    const filled = note('talk.md');
    assert.ok(!filled.includes('Not transcribed') && !filled.includes('Incomplete'), filled);
    assert.match(
      filled,
      /Piece 1 was said\.\n\n\[[\d:]+\] The missing piece was said\.\n\n\[[\d:]+\] Piece 3 was said\./,
    );
    assert.equal(fold(parseLog(note('talk.minutes.jsonl'))).gaps.length, 0);
  });

  it('is asked once when the same file is transcribed again, and opens its note', async () => {
    const { page } = session;
    const before = server.requests.length;
    await begin('talk.wav');
    await quickInputBox(page, { has: 'was transcribed before' });
    await session.shoot('user-62-same-file');
    await pickQuickInput(page, 'Open Note', { has: 'was transcribed before' });
    await page.locator('.tab.active', { hasText: 'talk.md' }).waitFor();
    assert.equal(server.requests.length, before);
    assert.ok(!existsSync(file('talk-2.md')));
  });

  it('is offered a run that a reload ended, which goes on in one note', async () => {
    const { page } = session;
    // The fourth answer never comes.
    saying = (n) => (n < 4 ? piece(n) : { hang: true });
    await begin('later.wav');
    await waitForNotification(page, /later\.wav.*\((?!0 %)\d+ %\)/s, 30_000);
    await until(() => asked >= 4, { what: 'the fourth request' });
    await page.reload();
    saying = (n) => piece(n);
    const offer = '"later.wav" was not finished';
    await waitForNotification(page, offer, 60_000);
    await session.shoot('user-63-offered');
    assert.equal(note('later.md'), '', 'no note claims that somebody stopped it');
    const answered = asked;
    await clickNotificationButton(page, offer, 'Continue');
    await until(() => note('later.md') !== '' && existsSync(file('later.minutes.jsonl')), { what: 'the note' });
    assert.ok(!note('later.md').includes('stopped'), note('later.md'));
    const told = [...note('later.md').matchAll(/Piece (\d+) was said/g)].map(([, n]) => Number(n));
    assert.deepEqual(told.slice(0, 3), [1, 2, 3], 'what was answered before the reload was not asked again');
    assert.ok(asked > answered);
    assert.ok(!existsSync(file('later-2.md')));
    await openFile(page, file('later.md'));
    assert.ok((await editorText(page)).includes('Piece 1 was said.'));
    await session.shoot('user-64-continued');
  });
});
