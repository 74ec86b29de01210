import { assert } from 'chai';
import type { NoteEdit } from '../../../../../src/core/model';
import { editedText } from '../../../../../src/core/notes/editedText';
import { LiveNoteModel } from '../../../../../src/core/notes/live/liveNoteModel';
import { liveBlocks, type MeetingLabels } from '../../../../../src/core/notes/live/liveBlocks';
import { TRANSCRIPT_ID } from '../../../../../src/core/notes/meeting/meetingBlocks';
import type { Happening, PlacedBlock } from '../../../../../src/core/transcript/logEntries';
import type { TranscriptSegment } from '../../../../../src/core/model';
import { SEED, seededRandom } from '../../random';
import { said, transcriptOf } from '../noteParts';

const LABELS: MeetingLabels = {
  notUnderstood: (from, to) => `NOT UNDERSTOOD ${from} ${to}`,
  notTranscribed: (from, to) => `NOT TRANSCRIBED ${from} ${to}`,
  lost: (at, length) => `LOST ${at} ${length ?? ''}`,
  paused: (at, length) => `PAUSED ${at} ${length ?? ''}`,
  marked: () => 'MARK',
  doubtful: '(?)',
  trackNames: [],
};

const HEADING: PlacedBlock = { id: TRANSCRIPT_ID, order: -0.9, text: '## TRANSCRIPT' };
const OPENING = '# TITLE\n\n## NOTES\n\n\n\n## TRANSCRIPT\n';

/** A live note as the shell drives it, with a plain string in place of the editor. */
class Note {
  document: string;
  written: readonly PlacedBlock[] = [HEADING];
  readonly model: LiveNoteModel;
  readonly segments: TranscriptSegment[] = [];
  readonly happenings: Happening[] = [];

  constructor(
    opening = OPENING,
    private readonly eol: '\n' | '\r\n' = '\n',
  ) {
    this.document = opening.replaceAll('\n', eol);
    this.model = new LiveNoteModel(this.document, this.written);
  }

  /** More was said. */
  hear(...segments: readonly TranscriptSegment[]): NoteEdit[] {
    this.segments.push(...segments);
    const shown = {
      written: this.written,
      isUntouched: (id: string): boolean =>
        this.written.some((block) => block.id === id && this.model.isUntouched(block)),
    };
    const wanted = liveBlocks(shown, transcriptOf(this.segments), this.happenings, LABELS);
    const plan = this.model.plan(this.written, wanted, this.eol);
    this.document = editedText(this.document, plan.edits);
    this.model.planned(plan, this.document);
    this.written = wanted;
    return [...plan.edits];
  }

  /** The user replaces a range. */
  type(offset: number, removedLength: number, text: string, atS = 0): void {
    this.document = editedText(this.document, [{ offset, removedLength, text }]);
    this.model.userChanged([{ offset, removedLength, text }], this.document, this.written, atS);
  }

  typeAt(place: string, text: string, atS = 0): void {
    this.type(this.document.indexOf(place) + place.length, 0, text, atS);
  }

  step(which: 'undo' | 'redo'): boolean {
    const step = this.model[which]();
    if (!step) return false;
    this.document = editedText(this.document, step.edits);
    this.model.stepped(step, this.document, this.written);
    return true;
  }

  /** The user's own letters, in order. Ours are capitals. */
  get mine(): string {
    return this.document.replace(/[^a-z]/g, '');
  }
}

