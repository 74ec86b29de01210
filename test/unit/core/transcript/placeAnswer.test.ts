import { assert } from 'chai';
import fc from 'fast-check';
import type { ChunkTranscription, Segment } from '../../../../src/core/model';
import { placeAnswer } from '../../../../src/core/transcript/placeAnswer';
import { SEED } from '../random';

describe('placeAnswer', () => {
  it('moves times by the chunk’s start and keeps the figures of quality', () => {
    const segments = [{ startS: 1, endS: 2.5, text: 'Hello.', averageLogProbability: -0.2 }];
    assert.deepStrictEqual(placed(piece(10, 20, { segments })), [
      { startS: 11, endS: 12.5, text: 'Hello.', averageLogProbability: -0.2 },
    ]);
  });

  it('lets no time lie outside the chunk', () => {
    const segments = [
      { startS: -3, endS: -1, text: 'A.' },
      { startS: 8, endS: 30, text: 'B.' },
      { startS: 99, endS: 120, text: 'C.' },
    ];
    assert.deepStrictEqual(placed(piece(10, 20, { segments })), [
      { startS: 10, endS: 10, text: 'A.' },
      { startS: 18, endS: 20, text: 'B.' },
      { startS: 20, endS: 20, text: 'C.' },
    ]);
  });

  it('gives text without segments the chunk’s own time, and nothing where nothing was heard', () => {
    const text = 'All there is.';
    assert.deepStrictEqual(placed(piece(10, 20, { text })), [{ startS: 10, endS: 20, text }]);
    const averageLogProbability = -2;
    assert.deepStrictEqual(placed(piece(10, 20, { text, averageLogProbability })), [
      { startS: 10, endS: 20, text, averageLogProbability },
    ]);
    assert.isEmpty(placed(piece(10, 20, { text: '' })));
  });

  it('gives ids that tell track, chunk and position, and differ for a chunk’s beginning', () => {
    const segments = [
      { startS: 0, endS: 1, text: 'A.' },
      { startS: 1, endS: 2, text: 'B.' },
    ];
    const all = [piece(10, 20, { segments }), piece(10, 12, { segments }), piece(0, 10, { segments })];
    const ids = [0, 1].flatMap((track) => all.flatMap((one) => placeAnswer(one, track).segments.map(({ id }) => id)));
    assert.lengthOf(new Set(ids), 12);
    assert.deepStrictEqual(
      placeAnswer(piece(10, 20, { segments, text: 'other', model: 'other' }), 0).segments.map(({ id }) => id),
      ids.slice(0, 2),
    );
  });

  it('gives every segment its words, by the middle of the word', () => {
    const segments = [
      { startS: 0, endS: 1, text: 'A b' },
      { startS: 2, endS: 3, text: 'c' },
    ];
    const words = [
      { startS: 0, endS: 0.4, text: 'A', probability: 0.9 },
      { startS: 1.2, endS: 2.4, text: 'b' },
      { startS: 1.9, endS: 2.5, text: 'c' },
      { startS: 2.6, endS: 40, text: 'd' },
    ];
    assert.deepStrictEqual(
      placeAnswer(piece(10, 20, { segments, words }), 0).segments.map((segment) => segment.words),
      [
        [
          { startS: 10, endS: 10.4, text: 'A', probability: 0.9 },
          { startS: 11.2, endS: 12.4, text: 'b' },
        ],
        [
          { startS: 11.9, endS: 12.5, text: 'c' },
          { startS: 12.6, endS: 20, text: 'd' },
        ],
      ],
    );
  });

  it('moves what was not understood as well, inside the chunk and in the order of time', () => {
    const unheard = [
      { startS: 7, endS: 30 },
      { startS: 0.5, endS: 3 },
      { startS: 10, endS: 12 },
    ];
    assert.deepStrictEqual(
      placeAnswer(piece(10, 20, { unheard }), 1).gaps.map(({ kind, startS, endS, track }) => [
        kind,
        startS,
        endS,
        track,
      ]),
      [
        ['unheard', 10.5, 13, 1],
        ['unheard', 17, 20, 1],
      ],
    );
  });

  it('has no gap where nothing says so, or only what lies behind the chunk', () => {
    assert.isEmpty(placeAnswer(piece(0, 1, {}), 0).gaps);
    assert.isEmpty(placeAnswer(piece(0, 1, { unheard: [{ startS: 1, endS: 2 }] }), 0).gaps);
  });

  it('gives stretches inside their chunk that do not overlap, whatever the endpoint says', () => {
    const second = fc.integer({ min: -50, max: 200 }).map((tenths) => tenths / 10);
    fc.assert(
      fc.property(fc.array(fc.record({ startS: second, endS: second }), { maxLength: 6 }), (unheard) => {
        let end = 160_000;
        for (const { chunk, startS, endS } of placeAnswer(piece(10, 20, { unheard }), 0).gaps) {
          assert.isTrue(chunk.startSample >= end && chunk.startSample < chunk.endSample && startS < endS);
          end = chunk.endSample;
        }
        assert.isAtMost(end, 320_000);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('gives times that rise and stay inside their chunks, whatever the endpoint says', () => {
    const second = fc.integer({ min: -500, max: 1000 }).map((tenths) => tenths / 10);
    const segments = fc.array(
      fc.record({ startS: second, endS: second }).map((times) => ({ ...times, text: 'Said.' })),
      { maxLength: 5 },
    );
    const gapAndLength = fc.tuple(fc.nat({ max: 5 }), fc.integer({ min: 1, max: 30 }), segments);
    fc.assert(
      fc.property(fc.array(gapAndLength, { maxLength: 6 }), (chunks) => {
        const all: Segment[] = [];
        let endS = 0;
        for (const [gapS, lengthS, heard] of chunks) {
          const startS = endS + gapS;
          endS = startS + lengthS;
          for (const segment of placeAnswer(piece(startS, endS, { text: 'Said.', segments: heard }), 0).segments) {
            all.push(segment);
            assert.isTrue(segment.startS >= startS && segment.startS <= segment.endS && segment.endS <= endS);
          }
        }
        all.forEach((segment, i) => {
          assert.isAtLeast(segment.startS, all[i - 1]?.startS ?? 0);
        });
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

function piece(startS: number, endS: number, rest: Partial<ChunkTranscription>): ChunkTranscription {
  const chunk = { startSample: startS * 16_000, endSample: endS * 16_000 };
  return { chunk, model: 'model', text: 'Text.', segments: [], words: [], ...rest };
}

/** The segments without what only a transcript has. */
function placed(answer: ChunkTranscription): Segment[] {
  return placeAnswer(answer, 0).segments.map(({ id, track, words, ...segment }) => {
    assert.strictEqual(track, 0);
    assert.isEmpty(words);
    assert.isNotEmpty(id);
    return segment;
  });
}
