import type { SpeechFile } from '../../speech';
import { median, type BenchReport } from '../report';
import { Answers } from './answers';
import { characterScore } from './characterScore';
import { EngineFigures, goalsOf } from './engineGoals';
import { NOISE_PROMPTS, PROGRAM_TITLES, type EngineResults, type ProgramId } from './results';
import { percentile, type Difference } from './statistics';
import { englishOriginal, isEnglish, isMeeting, isOtherLanguage, isToTranslate, wasmFiles } from './testFiles';

const COLUMNS = Object.keys(PROGRAM_TITLES) as ProgramId[];

/** What a run's results mean. The same for the same results, so that they can be looked at again. */
export function reportEngine(results: EngineResults, files: readonly SpeechFile[]): BenchReport {
  const figures = new EngineFigures(results, new Answers(results), files);
  return {
    table: [
      ['measure', ...COLUMNS.map((id) => PROGRAM_TITLES[id])],
      ...speedRows(figures),
      ...errorRows(figures),
      ...wordRows(figures),
      ...translationRows(figures),
      ...noiseRows(figures),
    ],
    goals: goalsOf(figures),
    remarks: remarksOf(figures),
  };
}

function speedRows(figures: EngineFigures): string[][] {
  const tenFiles = wasmFiles(figures.files);
  return [
    row('real-time factor', 3, (id) => (id === 'wasm' ? NaN : figures.realTimeFactor(id))),
    row('real-time factor, the ten files for WASM', 3, (id) => figures.realTimeFactor(id, tenFiles)),
    row('clips under 6 s: text after, s', 3, (id) => (id === 'wasm' ? NaN : figures.dictationS(id))),
    row('load, s', 2, (id) => figures.loadS(id)),
    row('peak memory, MB', 0, (id) => figures.memoryMb(id)),
  ];
}

function errorRows(figures: EngineFigures): string[][] {
  const english = figures.files.filter(isEnglish);
  const others = figures.files.filter(isOtherLanguage);
  const rates = (title: string, files: readonly SpeechFile[]): string[] =>
    row(title, 1, (id) => (id === 'wasm' ? NaN : figures.errorPercent(id, files)));
  return [
    rates('errors %, English', english),
    ...distinct(english, ({ kind }) => kind).map(([kind, some]) => rates(`errors %, ${kind}`, some)),
    rates('errors %, other languages', others),
    ...distinct(others, ({ language }) => language).map(([language, some]) => rates(`errors %, ${language}`, some)),
  ];
}

function wordRows(figures: EngineFigures): string[][] {
  const programs = new Set<ProgramId>(['whisper', 'peer']);
  const words = (title: string, digits: number, value: (id: ProgramId) => number): string[] =>
    row(title, digits, (id) => (programs.has(id) ? value(id) : NaN));
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

function remarksOf(figures: EngineFigures): string[] {
  const { programs, remarks, preparation } = figures.results;
  const lines = [...remarks];
  if (programs.whisper && programs.peer) {
    lines.push(
      `Errors beside faster-whisper’s, in points: English ${interval(figures.difference(figures.files.filter(isEnglish)))}, ` +
        `meetings ${interval(figures.difference(figures.files.filter(isMeeting)))}, ` +
        `other languages ${interval(figures.difference(figures.files.filter(isOtherLanguage)))} (paired bootstrap over files).`,
    );
  }
  if (programs.whisper) {
    const [different, all] = [figures.differentUngated().length, figures.files.filter(isMeeting).length];
    lines.push(`Without the gate ${different} of ${all} meetings have another text.`);
  }
  if (preparation) {
    const [seconds, megabytes] = [preparation.wallMs / 1000, preparation.memoryAboveIdleBytes / 1e6];
    lines.push(`Preparing the model took ${seconds.toFixed(1)} s and ${megabytes.toFixed(0)} MB above idle.`);
  }
  const different = programs.wasm ? figures.differentInWasm() : [];
  if (different.length > 0) lines.push(`WASM writes otherwise than native: ${different.join(', ')}`);
  const invented = figures.answers.all('whisper', 'noise', figures.files).filter(({ text }) => text !== '');
  lines.push(
    ...invented.map(({ file, noisePrompt, text }) => `Invented in ${file}, prompt ${noisePrompt ?? ''}: ${text}`),
  );
  return lines;
}

function interval({ points, low, high }: Difference): string {
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
  return `${signed(points)} [${signed(low)}, ${signed(high)}]`;
}

/** A line of the table; programs without the figure stay empty. */
function row(title: string, digits: number, value: (id: ProgramId) => number): string[] {
  const cells = COLUMNS.map((id) => {
    const figure = value(id);
    return Number.isFinite(figure) ? figure.toFixed(digits) : '';
  });
  return [title, ...cells];
}

function distinct(files: readonly SpeechFile[], key: (file: SpeechFile) => string): [string, SpeechFile[]][] {
  const keys = [...new Set(files.map(key))];
  return keys.map((one) => [one, files.filter((file) => key(file) === one)]);
}
