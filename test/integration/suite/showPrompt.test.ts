import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commands, RelativePattern, window, workspace, type Uri } from 'vscode';
import { NEVER } from '../../../src/core/async/never';
import { buildPrompt, PROMPT_LIMITS } from '../../../src/core/vocabulary/buildPrompt';
import { findWorkspaceFiles } from '../../../src/shell/vocabulary/findWorkspaceFiles';
import { WorkspaceVocabulary } from '../../../src/shell/vocabulary/workspaceVocabulary';
import { groqVerboseJson, spoken } from '../../fakes/speechAnswers';
import { fieldValues, withServer } from '../speechServer';
import { withProperty } from '../withProperty';
import { inWorkspace, needsModel, set, tidyUp, transcribe, until } from '../window';

const FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ dependencies: { kafkajs: '2', '@grafana/faro': '1', zod: '4' } }),
  'src/ledgerExporter.py':
    'class LedgerExporter:\n  def flushQueue(self, batchPlan: BatchPlan): pass\napiKey = "PaperTigerSecret"\n# ask ada@example.org\n',
  'src/otherModule.py': 'x = 1\n',
  'node_modules/hidden/deepSecretModule.ts': '',
  '.mailmap': 'Ada Lovelace <ada@example.org>\n',
  '.git/logs/HEAD': `${'0'.repeat(40)} ${'1'.repeat(40)} Grace Hopper <grace@example.org> 1700000000 +0000\tcommit: x\n`,
};
/** What of all that is made by these tests alone, folders first. */
const MADE = [
  'package.json',
  'src',
  'node_modules',
  '.mailmap',
  '.git',
  'words.wav',
  'words.md',
  'otherModule.wav',
  'otherModule.md',
];

/** Runs the command and gives the document it shows. */
async function showPrompt(): Promise<string> {
  await commands.executeCommand('minutes.showPrompt');
  const editor = window.activeTextEditor;
  assert.equal(editor?.document.uri.scheme, 'minutes-document');
  return editor.document.getText();
}

/** The text that is sent, out of the document. */
function sentText(document: string): string {
  return /```text\n(.*)\n```/.exec(document)?.[1] ?? '';
}

const noAbort = (): AbortSignal => NEVER;

