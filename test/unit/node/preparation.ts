import assert from 'node:assert/strict';
import type { PreparationEvent } from '../../../src/core/audio/preparation';

/** Reads one event, which is about progress: the preparation goes on behind it. */
export async function assertPreparing(running: AsyncIterable<PreparationEvent>): Promise<void> {
  const next: IteratorResult<PreparationEvent, unknown> = await running[Symbol.asyncIterator]().next();
  assert.ok(next.done !== true, 'it goes on');
  assert.equal(next.value.kind, 'preparing');
}