describe('a live note', () => {
  it('fills below the heading of its transcript, and a paragraph grows at its end', () => {
    const note = new Note();
    note.hear(said(0.4, 4, 'GOOD MORNING.'));
    assert.strictEqual(note.document, `${OPENING}\n[0:00] GOOD MORNING.\n`);
    const edits = note.hear(said(5, 9, 'SHALL WE START?'));
    assert.strictEqual(note.document, `${OPENING}\n[0:00] GOOD MORNING. SHALL WE START?\n`);
    assert.deepStrictEqual(
      edits.map(({ removedLength, text }) => ({ removedLength, text })),
      [{ removedLength: 0, text: ' SHALL WE START?' }],
    );
    note.hear(said(30, 33, 'YES.'));
    assert.strictEqual(note.document, `${OPENING}\n[0:00] GOOD MORNING. SHALL WE START?\n\n[0:30] YES.\n`);
  });

  it('has a marker behind the sentence in which the moment was marked, and goes on below it', () => {
    const note = new Note();
    note.hear(said(0.4, 4, 'GOOD MORNING.'));
    note.happenings.push({ kind: 'marked', atS: 6, text: '' });
    note.hear();
    assert.strictEqual(note.document, `${OPENING}\n[0:00] GOOD MORNING.\n\n[0:06] MARK\n`);
    // The sentence that was being said is known later; it ends where the marker stands.
    note.hear(said(4, 7, 'SHALL WE'));
    note.hear(said(7, 9, 'START?'), said(9, 12, 'YES.'));
    const expected = '[0:00] GOOD MORNING. SHALL WE START?\n\n[0:06] MARK\n\n[0:09] YES.\n';
    assert.strictEqual(note.document, `${OPENING}\n${expected}`);
    note.typeAt('MARK', ' mine');
    note.hear(said(12, 14, 'SO.'));
    assert.strictEqual(
      note.document,
      `${OPENING}\n${expected.replace('MARK', 'MARK mine').replace('YES.', 'YES. SO.')}`,
    );
  });

  it('has a marker between two sentences where nobody spoke', () => {
    const note = new Note();
    note.hear(said(0.4, 4, 'GOOD MORNING'));
    note.happenings.push({ kind: 'marked', atS: 5, text: '' });
    note.hear(said(6, 9, 'ALL.'));
    assert.strictEqual(note.document, `${OPENING}\n[0:00] GOOD MORNING\n\n[0:05] MARK\n\n[0:06] ALL.\n`);
  });

  it('leaves a paragraph that the user changed, and begins another behind it', () => {
    const note = new Note();
    note.hear(said(0.4, 4, 'GOOD MORNING.'));
    note.typeAt('GOOD', 'x');
    note.hear(said(5, 9, 'SHALL WE START?'));
    assert.strictEqual(note.document, `${OPENING}\n[0:00] GOODx MORNING.\n\n[0:05] SHALL WE START?\n`);
  });

  it('comes behind both halves of a paragraph that the user split, and behind a line typed right below it', () => {
    const note = new Note();
    note.hear(said(0.4, 4, 'GOOD MORNING.'));
    note.typeAt('GOOD', '\n');
    note.typeAt('MORNING.', '\nmine');
    note.hear(said(5, 9, 'YES.'));
    assert.strictEqual(note.document, `${OPENING}\n[0:00] GOOD\n MORNING.\nmine\n\n[0:05] YES.\n`);
  });

  it('does not bring back what the user deleted', () => {
    const note = new Note();
    note.hear(said(0.4, 4, 'GOOD MORNING.'));
    const at = note.document.indexOf('[0:00]');
    note.type(at, note.document.length - at, '');
    note.hear(said(5, 9, 'YES.'));
    assert.strictEqual(note.document, `${OPENING}\n[0:05] YES.\n`);
  });

  it('keeps what the user types at the end below the transcript', () => {
    const note = new Note();
    note.hear(said(0.4, 4, 'ONE.'));
    note.type(note.document.length, 0, '\nmine');
    note.hear(said(30, 34, 'TWO.'));
    assert.strictEqual(note.document, `${OPENING}\n[0:00] ONE.\n\n[0:30] TWO.\n\nmine`);
  });

  it('writes the document’s own line ends', () => {
    const note = new Note(OPENING, '\r\n');
    note.hear(said(0, 4, 'ONE.'));
    note.hear(said(5, 9, 'TWO.'), said(30, 34, 'THREE.'));
    note.hear(said(35, 39, 'FOUR.'));
    const expected = `${OPENING}\n[0:00] ONE. TWO.\n\n[0:30] THREE. FOUR.\n`;
    assert.strictEqual(note.document, expected.replaceAll('\n', '\r\n'));
  });

  it('goes to the end of a note whose parts the user deleted', () => {
    const note = new Note();
    note.type(0, note.document.length, 'mine');
    note.hear(said(0, 4, 'ONE.'));
    assert.strictEqual(note.document, 'mine\n\n[0:00] ONE.\n');
  });

  it('takes back what the user typed without our paragraphs, and does it again', () => {
    const note = new Note();
    note.hear(said(0, 4, 'ONE.'));
    for (const [at, letter] of 'mine'.split('').entries()) note.type(OPENING.indexOf('## TR') - 2 + at, 0, letter);
    note.hear(said(30, 34, 'TWO.'));
    const typed = note.document;
    assert.isTrue(note.step('undo'));
    assert.strictEqual(note.document, `${OPENING}\n[0:00] ONE.\n\n[0:30] TWO.\n`);
    note.hear(said(35, 39, 'THREE.'));
    assert.isTrue(note.step('redo'));
    assert.strictEqual(note.document, typed.replace('TWO.', 'TWO. THREE.'));
    assert.isFalse(note.step('redo'));
  });

  it('knows when a line was typed', () => {
    const note = new Note();
    note.typeAt('## NOTES\n\n', 'a', 12);
    note.typeAt('## NOTES\n\na', 'b', 13);
    note.typeAt('## NOTES\n\nab', '\nc', 15);
    note.hear(said(0, 4, 'ONE.'));
    note.typeAt('ONE.', 'x', 20);
    assert.deepStrictEqual(note.model.newLines(), [
      { kind: 'marked', atS: 12, text: 'ab', line: 'line-0' },
      { kind: 'marked', atS: 15, text: 'c', line: 'line-1' },
    ]);
    assert.deepStrictEqual(note.model.newLines(), []);
  });
});

