import { assert } from 'chai';
import fc from 'fast-check';
import { moveOffset, moveRange, type OffsetRange, type TextChange } from '../../../../src/core/notes/trackRanges';
import { SEED } from '../random';

/** `lengthBefore` units at `offset` become `text`. */
interface Edit {
  readonly offset: number;
  readonly lengthBefore: number;
  readonly text: string;
}

const changeOf = ({ offset, lengthBefore, text }: Edit): TextChange => ({
  offset,
  lengthBefore,
  lengthAfter: text.length,
});

/** What an editor makes of one event's edits, in the order of the document: all count from the text before them. */
function apply(document: string, edits: readonly Edit[]): string {
  let done = 0;
  let result = '';
  for (const { offset, lengthBefore, text } of edits) {
    result += document.slice(done, offset) + text;
    done = offset + lengthBefore;
  }
  return result + document.slice(done);
}

const change = (offset: number, lengthBefore: number, lengthAfter: number): TextChange => ({
  offset,
  lengthBefore,
  lengthAfter,
});

describe('moveOffset', () => {
  const cases: readonly (readonly [what: string, change: TextChange, expected: number])[] = [
    ['typed before it', change(3, 0, 4), 14],
    ['typed behind it', change(11, 0, 4), 10],
    ['typed exactly at it, which stays before it', change(10, 0, 4), 14],
    ['removed before it', change(3, 4, 0), 6],
    ['removed up to it', change(7, 3, 0), 7],
    ['removed from it on', change(10, 3, 0), 10],
    ['removed around it', change(7, 6, 0), 7],
    ['replaced up to it', change(7, 3, 5), 12],
    ['replaced around it, whose end it goes to', change(7, 6, 2), 9],
    ['replaced behind it', change(12, 3, 9), 10],
  ];
  for (const [what, made, expected] of cases) {
    it(`moves 10 to ${expected} for text ${what}`, () => {
      assert.strictEqual(moveOffset(10, made), expected);
    });
  }
});

