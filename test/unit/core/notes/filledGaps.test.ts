import { assert } from 'chai';
import fc from 'fast-check';
import { renderNote, joinBlocks } from '../../../../src/core/notes/renderNote';
import type { TranscriptLog } from '../../../../src/core/transcript/transcriptLog';
import { SEED, seededRandom } from '../random';
import type { Fate } from '../transcript/anyHistory';
import { assertLinesInOrder, blocksOf, edited, factsOf, fillGaps, loggedNote, type UserEdit } from './editedNotes';

const FATES: readonly Fate[] = ['fails', 'answered', 'unheard', 'failsThenCut', 'cut'];
const anyChunks = fc.array(fc.tuple(fc.integer({ min: 4, max: 6 }), fc.constantFrom(...FATES)), {
  minLength: 1,
  maxLength: 7,
});
const anyEdit: fc.Arbitrary<UserEdit> = fc.record({
  what: fc.constantFrom('insert', 'insertBelow', 'change', 'changeAll', 'delete'),
  at: fc.nat(60),
});
const anyEdits = fc.array(anyEdit, { maxLength: 12 });
const anyOrder = fc.nat();
const anyEol = fc.constantFrom('\n', '\r\n');

/** Fills all gaps of a log's note, in an order and in groups that the seed decides. */
function filled(
  log: TranscriptLog,
  document: string,
  seed: number,
  { isRepeating = false, groupShare = 0.2 } = {},
): string {
  const random = seededRandom(seed);
  let text = document;
  for (let { gaps } = log.fold(); gaps.length > 0; { gaps } = log.fold()) {
    const first = Math.floor(random() * gaps.length);
    const some = gaps.filter((_, i) => i === first || random() < groupShare);
    text = fillGaps(log, some, text, isRepeating);
  }
  return text;
}

describe('planNoteUpdate, where gaps are filled', () => {
  it('makes of an unedited note the note of the whole transcript, in any order', () => {
    fc.assert(
      fc.property(anyChunks, anyOrder, anyEol, fc.boolean(), (chunks, seed, eol, isRepeating) => {
        const log = loggedNote(chunks, isRepeating);
        const before = joinBlocks(blocksOf(log)).replaceAll('\n', eol);
        const after = filled(log, before, seed, { isRepeating });
        assert.isEmpty(log.fold().gaps);
        assert.strictEqual(after, renderNote(log.fold(), factsOf(log)).markdown.replaceAll('\n', eol));
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('keeps every line that the user typed or changed, and has every new text once, in its place', () => {
    fc.assert(
      fc.property(anyChunks, anyEdits, anyOrder, anyEol, (chunks, edits, seed, eol) => {
        const log = loggedNote(chunks);
        const known = new Set(log.placed.map(({ id }) => id));
        const note = edited(log.placed, edits, eol);
        const after = filled(log, note.text, seed);
        assertLinesInOrder(after, note.mine, 'what the user wrote');
        const said = blocksOf(log).filter(({ order }) => order >= 0);
        const fresh = said.filter(({ id }) => !known.has(id));
        for (const { text } of fresh) assert.lengthOf(after.split(text), 2, text);
        const standing = said.map(({ id, text }) => note.touched.get(id) ?? text).filter((text) => text !== '');
        assertLinesInOrder(after, standing, 'what was said');
        assert.notMatch(after, /(\r?\n){3}/, 'no blank lines are left behind');
        assert.notMatch(after, /^\r?\n/);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('keeps what the user wrote where paragraphs read alike', () => {
    fc.assert(
      fc.property(anyChunks, anyEdits, anyOrder, (chunks, edits, seed) => {
        const log = loggedNote(chunks, true);
        const note = edited(log.placed, edits);
        const after = filled(log, note.text, seed, { isRepeating: true });
        assertLinesInOrder(after, note.mine, 'what the user wrote');
        const times = (text: string): string[] => text.match(/(?<=^\[)[\d:]+(?=\] Yes)/gm) ?? [];
        assert.deepStrictEqual(times(after), times(after).sort(), 'in order of time');
        const known = new Set(loggedNote(chunks, true).placed.map(({ id }) => id));
        const fresh = blocksOf(log).filter(({ id, order }) => order >= 0 && order < 1e9 && !known.has(id));
        const stood = times(note.text).length;
        assert.lengthOf(times(after), stood + fresh.length, 'every new text once');
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  // Where the user deleted a gap's line beside one of their own, nothing tells on which side of it several texts at once belong.
  for (const [what, groupShare, edits] of [
    ['one by one', 0, anyEdits],
    ['in groups', 0.3, anyEdits.map((all) => all.filter(({ what: edit }) => edit !== 'delete'))],
  ] as const) {
    it(`gives the same note in any order: ${what}`, () => {
      fc.assert(
        fc.property(anyChunks, edits, anyOrder, anyOrder, (chunks, done, one, other) => {
          const note = edited(loggedNote(chunks).placed, done).text;
          const [first, second] = [one, other].map((seed) => filled(loggedNote(chunks), note, seed, { groupShare }));
          assert.strictEqual(first, second);
        }),
        { seed: SEED, numRuns: 300 },
      );
    });
  }
});
