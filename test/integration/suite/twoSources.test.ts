import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { commands, window } from 'vscode';
import { readWavHeader } from '../../../src/core/audio/wav';
import { SETTINGS } from '../../../src/shell/contributed/settingsTable';
import { startRecording, untilStatus, useMicrophone } from '../microphone';
import { inWorkspace, needsModel, set, tidyUp, ui, until } from '../window';

/** The second device. */
const OTHERS = 'others';

describe('A meeting with two sources', function () {
  this.timeout(90_000);
  const { device, clip } = useMicrophone();

  afterEach(async () => {
    await set(SETTINGS.secondDevice.id, undefined);
    await commands.executeCommand('minutes.stopMeeting');
    await tidyUp();
    for (const name of readdirSync(inWorkspace('').fsPath).filter((entry) => entry.includes('-meeting')))
      rmSync(inWorkspace(name).fsPath, { force: true });
  });

  it('hears each as a track of its own, and names who is heard', async function () {
    needsModel(this);
    const unplug = await device().plugAnother(OTHERS);
    try {
      await set(SETTINGS.secondDevice.id, OTHERS);
      const [done] = await startRecording('minutes.recordMeeting');
      await untilStatus(/0:0[1-9]/);
      const text = (): string => window.activeTextEditor?.document.getText() ?? '';
      await device().play(clip().file);
      await until(() => /\n\[0:\d\d\] \*\*Me:\*\* And so,? my fellow/.test(text()), {
        what: 'what I say',
        timeoutMs: 30_000,
      });
      await device().play(clip().file, undefined, OTHERS);
      await until(() => /\n\[0:\d\d\] \*\*Others:\*\* And so,? my fellow/.test(text()), {
        what: 'what others say',
        timeoutMs: 30_000,
      });
      await ui('screenshot', { name: 'integration-two-sources' });
      await commands.executeCommand('minutes.stopMeeting');
      await done;
      assert.equal(text().match(/my fellow Americans/g)?.length, 2, text());
      const wav = readdirSync(inWorkspace('').fsPath).find((name) => name.endsWith('-meeting.wav')) ?? '';
      const bytes = readFileSync(inWorkspace(wav).fsPath);
      const header = readWavHeader(bytes, bytes.length);
      assert.equal(header.kind === 'pcm' && header.layout.channelCount, 2);
    } finally {
      await unplug();
    }
  });
});
