import assert from 'node:assert/strict';
import { toRecognition } from '../../../src/engine/vosk/voskRecogniser';
import { parseResponse } from '../../../src/core/speech/parseResponse';

const said = (text: string, startS: number, endS: number, confidence = 1): Parameters<typeof toRecognition>[0][0] => ({
  ...{ text, startS, endS, confidence },
});

describe('toRecognition', () => {
  it('gives segments at pauses, words beside them and the whole text', () => {
    const { text, segments, words } = toRecognition([
      said('hello', 0.5, 0.9),
      said('there', 0.9, 1.2),
      said('friends', 2.5, 3),
    ]);
    assert.equal(text, 'hello there friends');
    assert.deepEqual(
      segments.map(({ id, start, end, text: own }) => [id, start, end, own]),
      [
        [0, 0.5, 1.2, ' hello there'],
        [1, 2.5, 3, ' friends'],
      ],
    );
    assert.deepEqual(words, [
      { word: 'hello', start: 0.5, end: 0.9, probability: 1 },
      { word: 'there', start: 0.9, end: 1.2, probability: 1 },
      { word: 'friends', start: 2.5, end: 3, probability: 1 },
    ]);
  });

  it('gives nothing for nothing', () => {
    assert.deepEqual(toRecognition([]), { text: '', language: 'en', segments: [], words: [] });
  });

  it('tells the mean logarithm of the confidence, finite for none at all', () => {
    const [sure] = toRecognition([said('a', 0, 1), said('b', 1, 2)]).segments;
    assert.deepEqual([sure?.avg_logprob, sure?.no_speech_prob], [0, 0]);
    const [half] = toRecognition([said('a', 0, 1, 0.5), said('b', 1, 2, 0.25)]).segments;
    assert.deepEqual(
      [half?.avg_logprob, half?.no_speech_prob],
      [Math.round(((Math.log(0.5) + Math.log(0.25)) / 2) * 1e4) / 1e4, 0.625],
    );
    const [none] = toRecognition([said('a', 0, 1, 0)]).segments;
    assert.ok(Number.isFinite(none?.avg_logprob) && (none?.avg_logprob ?? 0) < -5);
    // Vosk's confidence may lie a rounding above 1.
    assert.equal(toRecognition([said('a', 0, 1, 1.000_001)]).segments[0]?.no_speech_prob, 0);
  });

  it('tells each word’s confidence as its probability, within [0, 1]', () => {
    const { words } = toRecognition([said('a', 0, 1, 0.123_456), said('b', 1, 2, 1.000_001), said('c', 2, 3, 0)]);
    assert.deepEqual(
      words.map(({ probability }) => probability),
      [0.1235, 1, 0],
    );
  });

  it('tells repetition by its compression', () => {
    const times = (count: number, text: (i: number) => string): number =>
      toRecognition(Array.from({ length: count }, (_, i) => said(text(i), i, i + 1))).segments[0]?.compression_ratio ??
      NaN;
    assert.ok(times(80, () => 'again') > 2.4);
    assert.ok(times(8, (i) => ['the', 'quick', 'brown', 'fox', 'jumps', 'over', 'lazy', 'dogs'][i] ?? '') < 2.4);
  });

  it('is what the other side reads', () => {
    const recognition = toRecognition([said('hello', 0.5, 0.9, 0.9), said('friends', 2.5, 3, 0.8)]);
    const read = parseResponse(JSON.stringify({ task: 'transcribe', ...recognition }), 'embedded');
    assert.deepEqual(
      [read.text, read.language, read.segments.length, read.words.length],
      ['hello friends', 'en', 2, 2],
    );
    assert.deepEqual(
      read.words.map(({ probability }) => probability),
      [0.9, 0.8],
    );
    assert.equal(read.segments[0]?.averageLogProbability, recognition.segments[0]?.avg_logprob);
  });
});
