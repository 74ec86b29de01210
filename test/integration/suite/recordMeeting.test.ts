import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { commands, Range, window } from 'vscode';
import { error, groqVerboseJson, spoken } from '../../fakes/speechAnswers';
import { kept, startRecording, untilStatus, useMicrophone } from '../microphone';
import { outOfOrder, withServer } from '../speechServer';
import { activeName, inWorkspace, message, needsModel, set, tidyUp, ui, until } from '../window';

/** The files of meetings, in the order of their endings. */
function meetings(): readonly string[] {
  return readdirSync(inWorkspace('').fsPath)
    .filter((name) => /^\d{4}-.*meeting/.test(name))
    .sort((a, b) => (path.extname(a) < path.extname(b) ? -1 : 1));
}

describe('Record Meeting', function () {
  this.timeout(25_000);
  const { device, clip } = useMicrophone();

  afterEach(async () => {
    await tidyUp();
    for (const name of meetings()) rmSync(inWorkspace(name).fsPath, { force: true });
  });

  it('opens a note at once, keeps what is typed, and fills it with what was said', async function () {
    needsModel(this);
    const [done] = await startRecording('minutes.recordMeeting');
    const editor = window.activeTextEditor;
    assert.match(activeName() ?? '', /^\d{4}-\d\d-\d\d-\d{4}-meeting\.md$/);
    assert.match(
      editor?.document.getText() ?? '',
      /^---\ntitle: Meeting\ndate: \d{4}-\d\d-\d\dT\d\d:\d\d\nlength:\nlanguage:\nmodel:\nrecording: \S+-meeting\.wav\nattendees: \[\]\n---\n\n# Meeting\n\n## Notes\n\n\n\n## Action items\n\n## Transcript\n$/,
    );
    await commands.executeCommand('type', { text: 'My own line.\nAnother one.' });
    await device().play(clip().file);
    await commands.executeCommand('minutes.recordMeeting');
    await done;
    const [log, note, recording, ...others] = meetings();
    assert.ok(note !== undefined && recording !== undefined && others.length === 0, meetings().join());
    assert.equal(log, `${path.parse(note).name}.minutes.jsonl`);
    assert.equal(path.parse(note).name, path.parse(recording).name);
    assert.equal(path.extname(recording), '.wav');
    const text = readFileSync(inWorkspace(note).fsPath, 'utf8');
    assert.match(
      text,
      /^---\ntitle: Meeting\ndate: .*\nlength: 00:00:0\d\nlanguage: en\nmodel: embedded.*\nrecording: \S+\.wav\nattendees: \[\]\n---\n\n# Meeting\n\n## Notes\n\nMy own line\.\nAnother one\.\n\n## Action items\n\n## Transcript\n\n\[0:0\d\] And so,? my fellow Americans[.,]?\n$/,
    );
    assert.equal(editor?.document.isDirty, false);
    assert.ok(readFileSync(inWorkspace(recording).fsPath).includes(clip().samples), 'every sample that was said');
    assert.deepEqual(kept().unfinished, []);
    await untilStatus(/^\s*$/);
  });

  it('is stopped by the command that the palette has in its place', async function () {
    this.timeout(60_000);
    const offered = async (typed: string): Promise<readonly string[]> =>
      (await ui('paletteEntries', { typed: `Minutes: ${typed}` })).filter((entry) =>
        entry.startsWith(`Minutes: ${typed}`),
      );
    assert.deepEqual(await offered('Stop'), []);
    assert.deepEqual(await offered('Record Meeting'), ['Minutes: Record Meeting']);
    const [done] = await startRecording('minutes.recordMeeting');
    assert.deepEqual(await offered('Stop'), ['Minutes: Stop Meeting']);
    assert.deepEqual(await offered('Record Meeting'), []);
    await commands.executeCommand('minutes.stopDictation');
    await untilStatus(/\d:\d\d/);
    await commands.executeCommand('minutes.stopMeeting');
    await done;
    const [dictated] = await startRecording('minutes.dictate');
    assert.deepEqual(await offered('Stop'), ['Minutes: Stop Dictation']);
    await commands.executeCommand('minutes.stopDictation');
    await dictated;
    assert.deepEqual(await offered('Stop'), []);
  });

  it('goes on when asked to dictate meanwhile, and says so', async function () {
    needsModel(this);
    const [done] = await startRecording('minutes.recordMeeting');
    await commands.executeCommand('minutes.dictate');
    await message('meeting');
    await untilStatus(/\d:\d\d/);
    await device().play(clip().file);
    await commands.executeCommand('minutes.recordMeeting');
    await done;
    // Note, log and recording.
    assert.equal(meetings().length, 3, meetings().join());
  });

  it('asks for what was said while the meeting goes on, and after it only for the rest', async () => {
    await withServer(
      (_, index) => groqVerboseJson(spoken(`Part ${index + 1} of the meeting.`)),
      async (server) => {
        const [done] = await startRecording('minutes.recordMeeting');
        await device().play(clip().file);
        // The silence behind it ends the first piece.
        await server.received(1);
        await untilStatus(/\d:\d\d/);
        await device().play(clip().file);
        await commands.executeCommand('minutes.recordMeeting');
        await done;
        const text = window.activeTextEditor?.document.getText() ?? '';
        assert.match(
          text,
          /## Transcript\n\n\[0:0\d\] Part 1 of the meeting\.\n\n\[0:\d\d\] Part 2 of the meeting\.\n$/,
        );
        assert.equal(server.requests.length, 2);
      },
    );
  });

  it('does after the meeting what failed while it went on', async () => {
    await withServer([error(401, { message: 'no such key' })], async (server) => {
      const [done] = await startRecording('minutes.recordMeeting');
      await device().play(clip().file);
      await server.received(1);
      server.play([groqVerboseJson(spoken('Said first.')), groqVerboseJson(spoken('Said last.'))]);
      await device().play(clip().file);
      await commands.executeCommand('minutes.recordMeeting');
      await done;
      const text = window.activeTextEditor?.document.getText() ?? '';
      assert.match(text, /\] Said first\.\n\n\[0:\d\d\] Said last\.\n$/);
    });
  });

  it('renames note, recording and log after the title that the user typed, where the setting says so', async () => {
    await set('minutes.notes.renameByTitle', true);
    await withServer([groqVerboseJson(spoken('Scripted.'))], async () => {
      const [done] = await startRecording('minutes.recordMeeting');
      const document = window.activeTextEditor?.document;
      assert.ok(document);
      const at = document.getText().indexOf('# Meeting') + '# '.length;
      const heading = new Range(document.positionAt(at), document.positionAt(at + 'Meeting'.length));
      await window.activeTextEditor?.edit((edit) => {
        edit.replace(heading, 'The meeting: plan #1');
      });
      await device().play(clip().file);
      await commands.executeCommand('minutes.recordMeeting');
      await done;
      const [log, note, recording, ...others] = meetings();
      assert.ok(note !== undefined && recording !== undefined && others.length === 0, meetings().join());
      const stem = path.parse(note).name;
      assert.match(stem, /^\d{4}-\d\d-\d\d-\d{4}-The-meeting-plan-#1$/);
      assert.deepEqual([log, recording], [`${stem}.minutes.jsonl`, `${stem}.wav`]);
      const text = readFileSync(inWorkspace(note).fsPath, 'utf8');
      assert.match(text, /\ntitle: "The meeting: plan #1"\n/);
      assert.ok(text.includes(`\nrecording: ${recording}\n`), text);
      assert.match(text, /# The meeting: plan #1\n[^]*\] Scripted\.\n$/);
      assert.equal(activeName(), note, 'the editor follows');
      assert.deepEqual(kept().unfinished, []);
    });
  });

  it('keeps recording and note where the endpoint fails, and fills the note when tried again', async function () {
    needsModel(this);
    await withServer(
      () => outOfOrder(),
      async () => {
        const [done] = await startRecording('minutes.recordMeeting');
        await commands.executeCommand('type', { text: 'My own line.' });
        await device().play(clip().file);
        await commands.executeCommand('minutes.recordMeeting');
        await done;
        assert.match(await message('out of order'), /Try Again/);
        await untilStatus(/Minutes/);
        assert.match(window.activeTextEditor?.document.getText() ?? '', /## Notes\n\nMy own line\.\n/);
        assert.equal(meetings().length, 2);
        await set('minutes.endpoint', undefined);
        await ui('clickNotificationButton', { text: 'out of order', button: 'Try Again' });
        await until(() => /american/i.test(window.activeTextEditor?.document.getText() ?? ''), { what: 'the text' });
        assert.match(window.activeTextEditor?.document.getText() ?? '', /My own line\.\n/);
        await until(() => meetings().length === 3, { what: 'the log beside note and recording' });
      },
    );
  });

  it('stops while it transcribes where the user says so, and goes on when asked', async () => {
    await withServer([{ hang: true }], async (server) => {
      const [done] = await startRecording('minutes.recordMeeting');
      await commands.executeCommand('type', { text: 'My own line.' });
      await device().play(clip().file);
      await commands.executeCommand('minutes.recordMeeting');
      await server.received(1);
      await ui('clickNotificationButton', { text: 'Transcribing 2', button: 'Cancel' });
      await done;
      assert.match(await message('Stopped. The recording'), /is kept, and so is what was transcribed/);
      assert.match(window.activeTextEditor?.document.getText() ?? '', /## Notes\n\nMy own line\.\n/);
      assert.equal(kept().unfinished.length, 1, 'it would be offered at the next start');
      server.play([groqVerboseJson(spoken('Scripted at last.'))]);
      await ui('clickNotificationButton', { text: 'Stopped. The recording', button: 'Continue' });
      await until(() => window.activeTextEditor?.document.getText().includes('Scripted at last.'), {
        what: 'the text',
      });
      assert.match(
        window.activeTextEditor?.document.getText() ?? '',
        /My own line\.\n\n## Action items\n\n## Transcript\n\n\[0:0\d\] Scripted at last\.\n$/,
      );
      await until(() => kept().unfinished.length === 0, { what: 'nobody is asked again' });
      await untilStatus(/^\s*$/);
    });
  });
});
