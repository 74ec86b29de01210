import type { NoteEdit } from '../../model';

/** A change of a document. Changes of one step come in order; their offsets count in the document before the step. */
export interface DocumentChange {
  readonly offset: number;
  readonly removed: string;
  readonly inserted: string;
}

/** One step of a document's history. */
interface Step {
  readonly isUser: boolean;
  readonly changes: readonly DocumentChange[];
}

/** A step that is taken back or done again. */
export interface StepBack {
  /** The document must be changed by exactly these. */
  readonly edits: readonly NoteEdit[];
  /** The history afterwards. */
  readonly history: UserHistory;
}

/** More steps than anybody takes back. The oldest are forgotten. */
const MOST_STEPS = 2000;

/**
 * The history of a live note, in which the user's steps are taken back without ours. VS Code has one stack for both: its own undo would
 * first take back every paragraph that came since the user's last edit. Here the user's step is moved behind ours, and only it is inverted,
 * which gives what taking back our paragraphs, undoing the user's step and writing the paragraphs again would give, in one edit.
 */
export class UserHistory {
  private constructor(
    private readonly steps: readonly Step[],
    private readonly undone: readonly Step[],
  ) {}

  /** The history of a document that nobody has changed. */
  static readonly EMPTY = new UserHistory([], []);

  /** The user changed the document. Letters typed in one go become one step. */
  userChanged(changes: readonly DocumentChange[]): UserHistory {
    const step: Step = { isUser: true, changes: inOrder(changes) };
    const last = this.steps.at(-1);
    const joined = last?.isUser === true ? joinTyping(last, step) : undefined;
    const steps = joined ? [...this.steps.slice(0, -1), joined] : [...this.steps, step];
    return new UserHistory(steps.slice(-MOST_STEPS), []);
  }

  /** We changed the document. */
  weChanged(changes: readonly DocumentChange[]): UserHistory {
    if (changes.length === 0) return this;
    const step: Step = { isUser: false, changes: inOrder(changes) };
    // What was undone is to be done again behind our step.
    const undone = this.undone.map(({ isUser, changes: again }) => ({
      isUser,
      changes: moved(again, step.changes, 'before'),
    }));
    return new UserHistory([...this.steps, step].slice(-MOST_STEPS), undone);
  }

  /** Takes the user's last step back. Undefined where there is none. */
  undo(): StepBack | undefined {
    const at = this.steps.findLastIndex(({ isUser }) => isUser);
    const step = this.steps[at];
    if (!step) return undefined;
    let inverse = inverted(step.changes);
    const without: Step[] = [];
    for (const { changes } of this.steps.slice(at + 1)) {
      // Our step as it would be without the user's, and the user's inverse as it is behind ours.
      without.push({ isUser: false, changes: moved(changes, inverse, 'behind') });
      inverse = moved(inverse, changes, 'before');
    }
    const again = { isUser: true, changes: inverted(inverse) };
    const history = new UserHistory([...this.steps.slice(0, at), ...without], [...this.undone, again]);
    return { edits: asEdits(inverse), history };
  }

  /** Does the step again that the user took back last. Undefined where there is none. */
  redo(): StepBack | undefined {
    const step = this.undone.at(-1);
    if (!step) return undefined;
    return { edits: asEdits(step.changes), history: new UserHistory([...this.steps, step], this.undone.slice(0, -1)) };
  }
}

/** The changes that take changes back. */
export function inverted(changes: readonly DocumentChange[]): DocumentChange[] {
  let shift = 0;
  return changes.map(({ offset, removed, inserted }) => {
    const back = { offset: offset + shift, removed: inserted, inserted: removed };
    shift += inserted.length - removed.length;
    return back;
  });
}

/**
 * The same changes in a document that others have changed. Where the others inserted text inside a range that is removed, the range is
 * removed around it.
 *
 * @param where the place of an insertion where the others insert at the same offset
 */
function moved(
  changes: readonly DocumentChange[],
  others: readonly DocumentChange[],
  where: 'before' | 'behind',
): DocumentChange[] {
  let result: readonly DocumentChange[] = changes;
  // From the end backwards, so that no change moves the offsets of the next.
  for (const other of others.toReversed()) result = result.flatMap((change) => moveOne(change, other, where));
  return [...result];
}

function moveOne(change: DocumentChange, other: DocumentChange, where: 'before' | 'behind'): DocumentChange[] {
  const { offset, removed, inserted } = change;
  const end = offset + removed.length;
  const otherEnd = other.offset + other.removed.length;
  const shift = other.inserted.length - other.removed.length;
  const isTie = removed === '' && other.removed === '' && otherEnd === offset;
  if (isTie ? where === 'behind' : otherEnd <= offset) return [{ offset: offset + shift, removed, inserted }];
  if (other.offset >= end) return [change];
  // The others changed something inside of the range: what they left of it is removed on both sides of their text.
  const head = removed.slice(0, Math.max(0, other.offset - offset));
  const tail = removed.slice(Math.max(0, otherEnd - offset));
  const first = { offset: Math.min(offset, other.offset), removed: head, inserted };
  if (tail === '') return [first];
  return [first, { offset: other.offset + other.inserted.length, removed: tail, inserted: '' }];
}

function asEdits(changes: readonly DocumentChange[]): NoteEdit[] {
  return changes.map(({ offset, removed, inserted }) => ({ offset, removedLength: removed.length, text: inserted }));
}

function inOrder(changes: readonly DocumentChange[]): DocumentChange[] {
  return changes.toSorted((a, b) => a.offset - b.offset || a.removed.length - b.removed.length);
}

/** Two steps of typing, or of deleting letter by letter, as one; undefined where they are not. A word and the blank before it are a step. */
function joinTyping(last: Step, next: Step): Step | undefined {
  const [a, ...moreBefore] = last.changes;
  const [b, ...moreNext] = next.changes;
  if (!a || !b || moreBefore.length > 0 || moreNext.length > 0) return undefined;
  const isTyped = b.removed === '' && a.inserted !== '' && b.offset === a.offset + a.inserted.length;
  const isWordBegun = /^\s/.test(b.inserted) && /\S$/.test(a.inserted);
  if (isTyped && isOneSign(b.inserted) && !isWordBegun)
    return { isUser: true, changes: [{ offset: a.offset, removed: a.removed, inserted: a.inserted + b.inserted }] };
  if (a.inserted !== '' || b.inserted !== '' || !isOneSign(b.removed)) return undefined;
  if (b.offset + b.removed.length === a.offset)
    return { isUser: true, changes: [{ offset: b.offset, removed: b.removed + a.removed, inserted: '' }] };
  return b.offset === a.offset
    ? { isUser: true, changes: [{ offset: a.offset, removed: a.removed + b.removed, inserted: '' }] }
    : undefined;
}

function isOneSign(text: string): boolean {
  const [sign = 0] = [text.codePointAt(0)];
  return text !== '' && text.length === (sign > 0xffff ? 2 : 1);
}
