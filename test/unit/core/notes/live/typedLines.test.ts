import { assert } from 'chai';
import { typedLines } from '../../../../../src/core/notes/live/typedLines';
import { SEED, seededRandom } from '../../random';
import { NOTES, Typing } from './typing';

describe('lines typed beside a meeting', () => {
  it('have the time of their first letter, whatever is typed into them later', () => {
    const note = new Typing();
    note.atS = 3;
    note.insert(NOTES, '\n- ');
    note.atS = 38;
    note.type(NOTES + 3, 'budget');
    note.atS = 50;
    note.type(NOTES + 9, ' is fine');
    note.insert(NOTES + 3, 'the ');
    assert.deepStrictEqual(note.shown, ['38 - the budget is fine']);
    note.tell();
    assert.deepStrictEqual(note.marks, [{ kind: 'marked', atS: 38, text: '- the budget is fine', line: 'line-0' }]);
    note.hear('0', 'SAID.');
    assert.deepStrictEqual(note.logged, ['38 - the budget is fine']);
    assert.lengthOf(note.marks, 1, 'nothing new');
  });

  it('keep it where they are split, joined, moved, cut and pasted', () => {
    const note = new Typing();
    note.atS = 10;
    note.type(NOTES, 'first line');
    note.atS = 20;
    note.type(NOTES + 10, '\nsecond');
    note.atS = 90;
    note.insert(NOTES + 5, '\n');
    assert.deepStrictEqual(note.shown, ['10 first', '10  line', '20 second']);
    // As the editor moves a line down: the one below it goes and comes back above.
    const second = note.document.indexOf('second');
    note.change(
      { offset: NOTES, removedLength: 0, text: 'second\n' },
      { offset: second - 1, removedLength: 7, text: '' },
    );
    assert.deepStrictEqual(note.shown, ['20 second', '10 first', '10  line']);
    note.remove(note.document.indexOf('first\n'), 6);
    note.tell();
    note.insert(note.document.indexOf('\n\n## TRANSCRIPT'), '\nfirst');
    assert.deepStrictEqual(note.logged, ['20 second', '10  line', '10 first']);
    note.remove(note.document.indexOf('\n line'), 1);
    assert.deepStrictEqual(note.logged, ['20 second line', '10 first']);
    note.insert(note.document.indexOf(' line'), '\n');
    assert.deepStrictEqual(note.shown, ['20 second', '10  line', '10 first']);
  });

  it('have a new time where they are typed again, and that of now where they are a copy', () => {
    const note = new Typing();
    note.atS = 10;
    note.type(NOTES, 'same');
    note.remove(NOTES, 4);
    note.atS = 20;
    note.type(NOTES, 'same');
    assert.deepStrictEqual(note.shown, ['20 same']);
    note.atS = 30;
    note.insert(NOTES + 4, '\nsame');
    assert.deepStrictEqual(note.logged, ['20 same', '30 same']);
  });

  it('keep it where each is replaced by another, and come back with an undo', () => {
    const note = new Typing();
    note.atS = 10;
    note.type(NOTES, '* one');
    note.atS = 20;
    note.type(NOTES + 5, '\n* two');
    note.atS = 30;
    note.replace('* one\n* two', '- one\n- two');
    assert.deepStrictEqual(note.shown, ['10 - one', '20 - two']);
    note.hear('0', 'SAID.');
    note.step('undo');
    assert.deepStrictEqual(note.shown, ['10 * one', '20 * two']);
    note.step('redo');
    assert.deepStrictEqual(note.logged, ['10 - one', '20 - two']);
  });

  it('are none of our lines, none that stood before, and none without a word', () => {
    const note = new Typing();
    note.atS = 10;
    note.insert(NOTES, 'OLD');
    note.reload();
    note.marks = [];
    note.reload();
    note.hear('0', 'SAID.');
    note.type(note.document.indexOf('SAID') + 4, ', mine');
    note.remove(NOTES, 1);
    note.insert(NOTES, '\n---\n1. \n');
    assert.deepStrictEqual(note.logged, []);
    note.type(note.document.indexOf('mine.') + 5, '\n\nbelow ours');
    assert.deepStrictEqual(note.logged, ['10 below ours']);
  });

  it('have ids of their own after a reload, and their times', () => {
    const note = new Typing();
    note.atS = 10;
    note.type(NOTES, 'one');
    note.type(NOTES + 3, '\ntwo');
    note.tell();
    note.remove(NOTES, 4);
    note.reload();
    note.atS = 20;
    note.type(NOTES + 3, '\nthree');
    assert.deepStrictEqual(note.logged, ['10 two', '20 three']);
    const ids = note.marks.map(({ line }) => line);
    assert.deepStrictEqual([...new Set(ids)], ['line-0', 'line-1', 'line-2']);
  });
});

