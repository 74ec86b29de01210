import { assert } from 'chai';
import type { ChunkTranscription, Segment } from '../../../../src/core/model';
import { without } from '../without';
import { placeAnswer } from '../../../../src/core/transcript/placeAnswer';

/** The placed segments without their ids and words. */
function timesOf(piece: ChunkTranscription): Segment[] {
  return placeAnswer(piece, 0).segments.map((segment) => without(segment, 'id', 'track', 'words'));
}

describe('placeAnswer', () => {
  it('moves times by the chunk’s start and keeps the figures of quality', () => {
    const segments = [{ startS: 1, endS: 2.5, text: 'Hello.', averageLogProbability: -0.2 }];
    assert.deepStrictEqual(timesOf(piece(10, 20, { segments })), [
      { startS: 11, endS: 12.5, text: 'Hello.', averageLogProbability: -0.2 },
    ]);
  });

  it('lets no time lie outside the chunk', () => {
    const segments = [
      { startS: -3, endS: -1, text: 'A.' },
      { startS: 8, endS: 30, text: 'B.' },
      { startS: 99, endS: 120, text: 'C.' },
    ];
    assert.deepStrictEqual(timesOf(piece(10, 20, { segments })), [
      { startS: 10, endS: 10, text: 'A.' },
      { startS: 18, endS: 20, text: 'B.' },
      { startS: 20, endS: 20, text: 'C.' },
    ]);
  });

  it('gives text without segments the chunk’s own time, and nothing where nothing was heard', () => {
    const text = 'All there is.';
    assert.deepStrictEqual(timesOf(piece(10, 20, { text })), [{ startS: 10, endS: 20, text }]);
    assert.isEmpty(timesOf(piece(10, 20, { text: '' })));
  });
});

function piece(startS: number, endS: number, rest: Partial<ChunkTranscription>): ChunkTranscription {
  const chunk = { startSample: startS * 16_000, endSample: endS * 16_000 };
  return { chunk, model: 'model', text: 'Text.', segments: [], words: [], ...rest };
}
