import { assert } from 'chai';
import { placedEntry } from '../../../../src/core/notes/placedEntry';
import { planNoteUpdate } from '../../../../src/core/notes/planNoteUpdate';
import { noteBlocks, type NoteFacts } from '../../../../src/core/notes/renderNote';
import type { Gap } from '../../../../src/core/model';
import type { AnsweredEntry, PlacedBlock } from '../../../../src/core/transcript/logEntries';
import { TranscriptLog } from '../../../../src/core/transcript/transcriptLog';
import { answeredEntry, type Fate, chunkOf, historyOf, written } from '../transcript/anyHistory';
import { applied, LABELS } from './noteParts';

/** What a note of a log says besides the transcript. Who wrote it changes while gaps are filled. */
export function factsOf(log: TranscriptLog): NoteFacts {
  return {
    name: 'talk.wav',
    link: 'talk.wav',
    recordedAt: new Date(2026, 10, 23, 14, 2),
    lengthS: 90,
    engine: log
      .fold()
      .writers.map(({ model }) => model)
      .sort()
      .join(', '),
    remark: 'Cut short.',
    stopped: { atS: 80, reason: 'Busy.' },
    labels: LABELS,
  };
}

/** The blocks that a log's note should have. */
export function blocksOf(log: TranscriptLog): PlacedBlock[] {
  return noteBlocks(log.fold(), factsOf(log));
}

/** A log of chunks that follow each other, whose note is written. Where it repeats itself, each second has two like paragraphs. */
export function loggedNote(
  chunks: readonly (readonly [lengthS: number, fate: Fate])[],
  isRepeating = false,
): TranscriptLog {
  let atS = 0;
  const entries = chunks
    .flatMap(([lengthS, fate]) => historyOf(chunkOf(atS, (atS += lengthS)), fate))
    .map((entry) => (isRepeating && entry.kind === 'answered' ? repeating(entry) : entry));
  const log = new TranscriptLog(written(entries));
  rememberPlaced(log, blocksOf(log));
  return log;
}

function repeating(entry: AnsweredEntry): AnsweredEntry {
  const segments = entry.segments.flatMap(({ startS, endS }) => [
    { startS, endS: startS + 0.5, text: 'Yes.' },
    { startS: startS + 0.5, endS, text: 'Yes.' },
  ]);
  return { ...entry, segments };
}

/** Fills some gaps at once, and brings the note up to date as the shell does. */
export function fillGaps(log: TranscriptLog, gaps: readonly Gap[], document: string, isRepeating = false): string {
  for (const { chunk } of gaps) {
    const entry = answeredEntry(chunk, { model: 'late' });
    void log.append(isRepeating ? repeating(entry) : entry);
  }
  const blocks = blocksOf(log);
  const result = applied(document, planNoteUpdate(document, log.placed, blocks));
  rememberPlaced(log, blocks);
  return result;
}

function rememberPlaced(log: TranscriptLog, blocks: readonly PlacedBlock[]): void {
  const entry = placedEntry(log.placed, 'talk.md', blocks);
  if (entry) void log.append(entry);
}

/** Something that a user does to a note. `at` counts the blocks that stand in it. */
export interface UserEdit {
  readonly what: 'insert' | 'insertBelow' | 'change' | 'changeAll' | 'delete';
  readonly at: number;
}

/** A note that a user edited. */
export interface EditedNote {
  readonly text: string;
  /** The lines that the user typed or changed, in order. */
  readonly mine: readonly string[];
  /** How the blocks that the user changed or deleted read now. Empty where nothing tells their time any more. */
  readonly touched: ReadonlyMap<string, string>;
}

interface Item {
  readonly text: string;
  readonly isMine: boolean;
  /** Of a block. */
  readonly id?: string;
  /** No blank line is before it. */
  readonly isTight?: boolean;
}

/** Has a user edit a note. What the user typed has no like in the note. Gap lines are never changed, only deleted. */
export function edited(blocks: readonly PlacedBlock[], edits: readonly UserEdit[], eol = '\n'): EditedNote {
  const items: Item[] = blocks.map(({ id, text }) => ({ id, text, isMine: false }));
  const touched = new Map<string, string>();
  edits.forEach(({ what, at }, n) => {
    const index = at % (items.length + 1);
    const item = items[index];
    if (what === 'insert' || what === 'insertBelow' || !item || item.text.includes('\n')) {
      const isTight = what === 'insertBelow' && index > 0;
      items.splice(index, 0, { text: `- mine ${n}`, isMine: true, isTight });
      return;
    }
    const isGap = item.id?.startsWith('gap-') === true || item.id === 'incomplete';
    const { id = '' } = item;
    if (what === 'delete') {
      if (item.isMine) return;
      items.splice(index, 1);
      touched.set(id, '');
    } else if (!isGap && !item.isMine) {
      const time = what === 'change' ? /^\[[\d:]+\]/.exec(item.text)?.[0] : undefined;
      const text = time === undefined ? `All mine ${n}` : `${time} Mine ${n}, as I heard it`;
      items.splice(index, 1, { ...item, text, isMine: true });
      touched.set(id, time === undefined ? '' : text);
    }
  });
  const text = items
    .map((item, i) => (i === 0 ? '' : item.isTight === true ? '\n' : '\n\n') + item.text)
    .join('')
    .concat('\n');
  return {
    text: text.replaceAll('\n', eol),
    mine: items.filter(({ isMine }) => isMine).map((item) => item.text),
    touched,
  };
}

/** Fails unless the document has these lines once each, in this order. */
export function assertLinesInOrder(document: string, lines: readonly string[], what: string): void {
  const wanted = new Set(lines);
  assert.deepStrictEqual(
    document.split(/\r?\n/).filter((line) => wanted.has(line)),
    [...lines],
    what,
  );
}
