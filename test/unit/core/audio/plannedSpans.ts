import { assert } from 'chai';
import { samplesToSeconds } from '../../../../src/core/audio/pcm';
import { planChunks, type CutOptions } from '../../../../src/core/audio/planChunks';
import type { Chunk } from '../../../../src/core/model';

/** A stretch of audio. */
export interface Span {
  readonly startS: number;
  readonly endS: number;
}

/** Where the chunks of these samples lie, which may come in blocks. */
export async function plan(
  samples: Int16Array,
  blocks: readonly Int16Array[] = [samples],
  options: CutOptions = {},
): Promise<Span[]> {
  async function* read(): AsyncGenerator<Int16Array> {
    await Promise.resolve();
    yield* blocks;
  }
  const chunks: Chunk[] = [];
  for await (const chunk of planChunks(read(), options)) chunks.push(chunk);
  return chunks.map(({ startSample, endSample }) => ({
    startS: samplesToSeconds(startSample),
    endS: samplesToSeconds(endSample),
  }));
}

/** This moment lies inside the span. */
export function assertWithin(atS: number | undefined, span: Span | undefined): void {
  if (atS === undefined || !span) assert.fail('there is none');
  assert.isAtLeast(atS, span.startS);
  assert.isAtMost(atS, span.endS);
}

/** The span is this long. */
export function assertSeconds(span: Span | undefined, wantedS: number): void {
  if (!span) assert.fail('there is none');
  assert.closeTo(span.endS - span.startS, wantedS, 0.015);
}
