import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { commands, type Position, Selection, type Uri, window, type TextEditor } from 'vscode';
import { forgetRecordings, startRecording, useMicrophone, type Speaker } from './microphone';
import { inWorkspace, tidyUp, until } from './window';

/** What the embedded engine makes of the clip. */
export const SAID = /And so,? my fellow Americans[.,]?/;
/** What stands in the files before the dictation. */
export const TEXT = 'First line.\n\nLast line.\n';
/** What is kept where no recording is. */
export const NOTHING_KEPT = { recordings: [], unfinished: [] };

/** The two files of a test. */
export interface DictationFiles {
  /** Dictated into. */
  readonly mine: string;
  readonly other: string;
}

/** What the suites that dictate share. */
export interface Dictation extends Speaker {
  readonly files: () => DictationFiles;
  /** Dictates the clip, while something else is done; the text is in its place then. */
  readonly dictate: (meanwhile?: () => PromiseLike<unknown>) => Promise<void>;
  /** The same, but resolves when the recording was stopped. */
  readonly stopAfterClip: (meanwhile?: () => PromiseLike<unknown>) => Promise<Promise<void>[]>;
}

/**
 * A microphone, and two new files for every test of the suites around the call.
 * @param suite names the files, as no two suites may share them
 */
export function useDictation(suite: string): Dictation {
  const { device, clip } = useMicrophone();

  // New ones for each test: this window saves by itself what is changed.
  let [mine, other] = ['', ''];
  let testCount = 0;

  beforeEach(() => {
    [mine, other] = [`dictated-${suite}-${++testCount}.md`, `other-${suite}-${testCount}.py`];
    for (const name of [mine, other]) writeFileSync(inWorkspace(name).fsPath, TEXT);
  });
  afterEach(async () => {
    await commands.executeCommand('minutes.discardDictation');
    await tidyUp();
    forgetRecordings();
    for (const name of [mine, other]) rmSync(inWorkspace(name).fsPath, { force: true });
  });

  async function dictate(meanwhile: () => PromiseLike<unknown> = () => Promise.resolve()): Promise<void> {
    const [done] = await stopAfterClip(meanwhile);
    await done;
  }

  async function stopAfterClip(
    meanwhile: () => PromiseLike<unknown> = () => Promise.resolve(),
  ): Promise<Promise<void>[]> {
    const [done] = await startRecording('minutes.dictate');
    await Promise.all([device().play(clip().file), meanwhile()]);
    await commands.executeCommand('minutes.dictate');
    assert.ok(done);
    return [done];
  }

  return { device, clip, files: () => ({ mine, other }), dictate, stopAfterClip };
}

/** Stops the dictation, and waits until its text is in its place. */
export async function stop(done: Promise<void> | undefined): Promise<void> {
  await commands.executeCommand('minutes.dictate');
  await done;
}

/** A selection of nothing, there. */
export function caret(position: Position): Selection {
  return new Selection(position, position);
}

/** Opens a file of the workspace, with the cursor there. */
export async function open(name: string, position: Position): Promise<TextEditor> {
  return openUri(inWorkspace(name), position);
}

/** As the user does: a document that an extension opens stays open for minutes after its editor was closed. */
export async function openUri(uri: Uri, position: Position): Promise<TextEditor> {
  await commands.executeCommand('vscode.open', uri, { preview: false });
  const editor = await until(
    () => (window.activeTextEditor?.document.uri.toString() === uri.toString() ? window.activeTextEditor : undefined),
    { what: `an editor of ${uri.path}` },
  );
  editor.selection = caret(position);
  return editor;
}

/** The whole text: what was there around what was said. */
export function between(head: string, said: RegExp, tail: string): RegExp {
  const exactly = (text: string): string => text.replace(/[.\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`));
  return new RegExp(`^${exactly(head)}${said.source}${exactly(tail)}$`, said.flags);
}
