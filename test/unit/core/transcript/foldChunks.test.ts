import { assert } from 'chai';
import type { TranscriptEntry } from '../../../../src/core/transcript/logEntries';
import { TranscriptLog } from '../../../../src/core/transcript/transcriptLog';
import { answeredEntry, chunkOf, historyOf, S, written, type Fate } from './anyHistory';

/** What the entries amount to, in seconds. */
function folded(entries: readonly TranscriptEntry[]): Record<'answers' | 'gaps' | 'pending', readonly unknown[]> {
  const { answers, gaps, pending } = new TranscriptLog(written(entries)).folded;
  return {
    answers: answers.map(({ startSample, endSample }) => [startSample / S, endSample / S]),
    gaps: gaps.map(({ kind, startS, endS, code }) =>
      code === undefined ? [kind, startS, endS] : [code, startS, endS],
    ),
    pending: pending.map(({ startSample, endSample }) => [startSample / S, endSample / S]),
  };
}

describe('foldChunks', () => {
  const fates: readonly (readonly [fate: Fate, expected: Partial<ReturnType<typeof folded>>])[] = [
    ['nothing', { pending: [[10, 16]] }],
    ['fails', { gaps: [['endpointTimedOut', 10, 16]] }],
    ['answered', { answers: [[10, 16]] }],
    ['unheard', { answers: [[10, 16]], gaps: [['unheard', 10, 12]] }],
    [
      'refilled',
      {
        answers: [
          [10, 16],
          [10, 12],
        ],
      },
    ],
    [
      'cut',
      {
        answers: [
          [10, 12],
          [12, 16],
        ],
      },
    ],
    ['failsThenCut', { answers: [[10, 12]], gaps: [['endpointFailed', 12, 16]] }],
    ['failsThenAnswered', { answers: [[10, 16]] }],
  ];
  for (const [fate, expected] of fates) {
    it(`knows what became of a chunk: ${fate}`, () => {
      const none = { answers: [], gaps: [], pending: [] };
      assert.deepStrictEqual(folded(historyOf(chunkOf(10, 16), fate)), { ...none, ...expected });
    });
  }

  it('leaves a gap for all of an unheard stretch until all of it is answered', () => {
    const whole = answeredEntry(chunkOf(0, 10), { segments: [], unheard: [{ startS: 2, endS: 8 }] });
    const half = answeredEntry(chunkOf(2, 5));
    assert.deepStrictEqual(folded([whole, half]), { answers: [[0, 10]], gaps: [['unheard', 2, 8]], pending: [] });
    assert.deepStrictEqual(folded([whole, half, answeredEntry(chunkOf(5, 8))]).gaps, []);
    // What lies only partly inside fills nothing.
    assert.lengthOf(folded([whole, half, answeredEntry(chunkOf(5, 9))]).gaps, 1);
  });

  it('has a gap where the second hearing of a stretch left a part of it unheard', () => {
    const whole = answeredEntry(chunkOf(0, 10), { segments: [], unheard: [{ startS: 2, endS: 8 }] });
    const again = answeredEntry(chunkOf(2, 8), { unheard: [{ startS: 4, endS: 6 }] });
    assert.deepStrictEqual(folded([whole, again]).gaps, [['unheard', 6, 8]]);
    assert.deepStrictEqual(folded([whole, again, answeredEntry(chunkOf(6, 8))]).gaps, []);
  });

  it('leaves a gap for the parts of a failed chunk that the log does not know', () => {
    const whole = { kind: 'failed', track: 0, ...chunkOf(0, 10), code: 'tooLarge' } as const;
    assert.deepStrictEqual(folded([whole, answeredEntry(chunkOf(2, 4)), answeredEntry(chunkOf(4, 7))]), {
      answers: [
        [2, 4],
        [4, 7],
      ],
      gaps: [
        ['tooLarge', 0, 2],
        ['tooLarge', 7, 10],
      ],
      pending: [],
    });
  });

  it('takes the later of two answers for the same chunk, and the later of two problems', () => {
    const chunk = chunkOf(0, 4);
    const [one, two] = [answeredEntry(chunk, { model: 'one' }), answeredEntry(chunk, { model: 'two' })];
    assert.strictEqual(new TranscriptLog(written([one, two])).answerFor(0, chunk)?.model, 'two');
    const [opened, first, second] = written([one, two]);
    if (!opened || !first || !second) assert.fail('too few entries');
    assert.strictEqual(new TranscriptLog([opened, second, first]).answerFor(0, chunk)?.model, 'two');
    const failed = { kind: 'failed', track: 0, ...chunk } as const;
    const [, early, late] = written([
      { ...failed, code: 'early' },
      { ...failed, code: 'late' },
    ]);
    if (!early || !late) assert.fail('too few entries');
    assert.strictEqual(new TranscriptLog([opened, late, early]).folded.gaps[0]?.code, 'late');
  });

  it('keeps tracks apart', () => {
    const chunk = chunkOf(0, 4);
    const entries = [answeredEntry(chunk), { kind: 'failed', track: 1, ...chunk, code: 'tooLarge' } as const];
    const { answers, gaps } = folded(entries);
    assert.deepStrictEqual([answers, gaps], [[[0, 4]], [['tooLarge', 0, 4]]]);
    const log = new TranscriptLog(written(entries));
    assert.isUndefined(log.answerFor(1, chunk));
    assert.deepStrictEqual([log.cut(0), log.cut(1), log.cut(2)], [[chunk], [chunk], []]);
  });

  it('takes the answer for the whole of an uncut recording for everything', () => {
    const whole = answeredEntry({ startSample: 0, endSample: 0 }, { durationS: 30, text: 'Whole.' });
    const { gaps, pending } = folded([...historyOf(chunkOf(0, 5), 'fails'), whole]);
    assert.deepStrictEqual([gaps, pending], [[], []]);
  });
});
