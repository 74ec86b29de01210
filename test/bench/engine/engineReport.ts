import type { SpeechFile } from '../../speech';
import { median, type BenchReport } from '../report';
import { Answers } from './answers';
import { characterScore } from './characterScore';
import { EngineFigures } from './engineFigures';
import { goalsOf, LANGUAGE_GROUPS, PASS_TITLES } from './engineGoals';
import { remarksOf } from './engineRemarks';
import { FIRST_SEED, NOISE_PROMPTS, PROGRAM_TITLES, TEXT_PASSES, type EngineResults, type ProgramId } from './results';
import { percentile, printDifference } from './statistics';
import { englishKinds, englishOriginal, isEnglish, isOtherLanguage, isToTranslate } from './testFiles';

const COLUMNS = Object.keys(PROGRAM_TITLES) as ProgramId[];

/** What a run's results mean. The same for the same results, so that they can be looked at again. */
export function reportEngine(results: EngineResults, files: readonly SpeechFile[]): BenchReport {
  const figures = new EngineFigures(results, new Answers(results), files);
  return {
    table: [
      ['measure', ...COLUMNS.map((id) => PROGRAM_TITLES[id])],
      ...errorRows(figures),
      ...differenceRows(figures),
      ...coverageRows(figures),
      ...noiseRows(figures),
      ...wordRows(figures),
      ...translationRows(figures),
      ...speedRows(figures),
    ],
    goals: goalsOf(figures),
    remarks: remarksOf(figures),
  };
}

function errorRows(figures: EngineFigures): string[][] {
  const rates = (title: string, files: readonly SpeechFile[]): string[][] =>
    TEXT_PASSES.map((pass) =>
      // WebAssembly hears so few files that its share of errors would mislead.
      row(`errors %, ${title}${PASS_TITLES[pass]}`, 1, (id) =>
        id === 'wasm' ? NaN : figures.errorPercent(id, pass, files),
      ),
    );
  const others = figures.files.filter(isOtherLanguage);
  const languages = [...new Set(others.map(({ language }) => language))];
  return [
    ...rates('English', figures.files.filter(isEnglish)),
    ...englishKinds(figures.files).flatMap(([title, some]) => (some.length === 0 ? [] : rates(title, some))),
    ...rates('other languages', others),
    ...languages.flatMap((one) =>
      rates(
        one,
        others.filter(({ language }) => language === one),
      ),
    ),
  ];
}

/** Errors above float32's in points, with the 95 % interval. */
function differenceRows(figures: EngineFigures): string[][] {
  const { programs } = figures.results;
  return LANGUAGE_GROUPS.flatMap(([title, isIn]) =>
    TEXT_PASSES.map((pass) =>
      cells(`points above float32, ${title}${PASS_TITLES[pass]}`, (id) => {
        const isCompared = (id === 'whisper' || id === 'peer') && programs[id] && programs.float32;
        return isCompared ? printDifference(figures.difference(id, 'float32', pass, figures.files.filter(isIn))) : '';
      }),
    ),
  );
}

function coverageRows(figures: EngineFigures): string[][] {
  return [
    ...TEXT_PASSES.map((pass) =>
      row(`2 s of speech without words or mark, first seed${PASS_TITLES[pass]}`, 0, (id) =>
        id === 'wasm' ? NaN : figures.silentCount(id, pass, FIRST_SEED),
      ),
    ),
    row('files that a glossary costs text', 0, (id) => figures.lossCount(id)),
  ];
}

function speedRows(figures: EngineFigures): string[][] {
  const someFiles = figures.wasmFiles();
  return [
    row('real-time factor', 3, (id) => (id === 'wasm' ? NaN : figures.realTimeFactor(id))),
    row(`real-time factor, the ${someFiles.length} files for WASM`, 3, (id) => figures.realTimeFactor(id, someFiles)),
    row('clips under 6 s: text after, s', 3, (id) => (id === 'wasm' ? NaN : figures.dictationS(id))),
    row('load, s', 2, (id) => figures.loadS(id)),
    row('peak memory, MB', 0, (id) => figures.memoryMb(id)),
  ];
}

function wordRows(figures: EngineFigures): string[][] {
  const words = (title: string, digits: number, value: (id: ProgramId) => number): string[] =>
    row(title, digits, (id) => (id === 'wasm' || !figures.results.programs[id] ? NaN : value(id)));
  return [
    words('word starts, median distance, s', 3, (id) => median(figures.wordStartsS(id))),
    words('word starts, 90 % within, s', 2, (id) => percentile(figures.wordStartsS(id), 0.9)),
    words('words of the manual times found', 0, (id) => figures.wordStartsS(id).length),
    words('wrong words in the least probable 20 %, %', 1, (id) => 100 * figures.doubts(id).found),
    words('wrong words, substituted or inserted', 0, (id) => figures.doubts(id).wrong),
  ];
}

function translationRows(figures: EngineFigures): string[][] {
  return figures.files.filter(isToTranslate).flatMap((file) => {
    const original = englishOriginal(file, figures.files)?.reference;
    if (original === undefined) return [];
    return [
      row(`translation chrF, ${file.language}`, 1, (id) => {
        const text = figures.answers.first(id, 'translation', file)?.text;
        return text === undefined ? NaN : characterScore(original, text);
      }),
    ];
  });
}

function noiseRows(figures: EngineFigures): string[][] {
  return Object.keys(NOISE_PROMPTS).map((prompt) =>
    row(`clips without speech that got text, prompt: ${prompt}`, 0, (id) => {
      const heard = figures.answers.all(id, 'noise', figures.files).filter(({ noisePrompt }) => noisePrompt === prompt);
      return heard.length === 0 ? NaN : heard.filter(({ text }) => text !== '').length;
    }),
  );
}

/** A line of the table; programs without the figure stay empty. */
function row(title: string, digits: number, value: (id: ProgramId) => number): string[] {
  return cells(title, (id) => {
    const figure = value(id);
    return Number.isFinite(figure) ? figure.toFixed(digits) : '';
  });
}

function cells(title: string, cell: (id: ProgramId) => string): string[] {
  return [title, ...COLUMNS.map(cell)];
}
