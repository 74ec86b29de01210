import type { PlacedBlock, PlacedEntry } from '../transcript/logEntries';

/**
 * The entry that tells a log what stands in its note now. Undefined where nothing has changed.
 *
 * @param before what the log knows
 * @param note the note's file name
 */
export function placedEntry(
  before: readonly PlacedBlock[],
  note: string,
  blocks: readonly PlacedBlock[],
): PlacedEntry | undefined {
  const known = new Map(before.map((block) => [block.id, block.text]));
  const now = new Set(blocks.map(({ id }) => id));
  const fresh = blocks.filter(({ id, text }) => known.get(id) !== text);
  const removed = [...known.keys()].filter((id) => !now.has(id));
  return fresh.length + removed.length === 0 ? undefined : { kind: 'placed', note, blocks: fresh, removed };
}