describe('Show Words Sent', () => {
  before(async () => {
    for (const [name, text] of Object.entries(FILES)) {
      const file = inWorkspace(name).fsPath;
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    copyFileSync(inWorkspace('jfk.wav').fsPath, inWorkspace('words.wav').fsPath);
    await window.showTextDocument(inWorkspace('src/ledgerExporter.py'));
    // What an earlier suite made the workspace be read for is kept for ten seconds.
    const isRead = async (): Promise<boolean> => (await showPrompt()).includes('kafkajs');
    await until(isRead, { what: 'the files of this suite', timeoutMs: 30_000, intervalMs: 1000 });
    await window.showTextDocument(inWorkspace('src/ledgerExporter.py'));
  });
  after(() => {
    for (const name of MADE) rmSync(inWorkspace(name).fsPath, { recursive: true, force: true });
  });
  afterEach(async () => {
    await set('minutes.vocabulary.people', undefined);
    await tidyUp();
  });

  it('shows exactly what the request then carries, and where each word is from', async () => {
    await withServer([groqVerboseJson(spoken('Scripted.', 0, 1))], async (server) => {
      const document = await showPrompt();
      const text = sentText(document);
      for (const word of [
        'LedgerExporter',
        'flushQueue',
        'BatchPlan',
        'kafkajs',
        'otherModule',
        'Ada Lovelace',
        'Grace Hopper',
      ])
        assert.ok(text.includes(word), `${word} in: ${text}`);
      assert.doesNotMatch(document, /PaperTiger|example\.org|deepSecret/);
      assert.match(text, /^[^.].*\.$/);
      assert.ok(document.includes(server.host), document);
      assert.match(
        document,
        new RegExp(`- Size: ${new TextEncoder().encode(text).length} of 880 bytes\n- Length: \\d+ of 223 tokens`),
      );
      assert.match(document, /\n\| kafkajs +\| dependency +\| package\.json +\|\n/);
      assert.match(document, /\n\| Grace Hopper +\| person +\| \.git\/logs\/HEAD +\|\n/);
      assert.match(document, /\n\| LedgerExporter +\| file +\| src\/ledgerExporter\.py +\|\n/);
      assert.equal(window.activeTextEditor?.document.isDirty, false);

      await transcribe(inWorkspace('words.wav'));
      assert.deepEqual(fieldValues(server.requests[0], 'prompt'), [text]);
    });
  });

  it('sends a word of the workspace with a recording of another name only', async () => {
    copyFileSync(inWorkspace('jfk.wav').fsPath, inWorkspace('otherModule.wav').fsPath);
    await withServer([groqVerboseJson(spoken('Scripted.', 0, 1))], async (server) => {
      await transcribe(inWorkspace('otherModule.wav'));
      const [prompt = ''] = fieldValues(server.requests[0], 'prompt');
      assert.match(prompt, /kafkajs/);
      assert.doesNotMatch(prompt, /otherModule/);
    });
  });

  it('leaves people out where the setting says so', async () => {
    await set('minutes.vocabulary.people', false);
    const document = await showPrompt();
    assert.match(document, /kafkajs/);
    assert.doesNotMatch(document, /Lovelace|Hopper/);
    await set('minutes.vocabulary.people', true);
    assert.match(await showPrompt(), /Lovelace/);
  });

  it('says that the model of the embedded engine reads the words, and nobody else', async function () {
    needsModel(this);
    const document = await showPrompt();
    assert.match(document, /openai\/whisper-base on this machine reads this text.*It goes nowhere else/);
    assert.match(document, /kafkajs/);
  });

  it('sends no words of a workspace that is not trusted, and says so', async () => {
    await withServer([groqVerboseJson(spoken('Scripted.', 0, 1))], async (server) => {
      await withProperty(workspace, 'isTrusted', false, async () => {
        const document = await showPrompt();
        assert.match(document, /Nothing is sent: this workspace is not trusted/);
        assert.doesNotMatch(document, /kafkajs/);
        rmSync(inWorkspace('words.md').fsPath, { force: true });
        await transcribe(inWorkspace('words.wav'));
      });
      assert.equal(server.requests.length, 1);
      assert.deepEqual(fieldValues(server.requests[0], 'prompt'), []);
    });
  });

  it('says where no folder is open', async () => {
    await withProperty(workspace, 'workspaceFolders', undefined, async () => {
      assert.match(await showPrompt(), /Nothing is sent: no folder is open/);
    });
  });

  it('names an endpoint that is none', async () => {
    await set('minutes.endpoint', 'grok');
    await commands.executeCommand('minutes.showPrompt');
    assert.equal(window.activeTextEditor, undefined);
  });
});

describe('The words of the workspace', () => {
  afterEach(tidyUp);

  it('are collected in a moment, and throw when aborted', async () => {
    const vocabulary = new WorkspaceVocabulary();
    try {
      const start = performance.now();
      const { sizeBytes, tokens } = buildPrompt(await vocabulary.collect(noAbort()));
      console.log(`      collected in ${Math.round(performance.now() - start)} ms`);
      assert.ok(sizeBytes <= PROMPT_LIMITS.sizeBytes && tokens <= PROMPT_LIMITS.tokens);
      await assert.rejects(vocabulary.collect(AbortSignal.abort()), { name: 'AbortError' });
      const stop = new AbortController();
      const another = new WorkspaceVocabulary();
      const collecting = another.collect(stop.signal);
      another.dispose();
      stop.abort();
      await assert.rejects(collecting, { name: 'AbortError' });
    } finally {
      vocabulary.dispose();
    }
  });

  const findsWith = (title: string, search: () => unknown): void => {
    it(`are found by walking where the search ${title}`, async () => {
      const [folder] = workspace.workspaceFolders ?? [];
      assert.ok(folder);
      await withProperty(workspace, 'findFiles', search, async () => {
        const names = (await findWorkspaceFiles(folder, noAbort())).map((uri) => workspace.asRelativePath(uri));
        assert.ok(names.includes('jfk.wav') && names.includes('pieces.wav'), names.join());
        assert.ok(!names.some((name) => /node_modules|\.git/.test(name)), names.join());
      });
    });
  };
  findsWith('fails', () => Promise.reject(new Error('no search program')));
  findsWith('finds nothing', () => Promise.resolve([]));
  findsWith('does not end', () => new Promise<never>(() => undefined));

  it('are the same with the search of this host', async () => {
    const [folder] = workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const found = await workspace.findFiles(new RelativePattern(folder, '**/*.wav'));
    const names = (await findWorkspaceFiles(folder, noAbort())).filter(({ path: file }) => file.endsWith('.wav'));
    const sorted = (uris: readonly Uri[]): string[] => uris.map(String).toSorted();
    assert.ok(found.length > 0);
    assert.deepEqual(sorted(names), sorted(found));
  });
});
