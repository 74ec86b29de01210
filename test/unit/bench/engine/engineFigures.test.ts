import { expect } from 'chai';
import { Answers } from '../../../bench/engine/answers';
import { EngineFigures } from '../../../bench/engine/engineFigures';
import { goalsOf } from '../../../bench/engine/engineGoals';
import { reportEngine } from '../../../bench/engine/engineReport';
import type { HeardWord } from '../../../bench/engine/speechProgram';
import type { EngineResults, Measurement } from '../../../bench/engine/results';
import type { SpeechFile } from '../../../speech';

const recording = (file: string, reference: string, language = 'en'): SpeechFile => ({
  file,
  reference,
  language,
  seconds: 10,
  kind: 'read',
  wordTimes: [],
  terms: [],
});

type Given = Partial<Measurement> & Pick<Measurement, 'file' | 'text'>;
const answer = (given: Given): Measurement => ({
  program: 'whisper',
  pass: 'text',
  run: 1,
  language: 'en',
  segments: [],
  words: [],
  unheard: [],
  wallMs: 1000,
  ...given,
});

const results = (measurements: readonly Measurement[], some: Partial<EngineResults> = {}): EngineResults => ({
  machines: [],
  programs: Object.fromEntries(measurements.map(({ program }) => [program, { loadMs: [500], peakMemoryBytes: 1e8 }])),
  measurements,
  speech: {},
  remarks: [],
  ...some,
});

const figuresOf = (given: EngineResults, files: readonly SpeechFile[]): EngineFigures =>
  new EngineFigures(given, new Answers(given), files);

const valueOf = (figures: EngineFigures, name: string): number | undefined =>
  goalsOf(figures).find((goal) => goal.name === name)?.value;

const word = (startS: number, endS: number): HeardWord => ({ text: 'word', probability: 1, startS, endS });

describe('errors beside another program', () => {
  const files = [
    recording('a.wav', 'one two three four five six seven eight nine ten'),
    recording('b.wav', 'a b c d e f g h i j'),
  ];
  const right = files.map(({ file, reference = '' }) => answer({ program: 'float32', file, text: reference }));
  const two = 'one two three four five six seven eight';

  it('take the mean over the seeds of a file, and the one answer of a file that chance has no part in', () => {
    const ours = [
      answer({ file: 'a.wav', text: files[0]?.reference ?? '' }),
      answer({ file: 'a.wav', text: two, run: 2 }),
      answer({ file: 'a.wav', text: 'one two three four five six', run: 3 }),
      answer({ file: 'b.wav', text: 'a b c d e f g h i' }),
    ];
    // (0 + 2 + 4) / 3 and 1 of 20 words.
    const figures = figuresOf(results([...ours, ...right]), files);
    expect(figures.difference('whisper', 'float32', 'text', files).points).to.be.closeTo(15, 1e-9);
    expect(valueOf(figures, 'errors above float32’s, English')).to.equal(15);
  });

  it('are told apart by language and by glossary', () => {
    const german = recording('c.wav', 'eins zwei drei vier', 'de');
    const all = results([
      answer({ file: 'a.wav', text: two, pass: 'glossary' }),
      answer({ file: 'a.wav', text: files[0]?.reference ?? '', pass: 'glossary', program: 'float32' }),
      answer({ file: 'c.wav', text: 'eins zwei' }),
      answer({ file: 'c.wav', text: 'eins', program: 'float32' }),
    ]);
    const figures = figuresOf(all, [...files, german]);
    expect(valueOf(figures, 'errors above float32’s, English, with a glossary')).to.equal(20);
    expect(valueOf(figures, 'errors above float32’s, other languages')).to.equal(-25);
    expect(valueOf(figures, 'errors above float32’s, English')).to.satisfy(Number.isNaN);
  });

  it('leave out files that one of the programs did not transcribe', () => {
    const figures = figuresOf(results([answer({ file: 'a.wav', text: two }), ...right.slice(1)]), files);
    expect(figures.difference('whisper', 'float32', 'text', files).points).to.satisfy(Number.isNaN);
  });

  it('have no goal where float32 took no part', () => {
    const names = goalsOf(figuresOf(results([answer({ file: 'a.wav', text: two })]), files)).map(({ name }) => name);
    expect(names.filter((name) => name.includes('float32'))).to.deep.equal([]);
    expect(names).to.include('words invented where nobody speaks');
  });
});

