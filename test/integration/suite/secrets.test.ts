import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { commands, workspace } from 'vscode';
import type { ScriptedAnswer } from '../../fakes/scriptedServer';
import { error, groqVerboseJson, htmlError, redirect, spoken, stringError } from '../../fakes/speechAnswers';
import { storageFolder } from '../microphone';
import { outOfOrder, withServer } from '../speechServer';
import {
  inWorkspace,
  isInWorkspace,
  message,
  needsUi,
  noMessages,
  readWorkspaceFile,
  setKey,
  tidyUp,
  transcribe,
  ui,
  until,
} from '../window';

/** Settings, logs, storage: all that this VS Code writes. */
function dataFolder(): string {
  return path.resolve(storageFolder(), '..', '..', '..', '..');
}

/** The files below a folder that hold the text, by their paths within. */
function filesWith(folder: string, text: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const file = path.join(folder, name);
    try {
      return statSync(file).isFile() && readFileSync(file).includes(text);
    } catch {
      return false; // gone meanwhile, or a socket
    }
  });
}

describe('The key', function () {
  this.timeout(60_000);
  before(function () {
    needsUi(this);
  });
  afterEach(tidyUp);

  it('is in no log, setting, message, note or file, whatever endpoints answer', async () => {
    const key = `canary-${randomBytes(12).toString('hex')}`;
    const told = `the key ${key} is not right`;
    const answers: readonly ScriptedAnswer[] = [
      error(401, { message: told }),
      error(400, { message: told, code: key }),
      error(403, { message: told }),
      error(404, { message: told }),
      stringError(422, told),
      htmlError(403, told),
      { status: 200, body: `<html>${told}</html>` },
      { reset: 'whileBody', body: told },
      error(429, { message: told, code: 'insufficient_quota' }),
      redirect(`https://elsewhere.example/?key=${key}`),
      groqVerboseJson(spoken('It works.')),
    ];
    await withServer([], async (server) => {
      await setKey(server.host, key);
      let shown = '';
      for (const [i, answer] of answers.entries()) {
        server.play(() => answer);
        await transcribe(inWorkspace('again.wav'));
        // The last is good, all others are told.
        if (i < answers.length - 1) shown += await message(server.host);
        shown += await ui('text', { selector: '.monaco-workbench' });
        assert.ok(!shown.includes(key), `in the window, after answer ${i}: ${shown.slice(shown.indexOf(key) - 200)}`);
        await noMessages();
      }
      // A note of which pieces are missing.
      let count = 0;
      server.play(() => (count++ === 0 ? groqVerboseJson(spoken('It works.')) : outOfOrder(500, told)));
      await transcribe(inWorkspace('secret.wav'));
      assert.match(readWorkspaceFile('secret.md'), /^> Not transcribed: /m);
      shown += await message('secret.md');
      await commands.executeCommand('minutes.showLog');
      const log = (): Promise<string> => ui('text', { selector: '.output-view .view-lines' });
      await until(async () => (await log()).includes(server.host), { what: 'the log', timeoutMs: 20_000 });
      shown += await log();
      await commands.executeCommand('workbench.action.closePanel');

      assert.ok(server.requests.every(({ headers }) => headers.authorization === `Bearer ${key}`));
      assert.ok(shown.includes('It works.') && shown.includes('forbids the request: the key … is not right'));
      assert.ok(!shown.includes(key), 'in the log');
      const logs = (): readonly string[] => filesWith(dataFolder(), `${server.host}: 401 after`);
      await until(() => logs().length > 0, { what: 'the log on the disk, which is looked through below' });
      assert.deepEqual(filesWith(dataFolder(), key), []);
      assert.deepEqual(filesWith(inWorkspace('').fsPath, key), []);
      assert.ok(!JSON.stringify(workspace.getConfiguration('minutes')).includes(key));

      await setKey(server.host, '');
      for (const note of ['again.md', 'secret.md']) {
        assert.ok(isInWorkspace(note));
        await workspace.fs.delete(inWorkspace(note));
      }
    });
  });
});
