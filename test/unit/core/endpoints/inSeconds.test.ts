import { assert } from 'chai';
import { defined } from '../../../../src/core/async/defined';
import type { ParsedResponse } from '../../../../src/core/model';
import { parseResponse } from '../../../../src/core/endpoints/parseResponse';
import { GROQ } from './answers';
import { parse } from './parsedAnswers';

function times(factor: number): object {
  const scaled = <Timed extends { start: number; end: number }>(all: readonly Timed[]): Timed[] =>
    all.map((one) => ({ ...one, start: one.start * factor, end: one.end * factor }));
  return { ...GROQ, duration: GROQ.duration * factor, segments: scaled(GROQ.segments), words: scaled(GROQ.words) };
}

function read(answer: unknown, lengthS?: number): ParsedResponse {
  return parseResponse(JSON.stringify(answer), 'host', 'words', defined({ lengthS }));
}

describe('parseResponse', () => {
  it('takes times for milliseconds where the audio was much shorter', () => {
    for (const lengthS of [1, 4.5, 28, 30]) assert.deepStrictEqual(read(times(1000), lengthS), parse(GROQ));
  });

  it('takes them for seconds where that may be, or where milliseconds make no sense either', () => {
    for (const [answer, lengthS] of [
      [GROQ, 4.5],
      [GROQ, 28],
      // A short audio is heard in a window of 30 s, whose end may be told.
      [times(6), 0.5],
      [times(1000), undefined],
      [times(1e6), 28],
    ] as const) {
      assert.deepStrictEqual(read(answer, lengthS), parse(answer));
    }
  });

  it('judges by most times, and by segments, words and the length each for itself', () => {
    const { segments, words, duration } = GROQ;
    const late = { start: 5, end: 5000, text: 'Late.' };
    const kept = read({ text: `${GROQ.text} Late.`, segments: [...segments, late] }, 6).segments;
    assert.deepStrictEqual(
      kept.map(({ endS }) => endS),
      [1.5, 4.5, 5000],
    );
    const mixed = read({ ...times(1000), words, duration }, 5);
    assert.deepStrictEqual(mixed, parse(GROQ));
  });

  it('fills up to the end of the audio where the answer tells none', () => {
    const [first] = GROQ.segments;
    const { segments } = read({ text: GROQ.text, segments: [first] }, 28);
    assert.deepStrictEqual(segments[1], { startS: 1.5, endS: 28, text: 'Shall we start?' });
    assert.strictEqual(read({ ...GROQ, segments: [first] }, 28).segments[1]?.endS, 4.5);
    assert.strictEqual(read({ text: GROQ.text, segments: [first] }).segments[1]?.endS, 1.5);
  });
});