describe('moveRange', () => {
  const cases: readonly (readonly [what: string, range: OffsetRange, changes: TextChange[], expected: OffsetRange])[] =
    [
      ['nothing', { start: 4, end: 8 }, [], { start: 4, end: 8 }],
      ['text before it', { start: 4, end: 8 }, [change(0, 0, 3)], { start: 7, end: 11 }],
      ['text behind it', { start: 4, end: 8 }, [change(9, 0, 3)], { start: 4, end: 8 }],
      [
        'text typed at its start, which stays before it',
        { start: 4, end: 8 },
        [change(4, 0, 3)],
        { start: 7, end: 11 },
      ],
      ['text typed at its end, which stays behind it', { start: 4, end: 8 }, [change(8, 0, 3)], { start: 4, end: 8 }],
      ['text typed at a caret, which stays before it', { start: 4, end: 4 }, [change(4, 0, 3)], { start: 7, end: 7 }],
      ['text typed inside it', { start: 4, end: 8 }, [change(6, 0, 3)], { start: 4, end: 11 }],
      ['a replacement across its start, which stays', { start: 4, end: 8 }, [change(2, 4, 3)], { start: 5, end: 7 }],
      ['a replacement across its end, which stays', { start: 4, end: 8 }, [change(6, 4, 3)], { start: 4, end: 6 }],
      ['a replacement of all of it: a caret behind', { start: 4, end: 8 }, [change(4, 4, 3)], { start: 7, end: 7 }],
      ['a replacement around it: a caret behind', { start: 4, end: 8 }, [change(2, 9, 3)], { start: 5, end: 5 }],
      ['its removal: a caret', { start: 4, end: 8 }, [change(4, 4, 0)], { start: 4, end: 4 }],
    ];
  for (const [what, range, changes, expected] of cases) {
    it(`follows ${what}`, () => {
      assert.deepEqual(moveRange(range, changes), expected);
    });
  }

  it('counts all changes of one event from the text before them, in whatever order they come', () => {
    const changes = [change(0, 0, 10), change(5, 2, 0), change(20, 0, 5)];
    assert.deepEqual(moveRange({ start: 12, end: 21 }, changes), { start: 20, end: 34 });
    assert.deepEqual(moveRange({ start: 12, end: 21 }, changes.toReversed()), { start: 20, end: 34 });
  });

  it('takes what is inserted where a replacement begins for text before it, in whatever order they come', () => {
    const changes = [change(5, 0, 2), change(5, 3, 1)];
    assert.deepEqual(moveRange({ start: 5, end: 5 }, changes), { start: 8, end: 8 });
    assert.deepEqual(moveRange({ start: 5, end: 5 }, changes.toReversed()), { start: 8, end: 8 });
  });

  /** One event's edits for a text: in order, none over another, in the order of the document. */
  const eventFor = (length: number, seeds: readonly number[], texts: readonly string[]): Edit[] => {
    const bounds = [...new Set(seeds.map((seed) => seed % (length + 1)))].sort((a, b) => a - b);
    const edits: Edit[] = [];
    for (let i = 0; i < bounds.length; i += 2) {
      const from = bounds[i] ?? 0;
      const to = bounds[i + 1] ?? from;
      const text = texts[i % texts.length] ?? '';
      edits.push({ offset: from, lengthBefore: to - from, text });
      // Also something inserted where the next begins: two changes at one offset.
      const next = bounds[i + 2];
      if (next !== undefined && text.length % 2 === 1) edits.push({ offset: next, lengthBefore: 0, text });
    }
    return edits;
  };
  // None of these is a marker's.
  const anyText = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '𝒳', 'é'), maxLength: 6 });
  const anyEvent = fc.record({
    seeds: fc.array(fc.nat(), { minLength: 1, maxLength: 7 }),
    texts: fc.array(anyText, { minLength: 1, maxLength: 4 }),
    isBackwards: fc.boolean(),
  });
  const anyDocument = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '𝒳', 'é'), maxLength: 30 });

  it('keeps a caret before the character that it was before, whatever else is edited', () => {
    let followed = 0;
    fc.assert(
      fc.property(
        anyDocument,
        anyDocument,
        fc.array(anyEvent, { minLength: 1, maxLength: 4 }),
        (before, behind, events) => {
          let document = `${before}^${behind}`;
          let place = { start: before.length, end: before.length };
          for (const { seeds, texts, isBackwards } of events) {
            const edits = eventFor(document.length, seeds, texts);
            const changes = edits.map(changeOf);
            const at = document.indexOf('^');
            const removing = edits.find(({ offset, lengthBefore }) => offset <= at && at < offset + lengthBefore);
            place = moveRange(place, isBackwards ? changes.toReversed() : changes);
            if (edits.length === 1 && changes[0]) assert.strictEqual(moveOffset(at, changes[0]), place.start);
            assert.strictEqual(place.start, place.end);
            if (removing) {
              // The end of what is now in its place.
              const upTo = edits.slice(0, edits.indexOf(removing) + 1);
              const end = apply(document.slice(0, removing.offset + removing.lengthBefore), upTo).length;
              assert.strictEqual(place.start, end);
              return;
            }
            document = apply(document, edits);
            assert.strictEqual(place.start, document.indexOf('^'));
            followed += 1;
          }
        },
      ),
      { seed: SEED, numRuns: 1000 },
    );
    assert.isAbove(followed, 500);
  });

  it('keeps a selection around the characters that it was around, and nothing typed beside it in it', () => {
    let followed = 0;
    fc.assert(
      fc.property(
        anyDocument,
        anyDocument,
        anyDocument,
        fc.array(anyEvent, { minLength: 1, maxLength: 4 }),
        (before, within, behind, events) => {
          let document = `${before}<${within}>${behind}`;
          let place = { start: before.length, end: before.length + within.length + 2 };
          for (const { seeds, texts, isBackwards } of events) {
            const edits = eventFor(document.length, seeds, texts);
            const changes = edits.map(changeOf);
            place = moveRange(place, isBackwards ? changes.toReversed() : changes);
            assert.isAtMost(place.start, place.end);
            document = apply(document, edits);
            assert.isAtMost(place.end, document.length);
            if (!document.includes('<') || !document.includes('>')) return;
            assert.deepEqual(place, { start: document.indexOf('<'), end: document.indexOf('>') + 1 });
            followed += 1;
          }
        },
      ),
      { seed: SEED, numRuns: 1000 },
    );
    assert.isAbove(followed, 500);
  });
});
