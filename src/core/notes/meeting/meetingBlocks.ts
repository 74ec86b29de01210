import type { Transcript } from '../../model';
import type { PlacedBlock } from '../../transcript/logEntries';
import { incompleteBlocks, remarkBlocks, stoppedBlocks, type NoteFacts } from '../renderNote';
import { formatShortTime } from '../timestamps';
import type { LateFact, StartFact } from './placeholders';

/** The id of the transcript's heading in a meeting's note. */
export const TRANSCRIPT_ID = 'meeting:transcript';
/** The id of the note's first heading. */
export const HEADING_ID = 'meeting:heading';

/** Where a fact stands: as a value of the front matter, or in a line of the text. */
export type FactPlace = 'front' | 'body';
/** Facts whose lines may be written anew. */
export type PlacedFact = LateFact | Extract<StartFact, 'title' | 'recording'>;

/** The head's lines come first, then what stands below the transcript's heading and has no time. */
const ORDERS = { firstFact: -1000, transcript: -0.9, remark: -0.8, incomplete: -0.7 } as const;
const ID = /^meeting:(front|body):(title|recording|length|language|model|attendees)(?::\d+)?$/;

/** The block of a line with a fact. A fact that a template has several times has several ids. */
export function factBlock(
  place: FactPlace,
  fact: PlacedFact,
  text: string,
  others: readonly PlacedBlock[],
): PlacedBlock {
  const id = `meeting:${place}:${fact}`;
  const count = others.filter((block) => block.id === id || block.id.startsWith(`${id}:`)).length;
  return { id: count === 0 ? id : `${id}:${count + 1}`, order: ORDERS.firstFact + others.length, text };
}

/** The block of the note's first heading: it tells later whether the user changed it. */
export function headingBlock(text: string, others: readonly PlacedBlock[]): PlacedBlock {
  return { id: HEADING_ID, order: ORDERS.firstFact + others.length, text };
}

/** The block of the transcript's heading. */
export function transcriptBlock(text: string): PlacedBlock {
  return { id: TRANSCRIPT_ID, order: ORDERS.transcript, text };
}

/** What a block with a fact is about; undefined for other blocks. */
export function factOf({ id }: PlacedBlock): { readonly place: FactPlace; readonly fact: PlacedFact } | undefined {
  const [, place, fact] = ID.exec(id) ?? [];
  // The expression allows nothing else.
  return place === undefined ? undefined : { place: place as FactPlace, fact: fact as PlacedFact };
}

/** Whether a note was made from a meeting's template. */
export function isMeetingNote(placed: readonly PlacedBlock[]): boolean {
  return placed.some(({ id }) => id === TRANSCRIPT_ID);
}

/**
 * What stands in a meeting's note besides what was said, in order: its head, remarks below the transcript's heading, and why it ends early.
 *
 * @param placed what stands in the note as Minutes wrote it; its head is taken as it is
 */
export function meetingFrame(transcript: Transcript, facts: NoteFacts, placed: readonly PlacedBlock[]): PlacedBlock[] {
  const head = placed.filter((block) => block.order <= ORDERS.transcript);
  return [
    ...head,
    ...remarkBlocks(facts, ORDERS.remark),
    ...incompleteBlocks(transcript, facts, ORDERS.incomplete),
    ...stoppedBlocks(facts, formatShortTime),
  ];
}
