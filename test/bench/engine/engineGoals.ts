import { defined } from '../../../src/core/async/defined';
import type { SpeechFile } from '../../speech';
import { median, type Goal } from '../report';
import type { EngineFigures } from './engineFigures';
import { TEXT_PASSES, type ProgramId, type TextPass } from './results';
import { percentile } from './statistics';
import { isEnglish, isOtherLanguage } from './testFiles';

/** What was agreed for the engine: points above float32, shares of faster-whisper's figures, and the rest. */
const GOALS = {
  pointsAboveFloat32: 0.3,
  realTimeShare: 0.4,
  dictationShare: 0.15,
  memoryShare: 1,
  loadS: 1,
  prepareS: 15,
  prepareMb: 300,
  wordStartMedianS: 0.06,
  wordStartP90S: 0.67,
  gatePoints: 0.3,
  doubtPercent: 68,
} as const;

/** How a pass is called behind the name of a figure. */
export const PASS_TITLES: Readonly<Record<TextPass, string>> = { text: '', glossary: ', with a glossary' };

/** The recordings whose words are known, as the goals tell them apart. */
export const LANGUAGE_GROUPS: readonly (readonly [title: string, isIn: (file: SpeechFile) => boolean])[] = [
  ['English', isEnglish],
  ['other languages', isOtherLanguage],
];

/** Right words first, then how quick they come. */
export function goalsOf(figures: EngineFigures): Goal[] {
  const { programs } = figures.results;
  return [
    ...(programs.whisper && programs.float32 ? differenceGoals(figures, 'float32', GOALS.pointsAboveFloat32) : []),
    ...(programs.whisper ? coverageGoals(figures) : []),
    ...(programs.wasm && programs.whisper
      ? [goal('WASM: files with another text than native', figures.differentInWasm().length, 'files', 0)]
      : []),
    ...(programs.whisper ? wordGoals(figures) : []),
    ...(programs.whisper && programs.peer ? differenceGoals(figures, 'peer') : []),
    ...(programs.whisper && programs.peer ? speedGoals(figures) : []),
    ...(programs.whisper ? [goal('load', figures.loadS('whisper'), 's', GOALS.loadS)] : []),
    ...preparationGoals(figures),
    ...(programs.wasm ? [goal('WASM: real-time factor', figures.realTimeFactor('wasm'), 's/s')] : []),
  ];
}

const OTHERS_TITLES = { float32: 'float32’s', peer: 'faster-whisper’s' } as const;

/** Our errors above another program's, with the ends of the 95 % interval. */
function differenceGoals(figures: EngineFigures, other: keyof typeof OTHERS_TITLES, wanted?: number): Goal[] {
  return LANGUAGE_GROUPS.flatMap(([title, isIn]) =>
    TEXT_PASSES.flatMap((pass) => {
      const { points, low, high } = figures.difference('whisper', other, pass, figures.files.filter(isIn));
      const name = `errors above ${OTHERS_TITLES[other]}, ${title}${PASS_TITLES[pass]}`;
      return [
        goal(name, points, 'points', wanted),
        goal(`${name}, low end of 95 %`, low, 'points'),
        goal(`${name}, high end of 95 %`, high, 'points'),
      ];
    }),
  );
}

function coverageGoals(figures: EngineFigures): Goal[] {
  return [
    goal('words invented where nobody speaks', figures.inventedWords('whisper'), 'words', 0),
    ...TEXT_PASSES.map((pass) =>
      goal(
        `2 s of detected speech without words or mark${PASS_TITLES[pass]}`,
        figures.silentCount('whisper', pass),
        'stretches',
        0,
      ),
    ),
    goal('files that a glossary costs text', figures.lossCount('whisper'), 'files', 0),
    goal('errors that the gate costs meetings', figures.gatePoints(), 'points', GOALS.gatePoints),
  ];
}

function wordGoals(figures: EngineFigures): Goal[] {
  const starts = figures.wordStartsS('whisper');
  const found = 100 * figures.doubts('whisper').found;
  return [
    goal('word starts, median distance', median(starts), 's', GOALS.wordStartMedianS),
    goal('word starts, 90 % within', percentile(starts, 0.9), 's', GOALS.wordStartP90S),
    { ...goal('wrong words among the least probable fifth', found, '%', GOALS.doubtPercent), isAtLeast: true },
  ];
}

function speedGoals(figures: EngineFigures): Goal[] {
  const share = (name: string, value: (program: ProgramId) => number, wanted: number): Goal =>
    goal(`${name}, share of faster-whisper’s`, value('whisper') / value('peer'), 'times', wanted);
  return [
    share('real-time factor', (id) => figures.realTimeFactor(id), GOALS.realTimeShare),
    share('end of speech to text, clips under 6 s', (id) => figures.dictationS(id), GOALS.dictationShare),
    share('peak memory', (id) => figures.memoryMb(id), GOALS.memoryShare),
  ];
}

function preparationGoals({ results: { preparation } }: EngineFigures): Goal[] {
  if (!preparation) return [];
  return [
    goal('prepare from safetensors', preparation.wallMs / 1000, 's', GOALS.prepareS),
    goal('prepare, memory above idle', preparation.memoryAboveIdleBytes / 1e6, 'MB', GOALS.prepareMb),
  ];
}

function goal(name: string, value: number, unit: string, wanted?: number): Goal {
  return defined({ name, value: Math.round(value * 1000) / 1000, unit, goal: wanted });
}