/** A line of the notes as the test knows it. */
interface Line {
  text: string;
  readonly atS: number;
}

/** The user's lines and what became of them, by a plain list. */
class Script {
  readonly note = new Typing();
  private lines: Line[] = [];
  private clipboard: Line | undefined;
  private words = 0;

  constructor(private readonly random: () => number) {}

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private offsetOf(index: number): number {
    return NOTES + this.lines.slice(0, index).reduce((sum, { text }) => sum + text.length + 1, 0);
  }

  private nextWord(): string {
    return `word${this.words++}`;
  }

  turn(): void {
    const { note, lines } = this;
    note.atS++;
    const at = this.below(lines.length);
    const line = lines[at];
    const kind = this.random();
    if (!line || kind < 0.3) this.add();
    else if (kind < 0.45) {
      const more = ` ${this.nextWord()}`;
      note.type(this.offsetOf(at) + line.text.length, more);
      line.text += more;
    } else if (kind < 0.55) this.split(at, line);
    else if (kind < 0.65) {
      note.remove(this.offsetOf(at), line.text.length + 1);
      lines.splice(at, 1);
      this.clipboard = line;
    } else if (kind < 0.75) this.paste();
    else if (kind < 0.85) this.moveDown(at, line);
    else if (kind < 0.95) note.hear(`p${note.atS}`, 'SAID.');
    else note.reload();
  }

  private add(): void {
    const index = this.below(this.lines.length + 1);
    const text = this.nextWord();
    const offset = this.offsetOf(index);
    this.note.insert(offset, '\n');
    this.note.type(offset, text);
    this.lines.splice(index, 0, { text, atS: this.note.atS });
  }

  private split(at: number, line: Line): void {
    const blank = line.text.indexOf(' ');
    if (blank < 0) return;
    this.note.change({ offset: this.offsetOf(at) + blank, removedLength: 1, text: '\n' });
    this.lines.splice(at + 1, 0, { text: line.text.slice(blank + 1), atS: line.atS });
    line.text = line.text.slice(0, blank);
  }

  private paste(): void {
    if (!this.clipboard) return;
    const index = this.below(this.lines.length + 1);
    this.note.insert(this.offsetOf(index), `${this.clipboard.text}\n`);
    this.lines.splice(index, 0, this.clipboard);
    this.clipboard = undefined;
  }

  private moveDown(at: number, line: Line): void {
    const next = this.lines[at + 1];
    if (!next) return;
    const [first, second] = [this.offsetOf(at), this.offsetOf(at + 1)];
    this.note.change(
      { offset: first, removedLength: 0, text: `${next.text}\n` },
      { offset: second, removedLength: next.text.length + 1, text: '' },
    );
    this.lines.splice(at, 2, next, line);
  }

  get expected(): string[] {
    return this.lines.map(({ text, atS }) => `${atS} ${text}`);
  }
}

describe('lines typed beside a meeting, in any order of steps', () => {
  it('have the times that a plain list of them has', () => {
    for (let seed = SEED; seed < SEED + 300; seed++) {
      const script = new Script(seededRandom(seed));
      for (let turn = 0; turn < 40; turn++) {
        script.turn();
        script.note.tell();
        assert.deepStrictEqual(script.note.shown, script.expected, `seed ${seed}, turn ${turn}`);
      }
      assert.deepStrictEqual(script.note.logged, script.expected, `seed ${seed}`);
    }
  });

  it('are each one line of the document, and the log knows just them', () => {
    for (let seed = SEED; seed < SEED + 100; seed++) {
      const random = seededRandom(seed);
      const below = (limit: number): number => Math.floor(random() * limit);
      const note = new Typing();
      for (let turn = 0; turn < 40; turn++) {
        note.atS++;
        const offset = below(note.document.length + 1);
        const removedLength = random() < 0.5 ? 0 : below(Math.min(12, note.document.length - offset + 1));
        const text = ['', 'a', '\n', 'bc d', '- e\nf', '\n\n', 'OLD'][below(7)] ?? '';
        if (random() < 0.6) note.change({ offset, removedLength, text });
        else if (random() < 0.5) note.step(below(2) === 0 ? 'undo' : 'redo');
        else if (random() < 0.8) note.hear(`p${turn}`, 'SAID.');
        else note.reload();
        const ends = note.shown.map((line) => line.replace(/^\d+ /, ''));
        note.tell();
        const known = typedLines(note.marks).map((line) => line.text);
        for (const line of ends) assert.include(note.document.split('\n'), line, `seed ${seed}, turn ${turn}`);
        const shown = ends.map((line) => line.trim());
        for (const line of shown) assert.include(known, line, `seed ${seed}, turn ${turn}`);
        assert.strictEqual(new Set(typedLines(note.marks).map(({ id }) => id)).size, known.length);
      }
    }
  });
});
