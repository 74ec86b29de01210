import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { commands, Position, window, type TextDocument } from 'vscode';
import type { ScriptedAnswer } from '../../fakes/scriptedServer';
import { groqVerboseJson, spoken } from '../../fakes/speechAnswers';
import { NOTHING_KEPT, open, stop, TEXT, useDictation } from '../dictation';
import { clickStatus, isStatusSpinning, kept, startRecording, status, untilStatus } from '../microphone';
import { outOfOrder, withServer, type SpeechServer } from '../speechServer';
import { inWorkspace, message, ui, until } from '../window';

/** Long enough for an answer that arrived to become text. */
const ANSWERED_MS = 500;

/** A server that answers when the test says so, in any order. Recordings are numbered from 0 as they arrive. */
interface SlowServer extends SpeechServer {
  /** Resolves when the answer has arrived. */
  readonly say: (number: number, text: string) => Promise<void>;
  readonly fail: (number: number) => void;
}

/** The server for as long as the test acts. Each request beyond those that wait fails at once. */
async function withSlowServer(count: number, act: (server: SlowServer) => Promise<void>): Promise<void> {
  const answers: ((answer: ScriptedAnswer) => void)[] = [];
  await withServer(
    (_, number) => (number < count ? new Promise((resolve) => (answers[number] = resolve)) : outOfOrder()),
    async (server) => {
      const say = async (number: number, text: string): Promise<void> => {
        answers[number]?.(groqVerboseJson(spoken(text)));
        await server.requests[number]?.over;
      };
      const fail = (number: number): void => answers[number]?.(outOfOrder());
      await act(Object.assign(server, { say, fail }));
    },
  );
}

/** The first dictation is answered, and its text stands alone in the document. */
async function firstAlone(server: SlowServer, document: TextDocument, first: Promise<void> | undefined): Promise<void> {
  await server.say(0, 'First.');
  await first;
  assert.equal(document.getText(), 'First line.\nFirst.\nLast line.\n');
  assert.deepEqual(kept(), NOTHING_KEPT);
  await untilStatus(/^\s*$/);
}

/** The files of meetings that end so. */
function meetings(ending: string): readonly string[] {
  return readdirSync(inWorkspace('').fsPath).filter((name) => /^\d{4}-.*meeting/.test(name) && name.endsWith(ending));
}

