import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { commands, Position, Selection, window, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import type { MeetingLabels } from '../../../src/core/notes/live/liveBlocks';
import { TRANSCRIPT_ID } from '../../../src/core/notes/meeting/meetingBlocks';
import type { TranscriptEntry } from '../../../src/core/transcript/logEntries';
import { openedEntry, TranscriptLog } from '../../../src/core/transcript/transcriptLog';
import { LiveNote } from '../../../src/shell/meetings/live/liveNote';
import { seededRandom, SEED } from '../../unit/core/random';
import { inWorkspace, tidyUp } from '../window';

const LABELS: MeetingLabels = {
  notUnderstood: (from, to) => `NOT UNDERSTOOD ${from} ${to}`,
  notTranscribed: (from, to) => `NOT TRANSCRIBED ${from} ${to}`,
  lost: (at) => `LOST ${at}`,
  paused: (at) => `PAUSED ${at}`,
  marked: () => 'MARK',
  doubtful: '(?)',
  trackNames: [],
};

const OPENING = '# TITLE\n\n## NOTES\n\n\n\n## TRANSCRIPT\n';
/** A name for each test: an editor keeps the text of a document for a while after it was closed. */
let count = 0;
const nameNow = (): string => `live-note-${count}.md`;

/** A live note in the editor, and what was said so far. */
class Meeting {
  readonly log = new TranscriptLog([]);
  private said = 0;
  refused = 0;
  madeAgain = 0;

  private constructor(
    readonly note: LiveNote,
    readonly document: TextDocument,
    log: TranscriptLog,
  ) {
    this.log = log;
  }

  static async open(): Promise<Meeting> {
    count++;
    const uri = inWorkspace(nameNow());
    writeFileSync(uri.fsPath, OPENING);
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { preview: false });
    const recording = { name: 'live-note.wav', sizeBytes: 0, modifiedMs: 0 };
    const log = new TranscriptLog([]);
    const heading = { id: TRANSCRIPT_ID, order: -0.9, text: '## TRANSCRIPT' };
    await log.append(openedEntry({ recording, task: 'transcribe' }), {
      kind: 'placed',
      note: nameNow(),
      blocks: [heading],
      removed: [],
    });
    const kept = { log, append: (...entries: readonly TranscriptEntry[]) => log.append(...entries) };
    const meeting: { opened?: Meeting } = {};
    const note = new LiveNote(document, kept, LABELS, () => 7, {
      onMadeAgain: () => {
        if (meeting.opened) meeting.opened.madeAgain++;
      },
      onRefused: () => {
        if (meeting.opened) meeting.opened.refused++;
      },
      onChanged: () => undefined,
    });
    return (meeting.opened = new Meeting(note, document, log));
  }

  /** Somebody says a sentence of 25 seconds, which is a paragraph of its own. */
  async say(text: string, lengthS = 25): Promise<void> {
    const startSample = this.said * 16_000;
    this.said += lengthS;
    const chunk = { startSample, endSample: this.said * 16_000 };
    const segments = [{ startS: 0, endS: lengthS - 2, text }];
    await this.log.append({ kind: 'answered', track: 0, ...chunk, model: 'base', text, segments, words: [] });
    await this.note.update();
  }
}

/** The position right behind a text. */
function behind(document: TextDocument, text: string): Position {
  return document.positionAt(document.getText().indexOf(text) + text.length);
}

