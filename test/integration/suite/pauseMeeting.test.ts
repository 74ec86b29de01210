import assert from 'node:assert/strict';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { commands, workspace } from 'vscode';
import { SETTINGS } from '../../../src/shell/contributed/settingsTable';
import { groqVerboseJson, spoken } from '../../fakes/speechAnswers';
import { startRecording, status, untilStatus, useMicrophone } from '../microphone';
import { withServer } from '../speechServer';
import { inWorkspace, message, set, tidyUp, ui, until } from '../window';

/** What shows how loud it is. */
const LEVEL = /[▁-█]/;

/** The size of the meeting's recording, in bytes. */
function recordedBytes(): number {
  const name = readdirSync(inWorkspace('').fsPath).find((entry) => /-meeting.*\.wav$/.test(entry));
  assert.ok(name !== undefined);
  return statSync(inWorkspace(name).fsPath).size;
}

describe('A meeting’s microphone', function () {
  this.timeout(40_000);
  const { device, clip } = useMicrophone();

  afterEach(async () => {
    await set('workbench.reduceMotion', 'on');
    // Means nothing where the meeting is stopped.
    await commands.executeCommand('minutes.stopMeeting');
    await tidyUp();
    for (const name of readdirSync(inWorkspace('').fsPath).filter((entry) => entry.includes('-meeting')))
      rmSync(inWorkspace(name).fsPath, { force: true });
  });

  it('pauses and goes on in the same file; the status bar says which in words', async () => {
    await withServer(
      () => groqVerboseJson(spoken('Said.')),
      async () => {
        const [done] = await startRecording('minutes.recordMeeting');
        await untilStatus(/REC 0:0\d/);
        // The windows of these tests want less motion.
        assert.doesNotMatch(await status(), LEVEL);
        await set('workbench.reduceMotion', 'off');
        await until(async () => LEVEL.test(await status()), { what: 'a level' });
        await device().play(clip().file);
        await ui('screenshot', { name: 'integration-status-recording' });
        await commands.executeCommand('minutes.pauseMeeting');
        await untilStatus(/PAUSED 0:0\d/);
        await ui('screenshot', { name: 'integration-status-paused' });
        // The recorder takes a moment longer; then nothing more is written.
        await until(
          async () => {
            const before = recordedBytes();
            await new Promise((resolve) => setTimeout(resolve, 500));
            return recordedBytes() === before;
          },
          { what: 'a file that does not grow' },
        );
        const paused = recordedBytes();
        await commands.executeCommand('minutes.resumeMeeting');
        await untilStatus(/REC 0:0\d/);
        await until(() => recordedBytes() > paused + 16_000, { what: 'the file goes on' });
        await commands.executeCommand('minutes.muteMicrophone');
        await untilStatus(/REC 0:\d\d muted/);
        await commands.executeCommand('minutes.stopMeeting');
        await done;
      },
    );
  });

  it('is said where it is lost, and records again by itself', async () => {
    await withServer(
      () => groqVerboseJson(spoken('Said.')),
      async () => {
        const [done] = await startRecording('minutes.recordMeeting');
        await device().play(clip().file);
        await device().unplug();
        try {
          assert.match(await message('Microphone lost'), /it is tried again/);
          await untilStatus(/NO MICROPHONE 0:0\d/);
        } finally {
          await device().plug();
        }
        assert.match(await message('microphone is back'), /is missing at 0:/);
        await untilStatus(/REC 0:0\d/);
        await commands.executeCommand('minutes.stopMeeting');
        await done;
      },
    );
  });

  it('is chosen from a list with the level of each', async () => {
    const chosen = commands.executeCommand('minutes.chooseMicrophone');
    const player = device().play(clip().file);
    const rows = (): Promise<string> => ui('text', { selector: '.quick-input-widget' });
    await until(
      async () => (await rows()).includes('Virtual_Microphone') && (await rows()).includes('What the computer plays'),
      {
        what: 'the devices',
      },
    );
    await until(async () => (await rows()).includes('█'), { what: 'a bar that moves' });
    await ui('screenshot', { name: 'integration-choose-microphone' });
    await ui('answerQuickInput', { text: 'Virtual_Microphone', has: 'Which microphone is recorded?' });
    await chosen;
    await player;
    assert.equal(workspace.getConfiguration().get(SETTINGS.microphoneDevice.id), 'vmic');
  });

  it('is named where it is chosen and not there; the default is offered', async () => {
    await set(SETTINGS.microphoneDevice.id, 'usb-yeti');
    await commands.executeCommand('minutes.recordMeeting');
    const said = await message('Microphone not found');
    for (const part of ['Microphone not found: usb-yeti.', 'Choose Microphone…', 'Record Default'])
      assert.ok(said.includes(part), said);
    await untilStatus(/^\s*$/);
  });
});
