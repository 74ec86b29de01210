import { expect } from 'chai';
import { detectSpeech, uncoveredStretches, type SpeechRegionSpans } from '../../../bench/engine/coverage';
import type { HeardWord } from '../../../bench/engine/speechProgram';
import { seededRandom } from '../../core/random';

const word = (startS: number, endS = startS + 0.3): HeardWord => ({ text: 'word', probability: 1, startS, endS });
const heard = (...words: readonly HeardWord[]): { words: readonly HeardWord[]; unheard: [] } => ({
  words,
  unheard: [],
});

/** One region of speech without a pause, in frames of 10 ms. */
const speech = (first: number, end: number): SpeechRegionSpans => [[first, end]];

describe('uncoveredStretches', () => {
  it('finds two seconds without a word, and not a frame less', () => {
    expect(uncoveredStretches([speech(0, 200)], heard())).to.deep.equal([{ startS: 0, endS: 2 }]);
    expect(uncoveredStretches([speech(0, 199)], heard())).to.deep.equal([]);
  });

  it('finds what lies between two words, less the tolerance at either side', () => {
    const regions = [speech(0, 500)];
    expect(uncoveredStretches(regions, heard(word(0, 1), word(4, 5)))).to.deep.equal([{ startS: 1.5, endS: 3.5 }]);
    expect(uncoveredStretches(regions, heard(word(0, 1), word(3.99, 5)))).to.deep.equal([]);
  });

  it('finds the end of a recording that a text breaks off before', () => {
    const words = Array.from({ length: 10 }, (_, i) => word(i * 0.5));
    expect(uncoveredStretches([speech(0, 3000)], heard(...words))).to.deep.equal([{ startS: 5.3, endS: 30 }]);
  });

  it('adds up speech across short pauses, and does not count the pauses', () => {
    const halting = (count: number): SpeechRegionSpans =>
      Array.from({ length: count }, (_, i) => [i * 150, i * 150 + 50] as const);
    expect(uncoveredStretches([halting(4)], heard())).to.deep.equal([{ startS: 0, endS: 5 }]);
    expect(uncoveredStretches([halting(3)], heard())).to.deep.equal([]);
  });

  it('does not add up across regions, which pauses of two seconds part', () => {
    expect(uncoveredStretches([speech(0, 150), speech(400, 550)], heard())).to.deep.equal([]);
  });

  it('ends a stretch at a word that lies in a pause', () => {
    const regions: SpeechRegionSpans[] = [
      [
        [0, 120],
        [300, 420],
      ],
    ];
    expect(uncoveredStretches(regions, heard())).to.have.length(1);
    expect(uncoveredStretches(regions, heard(word(2, 2.2)))).to.deep.equal([]);
  });

  it('takes a mark as an answer, for what it covers', () => {
    const regions = [speech(0, 1000)];
    expect(uncoveredStretches(regions, { words: [], unheard: [{ startS: 0, endS: 10 }] })).to.deep.equal([]);
    const partly = { words: [], unheard: [{ startS: 0, endS: 4 }] };
    expect(uncoveredStretches(regions, partly)).to.deep.equal([{ startS: 4.5, endS: 10 }]);
  });

  it('does not let a word that is stretched over a gap hide it', () => {
    const regions = [speech(0, 1200)];
    const stretched = heard(word(0, 2), word(2, 10), word(10, 12));
    expect(uncoveredStretches(regions, stretched)).to.deep.equal([{ startS: 3.5, endS: 8.5 }]);
    // A word of two seconds may be one.
    const slow = heard(...Array.from({ length: 6 }, (_, i) => word(2 * i, 2 * i + 2)));
    expect(uncoveredStretches(regions, slow)).to.deep.equal([]);
  });

  it('tells every stretch, in order, and takes words in any', () => {
    const found = uncoveredStretches([speech(0, 1500), speech(2000, 2300)], heard(word(10, 10.2), word(4, 4.2)));
    expect(found).to.deep.equal([
      { startS: 0, endS: 3.5 },
      { startS: 4.7, endS: 9.5 },
      { startS: 10.7, endS: 15 },
      { startS: 20, endS: 23 },
    ]);
  });

  it('bears words outside of the recording', () => {
    expect(uncoveredStretches([speech(0, 300)], heard(word(-3, -2), word(7)))).to.deep.equal([{ startS: 0, endS: 3 }]);
    expect(uncoveredStretches([], heard(word(1)))).to.deep.equal([]);
  });
});

describe('detectSpeech', () => {
  const SAMPLES_PER_S = 16_000;

  it('gives the spans of each region that the gate lets through', () => {
    const random = seededRandom();
    const loud: readonly (readonly [startS: number, endS: number])[] = [
      [3, 4],
      [4.5, 5.5],
      [10, 11],
    ];
    const samples = Int16Array.from({ length: 14 * SAMPLES_PER_S }, (_, i) => {
      const isLoud = loud.some(([startS, endS]) => i >= startS * SAMPLES_PER_S && i < endS * SAMPLES_PER_S);
      return (random() - 0.5) * (isLoud ? 8000 : 8);
    });
    const regions = detectSpeech(samples);
    expect(regions.map((spans) => spans.length)).to.deep.equal([2, 1]);
    regions.flat().forEach(([first, end], i) => {
      // The detector widens a syllable by some frames.
      expect(first / 100).to.be.closeTo(loud[i]?.[0] ?? NaN, 0.1);
      expect(end / 100).to.be.closeTo(loud[i]?.[1] ?? NaN, 0.1);
    });
  });
});
