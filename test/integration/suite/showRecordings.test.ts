import { skipWithReason } from '../../speech';
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commands, env } from 'vscode';
import { forgetRecordings, storageFolder } from '../microphone';
import { tidyUp, ui } from '../window';

describe('Show Recordings', () => {
  before(function () {
    if (!env.remoteName) skipWithReason(this, "on this machine the system's own file manager opens");
  });
  afterEach(async () => {
    await tidyUp();
    forgetRecordings();
  });

  it("opens their folder in the window's own dialog where the system's file manager is on another machine", async () => {
    const folder = path.join(storageFolder(), 'recordings');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'kept.wav'), '');
    const done = commands.executeCommand('minutes.showRecordings');
    await ui('waitQuickInput', {});
    assert.equal(
      (await ui('rowText', { selector: '.quick-input-list .monaco-list-row', has: 'kept.wav' })).trim(),
      'kept.wav',
    );
    await ui('press', { key: 'Escape' });
    await done;
  });
});