describe('While a recording becomes text', function () {
  this.timeout(30_000);
  const { device, clip, files, stopAfterClip } = useDictation('meanwhile');
  let [mine, other] = ['', ''];
  beforeEach(() => {
    ({ mine, other } = files());
  });
  afterEach(() => {
    for (const name of meetings('')) rmSync(inWorkspace(name).fsPath, { force: true });
  });

  it('a second dictation is recorded, and both texts land in order whichever comes first', async () => {
    await withSlowServer(2, async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [first] = await stopAfterClip();
      await server.received(1);
      await untilStatus(/Transcribing/);
      const [second] = await stopAfterClip(async () => {
        assert.match(await status(), /\d:\d\d/);
        assert.equal(await isStatusSpinning(), true);
        await ui('screenshot', { name: 'integration-status-recording-and-transcribing' });
      });
      await server.received(2);
      await server.say(1, 'Second.');
      await sleep(ANSWERED_MS);
      assert.equal(document.getText(), TEXT);
      assert.match(await status(), /Transcribing/);
      await server.say(0, 'First.');
      await Promise.all([first, second]);
      assert.equal(document.getText(), 'First line.\nFirst. Second.\nLast line.\n');
      assert.deepEqual(kept(), NOTHING_KEPT);
      await untilStatus(/^\s*$/);
      await commands.executeCommand('undo');
      assert.equal(document.getText(), 'First line.\nFirst.\nLast line.\n');
      await commands.executeCommand('undo');
      assert.equal(document.getText(), TEXT);
    });
  });

  it('a dictation into another document waits for none', async () => {
    await withSlowServer(2, async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [first] = await stopAfterClip();
      await server.received(1);
      const { document: elsewhere } = await open(other, new Position(1, 0));
      const [second] = await stopAfterClip();
      await server.received(2);
      await server.say(1, 'Second.');
      await second;
      assert.equal(elsewhere.getText(), 'First line.\nSecond.\nLast line.\n');
      assert.equal(document.getText(), TEXT);
      await server.say(0, 'First.');
      await first;
      assert.equal(document.getText(), 'First line.\nFirst.\nLast line.\n');
      assert.equal(elsewhere.getText(), 'First line.\nSecond.\nLast line.\n');
    });
  });

  it('a dictation that is begun right behind the stop of another waits for its recorder', async () => {
    await withSlowServer(2, async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [first] = await stopAfterClip();
      const second = commands.executeCommand('minutes.dictate');
      await until(() => kept().recordings.length === 2, { what: 'the second recording' });
      await untilStatus(/\d:\d\d/);
      await device().play(clip().file);
      await commands.executeCommand('minutes.dictate');
      await server.received(2);
      await Promise.all([server.say(0, 'First.'), server.say(1, 'Second.'), first, second]);
      assert.equal(document.getText(), 'First line.\nFirst. Second.\nLast line.\n');
      assert.deepEqual(kept(), NOTHING_KEPT);
    });
  });

  it('a click dictates; Escape discards what is recorded, and what is transcribed stays', async () => {
    await withSlowServer(1, async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [first] = await stopAfterClip();
      await server.received(1);
      await untilStatus(/Transcribing/);
      await clickStatus();
      await untilStatus(/\d:\d\d/);
      assert.equal(kept().recordings.length, 2);
      await commands.executeCommand('minutes.discardDictation');
      await until(() => kept().recordings.length === 1, { what: 'the second is gone' });
      await untilStatus(/Transcribing/);
      await firstAlone(server, document, first);
    });
  });

  it('Escape discards the latest dictation, also where its text waits for that of an earlier one', async () => {
    await withSlowServer(2, async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [first] = await stopAfterClip();
      await server.received(1);
      const [second] = await stopAfterClip();
      await server.received(2);
      await server.say(1, 'Second.');
      await sleep(ANSWERED_MS);
      await commands.executeCommand('minutes.discardDictation');
      await second;
      assert.equal(kept().recordings.length, 1);
      await untilStatus(/Transcribing/);
      await firstAlone(server, document, first);
    });
  });

  it('a dictation that fails keeps no later one from its place, and stays visible', async () => {
    await withSlowServer(2, async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [first] = await stopAfterClip();
      await server.received(1);
      const [second] = await stopAfterClip();
      await server.received(2);
      await server.say(1, 'Second.');
      server.fail(0);
      await Promise.all([first, second]);
      await message('out of order');
      assert.equal(document.getText(), 'First line.\nSecond.\nLast line.\n');
      assert.equal(kept().recordings.length, 1);
      await untilStatus(/Minutes/);
    });
  });

  it('a meeting is recorded while a dictation is transcribed, and a dictation while a meeting is', async () => {
    await withSlowServer(3, async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [dictated] = await stopAfterClip();
      await server.received(1);
      const [met] = await startRecording('minutes.recordMeeting');
      const note = window.activeTextEditor?.document;
      assert.equal(await isStatusSpinning(), true);
      await server.say(0, 'Dictated.');
      await dictated;
      assert.equal(document.getText(), 'First line.\nDictated.\nLast line.\n');
      assert.match(await status(), /\d:\d\d/);
      await until(async () => !(await isStatusSpinning()), { what: 'no spinner' });
      await device().play(clip().file);
      await commands.executeCommand('minutes.recordMeeting');
      await server.received(2);
      await untilStatus(/Transcribing/);
      await open(mine, new Position(2, 0));
      const [again] = await startRecording('minutes.dictate');
      await commands.executeCommand('minutes.recordMeeting');
      await message('A dictation is under way');
      await device().play(clip().file);
      await server.say(1, 'Said in the meeting.');
      await met;
      assert.match(note?.getText() ?? '', /\[0:0\d\] Said in the meeting\.\n$/);
      assert.match(await status(), /\d:\d\d/);
      const stopped = stop(again);
      await server.received(3);
      await server.say(2, 'Dictated again.');
      await stopped;
      assert.equal(document.getText(), 'First line.\nDictated.\nDictated again. Last line.\n');
      assert.deepEqual([meetings('.md').length, meetings('.wav').length], [1, 1]);
      assert.match(readFileSync(inWorkspace(meetings('.md')[0] ?? '').fsPath, 'utf8'), /Said in the meeting\.\n$/);
      assert.deepEqual(kept(), NOTHING_KEPT);
      await untilStatus(/^\s*$/);
    });
  });

  it('Escape discards a dictation that is transcribed, and a meeting that is recorded goes on', async () => {
    await withSlowServer(1, async (server) => {
      const { document } = await open(mine, new Position(1, 0));
      const [dictated] = await stopAfterClip();
      await server.received(1);
      const [met] = await startRecording('minutes.recordMeeting');
      await commands.executeCommand('minutes.discardDictation');
      await dictated;
      assert.equal(document.getText(), TEXT);
      await until(async () => !(await isStatusSpinning()), { what: 'no spinner' });
      assert.match(await status(), /\d:\d\d/);
      await commands.executeCommand('minutes.discardDictation');
      assert.match(await status(), /\d:\d\d/);
      server.play([groqVerboseJson(spoken('Said in the meeting.'))]);
      await device().play(clip().file);
      await commands.executeCommand('minutes.recordMeeting');
      await met;
      assert.match(window.activeTextEditor?.document.getText() ?? '', /Said in the meeting\.\n$/);
    });
  });
});