describe('speech without words or mark', () => {
  const file = recording('a.wav', 'one two');
  const speech = { 'a.wav': [[[0, 800] as const]] };

  it('is counted in every answer, with and without a glossary', () => {
    const all = results(
      [
        answer({ file: 'a.wav', text: 'word', words: [word(0, 1), word(7, 8)] }),
        answer({ file: 'a.wav', text: 'word', words: [word(0, 1), word(4, 5)], run: 2 }),
        answer({ file: 'a.wav', text: '', unheard: [{ startS: 0, endS: 8 }], pass: 'glossary' }),
      ],
      { speech },
    );
    const figures = figuresOf(all, [file]);
    expect(figures.silentStretches('whisper', 'text')).to.deep.equal([
      { file: 'a.wav', seed: 1, startS: 1.5, endS: 6.5 },
      { file: 'a.wav', seed: 2, startS: 1.5, endS: 3.5 },
      { file: 'a.wav', seed: 2, startS: 5.5, endS: 8 },
    ]);
    expect(figures.silentStretches('whisper', 'glossary')).to.deep.equal([]);
    expect(valueOf(figures, '2 s of detected speech without words or mark')).to.equal(3);
    const row = reportEngine(all, [file]).table.find(
      ([title]) => title === '2 s of speech without words or mark, first seed',
    );
    expect(row?.[1]).to.equal('1');
  });
});

describe('what was not measured', () => {
  it('meets no goal', () => {
    const file = recording('a.wav', 'one two');
    const all = results([
      answer({ file: 'a.wav', text: 'one two' }),
      answer({ file: 'a.wav', text: '', pass: 'glossary' }),
    ]);
    const figures = figuresOf(all, [file]);
    for (const name of [
      'words invented where nobody speaks',
      '2 s of detected speech without words or mark',
      '2 s of detected speech without words or mark, with a glossary',
      'files that a glossary costs text',
    ]) {
      expect(valueOf(figures, name), name).to.satisfy(Number.isNaN);
    }
    const known = figuresOf({ ...all, speech: { 'a.wav': [] } }, [file]);
    expect(valueOf(known, '2 s of detected speech without words or mark')).to.equal(0);
    expect(valueOf(known, 'files that a glossary costs text')).to.equal(1);
  });
});

describe('files that a glossary costs text', () => {
  const files = ['kept.wav', 'lost.wav', 'gap.wav', 'always.wav', 'mute.wav'].map((file) => recording(file, ''));
  const speech = Object.fromEntries(files.map(({ file }) => [file, [[[0, 800] as const]]]));
  const everywhere = [word(0, 2), word(2, 4), word(4, 6), word(6, 8)];
  const pair = (file: string, text: string, prompted: Given): Measurement[] => [
    answer({ file, text, words: everywhere }),
    answer({ words: everywhere, ...prompted, file, pass: 'glossary' }),
  ];

  it('are those that are much shorter, or have a gap that they have not without', () => {
    const all = results(
      [
        ...pair('kept.wav', 'Ten letters.', { file: '', text: 'ten lett' }),
        ...pair('lost.wav', 'Ten letters.', { file: '', text: 'ten let' }),
        ...pair('gap.wav', 'Ten letters.', { file: '', text: 'ten letters', words: [word(0, 2)] }),
        answer({ file: 'always.wav', text: 'ten letters' }),
        answer({ file: 'always.wav', text: 'ten letters', pass: 'glossary' }),
        ...pair('mute.wav', '', { file: '', text: '' }),
      ],
      { speech },
    );
    const losses = figuresOf(all, files).glossaryLosses('whisper');
    expect(losses.map(({ file, isUncovered }) => [file, isUncovered])).to.deep.equal([
      ['lost.wav', false],
      ['gap.wav', true],
    ]);
    expect(losses[0]?.keptShare).to.equal(0.6);
  });

  it('compare means over the seeds', () => {
    const all = results([
      answer({ file: 'lost.wav', text: 'ten letters' }),
      answer({ file: 'lost.wav', text: 'ten', pass: 'glossary' }),
      answer({ file: 'lost.wav', text: 'ten letters more', pass: 'glossary', run: 2 }),
    ]);
    expect(figuresOf(all, files).glossaryLosses('whisper')).to.deep.equal([]);
  });
});