describe('A live note in the editor', function () {
  this.timeout(60_000);
  let meeting: Meeting;

  beforeEach(async () => {
    meeting = await Meeting.open();
  });

  afterEach(async () => {
    meeting.note.dispose();
    await tidyUp();
    rmSync(inWorkspace(nameNow()).fsPath, { force: true });
  });

  it('leaves caret, selection and scroll position where they are', async () => {
    const { document } = meeting;
    const editor = window.activeTextEditor;
    assert.ok(editor);
    await meeting.say('ONE.');
    for (const at of [new Position(3, 0), behind(document, 'ONE'), behind(document, 'ONE.')]) {
      editor.selection = new Selection(at, at);
      await meeting.say('MORE.', 5);
      assert.deepEqual(editor.selection.active, at, document.getText());
    }
    const selected = new Selection(behind(document, '## NO'), behind(document, 'ONE.'));
    editor.selection = selected;
    await meeting.say('TWO.');
    assert.deepEqual(editor.selection, selected);
    for (let n = 0; n < 60; n++) await meeting.say(`PARAGRAPH ${n}.`);
    const end = document.lineAt(document.lineCount - 1).range.end;
    editor.selection = new Selection(end, end);
    editor.revealRange(editor.selection);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const shown = editor.visibleRanges[0]?.start.line;
    await meeting.say('LAST.');
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(editor.visibleRanges[0]?.start.line, shown);
  });

  it('takes back what the user typed without our paragraphs', async () => {
    const { document, note } = meeting;
    const editor = window.activeTextEditor;
    assert.ok(editor);
    editor.selection = new Selection(4, 0, 4, 0);
    await commands.executeCommand('type', { text: 'mine' });
    await meeting.say('ONE.');
    const full = document.getText();
    assert.equal(full, `${OPENING.replace('NOTES\n\n', 'NOTES\n\nmine')}\n[0:00] ONE.\n`);
    assert.equal(await note.step('undo'), true);
    assert.equal(document.getText(), `${OPENING}\n[0:00] ONE.\n`);
    assert.equal(await note.step('undo'), false);
    assert.equal(await note.step('redo'), true);
    assert.equal(document.getText(), full);
  });

  it('loses and moves not one letter of a user who types, deletes, undoes and saves meanwhile', async () => {
    const { document, note } = meeting;
    const editor = window.activeTextEditor;
    assert.ok(editor);
    const mine = (): string => document.getText().replace(/[^a-z]/g, '');
    for (let seed = SEED; seed < SEED + 2; seed++) {
      const random = seededRandom(seed);
      const below = (limit: number): number => Math.floor(random() * limit);
      let expected = mine();
      for (let turn = 0; turn < 60; turn++) {
        const kind = random();
        const begun = kind < 0.5 ? meeting.say(`SAID ${seed} ${turn}.`, 3 + below(30)) : Promise.resolve();
        const line = below(document.lineCount);
        const at = new Position(line, below(document.lineAt(line).text.length + 1));
        editor.selection = new Selection(at, at);
        if (random() < 0.7) {
          const text = ['a', 'bcd', 'e\nf'][below(3)] ?? '';
          await commands.executeCommand('type', { text });
        } else if (random() < 0.4) await commands.executeCommand('deleteLeft');
        else if (random() < 0.6) await note.step(random() < 0.7 ? 'undo' : 'redo');
        else await document.save();
        expected = mine();
        await begun;
        assert.equal(mine(), expected, `seed ${seed}, turn ${turn}`);
      }
    }
    assert.equal(meeting.refused, 0);
  });

  it('follows the note when it is renamed, and makes it again when it is deleted', async () => {
    await meeting.say('ONE.');
    const renamed = inWorkspace('renamed-note.md');
    try {
      await commands.executeCommand('workbench.action.closeAllEditors');
      await workspace.openTextDocument(inWorkspace(nameNow()));
      const edit = new WorkspaceEdit();
      edit.renameFile(inWorkspace(nameNow()), renamed);
      assert.ok(await workspace.applyEdit(edit));
      await meeting.say('TWO.');
      const text = new TextDecoder().decode(await workspace.fs.readFile(renamed));
      assert.equal(text, `${OPENING}\n[0:00] ONE.\n\n[0:25] TWO.\n`);
      await workspace.fs.delete(renamed);
      await meeting.say('THREE.');
      const again = new TextDecoder().decode(await workspace.fs.readFile(renamed));
      assert.equal(again, `${text}\n[0:50] THREE.\n`);
      assert.equal(meeting.madeAgain, 1);
    } finally {
      rmSync(renamed.fsPath, { force: true });
    }
  });
});