describe('a live note, whatever the user does', () => {
  /** Plays one script: the user edits, undoes and redoes anywhere while paragraphs arrive. */
  function play(seed: number): void {
    const random = seededRandom(seed);
    const below = (limit: number): number => Math.floor(random() * limit);
    const note = new Note(OPENING, random() < 0.2 ? '\r\n' : '\n');
    let atS = 0;
    /** The user's letters before each of their steps that can be taken back. */
    for (let turn = 0; turn < 40; turn++) {
      const kind = random();
      const before = note.mine;
      const oursBefore = note.document.replace(/[a-z]/g, '');
      if (kind < 0.35) {
        const lengthS = 1 + below(12);
        const beginS = atS + (random() < 0.3 ? below(8) : 0.2);
        note.hear(said(beginS, (atS = beginS + lengthS), `SAID ${turn}${random() < 0.7 ? '.' : ''}`));
        assert.strictEqual(note.mine, before, `seed ${seed}: our edit took or moved the user’s letters`);
        assert.include(note.document, `SAID ${turn}`, `seed ${seed}: a sentence is missing`);
        assert.isAtLeast(note.document.length, oursBefore.length);
      } else if (kind < 0.7) {
        note.type(below(note.document.length + 1), 0, ['a', 'bc', 'd e', '\nf', '\n\ng\n'][below(5)] ?? '');
      } else if (kind < 0.8) {
        const offset = below(note.document.length);
        note.type(offset, Math.min(note.document.length - offset, 1 + below(30)), random() < 0.5 ? '' : 'h');
      } else note.step(kind < 0.93 ? 'undo' : 'redo');
      assert.strictEqual(note.model.text, note.document, `seed ${seed}`);
    }
  }

  it('loses and moves not one letter of theirs', () => {
    for (let n = 0; n < 2000; n++) play(SEED + n);
  });

  it('takes all their steps back and does them again, while paragraphs arrive', () => {
    for (let n = 0; n < 600; n++) {
      const random = seededRandom(SEED + n);
      const below = (limit: number): number => Math.floor(random() * limit);
      const note = new Note();
      const states = [note.mine];
      let atS = 0;
      const hear = (): void => {
        if (random() < 0.4) note.hear(said((atS += 9), (atS += 7), `SAID ${atS}.`));
      };
      for (let turn = 0; turn < 12; turn++) {
        hear();
        const room = note.document.indexOf('## TRANSCRIPT') + (random() < 0.3 ? 20 : 0);
        const offset = below(Math.max(1, Math.min(room, note.document.length)));
        // Each step has two letters, so that none joins the one before.
        if (random() < 0.7) note.type(offset, 0, 'xy');
        else note.type(offset, Math.min(2, note.document.length - offset), 'zw');
        states.push(note.mine);
      }
      const steps = states.length - 1;
      for (let back = 1; back <= steps; back++) {
        hear();
        assert.isTrue(note.step('undo'));
        assert.strictEqual(note.mine, states[steps - back], `script ${n}, ${back} back`);
      }
      assert.isFalse(note.step('undo'));
      for (let again = 1; again <= steps; again++) {
        hear();
        assert.isTrue(note.step('redo'));
        assert.strictEqual(note.mine, states[again], `script ${n}, ${again} again`);
      }
    }
  });
});
