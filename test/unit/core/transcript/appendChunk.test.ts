import { assert } from 'chai';
import fc from 'fast-check';
import type { ChunkTranscription } from '../../../../src/core/model';
import { appendChunk, EMPTY_TRANSCRIPT } from '../../../../src/core/transcript/appendChunk';
import { SEED } from '../random';

describe('appendChunk', () => {
  it('moves times by the chunk’s start and keeps the figures of quality', () => {
    const segments = [{ startS: 1, endS: 2.5, text: 'Hello.', averageLogProbability: -0.2 }];
    assert.deepStrictEqual(appendChunk(EMPTY_TRANSCRIPT, piece(10, 20, { segments })).segments, [
      { startS: 11, endS: 12.5, text: 'Hello.', averageLogProbability: -0.2 },
    ]);
  });

  it('lets no time lie outside the chunk', () => {
    const segments = [
      { startS: -3, endS: -1, text: 'A.' },
      { startS: 8, endS: 30, text: 'B.' },
      { startS: 99, endS: 120, text: 'C.' },
    ];
    assert.deepStrictEqual(appendChunk(EMPTY_TRANSCRIPT, piece(10, 20, { segments })).segments, [
      { startS: 10, endS: 10, text: 'A.' },
      { startS: 18, endS: 20, text: 'B.' },
      { startS: 20, endS: 20, text: 'C.' },
    ]);
  });

  it('gives text without segments the chunk’s own time, and nothing where nothing was heard', () => {
    const text = 'All there is.';
    assert.deepStrictEqual(appendChunk(EMPTY_TRANSCRIPT, piece(10, 20, { text })).segments, [
      { startS: 10, endS: 20, text },
    ]);
    assert.isEmpty(appendChunk(EMPTY_TRANSCRIPT, piece(10, 20, { text: '' })).segments);
  });

  it('adds behind what is there, without changing it', () => {
    const first = appendChunk(EMPTY_TRANSCRIPT, piece(0, 10, { text: 'One.' }));
    const second = appendChunk(first, piece(10, 20, { text: 'Two.' }));
    assert.deepStrictEqual(
      second.segments.map(({ text }) => text),
      ['One.', 'Two.'],
    );
    assert.lengthOf(first.segments, 1);
    assert.isEmpty(EMPTY_TRANSCRIPT.segments);
  });

  it('lists every model once, in order of appearance', () => {
    const transcript = ['large', 'large', 'small', 'large'].reduce(
      (before, model, i) => appendChunk(before, piece(i, i + 1, { model })),
      EMPTY_TRANSCRIPT,
    );
    assert.deepStrictEqual(transcript.models, ['large', 'small']);
  });

  it('keeps the first language that was told', () => {
    const silent = appendChunk(EMPTY_TRANSCRIPT, piece(0, 1, {}));
    assert.notProperty(silent, 'language');
    const german = appendChunk(silent, piece(1, 2, { language: 'de' }));
    assert.strictEqual(appendChunk(german, piece(2, 3, { language: 'en' })).language, 'de');
  });

  it('moves what was not understood as well, inside the chunk and in the order of time', () => {
    const unheard = [
      { startS: 7, endS: 30 },
      { startS: 0.5, endS: 3 },
      { startS: 10, endS: 12 },
    ];
    const first = appendChunk(EMPTY_TRANSCRIPT, piece(10, 20, { unheard }));
    assert.deepStrictEqual(first.unheard, [
      { startS: 10.5, endS: 13 },
      { startS: 17, endS: 20 },
    ]);
    const second = appendChunk(first, piece(20, 30, {}));
    assert.deepStrictEqual(second.unheard, first.unheard);
    const third = appendChunk(second, piece(30, 40, { text: '', unheard: [{ startS: 2, endS: 4 }] }));
    assert.deepStrictEqual(third.unheard, [...(first.unheard ?? []), { startS: 32, endS: 34 }]);
    assert.lengthOf(third.segments, 2);
  });

  it('has no stretch that was not understood where no chunk has one', () => {
    assert.notProperty(appendChunk(EMPTY_TRANSCRIPT, piece(0, 1, {})), 'unheard');
    assert.notProperty(appendChunk(EMPTY_TRANSCRIPT, piece(0, 1, { unheard: [{ startS: 1, endS: 2 }] })), 'unheard');
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
        let transcript = EMPTY_TRANSCRIPT;
        let endS = 0;
        for (const [gapS, lengthS, heard] of chunks) {
          const startS = endS + gapS;
          endS = startS + lengthS;
          const before = transcript.segments.length;
          transcript = appendChunk(transcript, piece(startS, endS, { text: 'Said.', segments: heard }));
          for (const segment of transcript.segments.slice(before)) {
            assert.isTrue(segment.startS >= startS && segment.startS <= segment.endS && segment.endS <= endS);
          }
        }
        transcript.segments.forEach((segment, i) => {
          assert.isAtLeast(segment.startS, transcript.segments[i - 1]?.startS ?? 0);
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
