import type { EngineFigures } from './engineFigures';
import { LANGUAGE_GROUPS, PASS_TITLES } from './engineGoals';
import { describeMachine } from './machine';
import { PROGRAM_TITLES, TEXT_PASSES, type ProgramId } from './results';
import { printDifference } from './statistics';
import { isSpeech } from './testFiles';

const COVERED: readonly ProgramId[] = ['whisper', 'float32', 'peer'];

/** What stands below the table: the machine, what took part in what, and which files the figures mean. */
export function remarksOf(figures: EngineFigures): string[] {
  const { machines, programs, remarks, preparation } = figures.results;
  const lines = [
    ...machines.map((machine) => `Measured on: ${describeMachine(machine)}.`),
    ...(machines.length > 1 ? ['Several machines: times of different programs may not be comparable.'] : []),
    ...remarks,
    countOf(figures),
    ...peerLines(figures),
  ];
  if (programs.whisper) {
    const { different, all } = figures.differentUngated();
    lines.push(`Without the gate ${different} of ${all} meetings have another text.`);
  }
  if (preparation) {
    const [seconds, megabytes] = [preparation.wallMs / 1000, preparation.memoryAboveIdleBytes / 1e6];
    lines.push(`Preparing the model took ${seconds.toFixed(1)} s and ${megabytes.toFixed(0)} MB above idle.`);
  }
  const different = programs.wasm && programs.whisper ? figures.differentInWasm() : [];
  if (different.length > 0) lines.push(`WASM writes otherwise than native: ${different.join(', ')}`);
  return [...lines, ...coverageLines(figures), ...lossLines(figures), ...inventedLines(figures)];
}

/** How much was measured: figures of a part of the folder are not those of the whole. */
function countOf({ files, answers }: EngineFigures): string {
  const speech = files.filter(isSpeech);
  const noise = answers.all('whisper', 'noise', files).length;
  const minutes = speech.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  return (
    `${speech.length} recordings of speech, ${minutes.toFixed(1)} minutes; ` +
    `${files.length - speech.length} without, of which ours answered ${noise} requests.`
  );
}

function peerLines(figures: EngineFigures): string[] {
  const { programs } = figures.results;
  if (!programs.whisper || !programs.peer) return [];
  const differences = LANGUAGE_GROUPS.flatMap(([title, isIn]) =>
    TEXT_PASSES.flatMap((pass) => {
      const difference = printDifference(figures.difference('whisper', 'peer', pass, figures.files.filter(isIn)));
      return difference === '' ? [] : [`${title}${PASS_TITLES[pass]} ${difference}`];
    }),
  );
  if (differences.length === 0) return [];
  return [`Our errors beside faster-whisper’s, in points: ${differences.join('; ')}.`];
}

/** Ours in full; of the others, which are there for comparison, the files. */
function coverageLines(figures: EngineFigures): string[] {
  return TEXT_PASSES.flatMap((pass) =>
    COVERED.flatMap((id) => {
      const stretches = figures.silentStretches(id, pass);
      if (stretches.length === 0) return [];
      const where =
        id === 'whisper'
          ? stretches.map(
              ({ file, seed, startS, endS }) => `${file} ${startS.toFixed(1)}–${endS.toFixed(1)} s (seed ${seed})`,
            )
          : [...new Set(stretches.map(({ file }) => file))];
      return [`${PROGRAM_TITLES[id]}: speech without words or mark${PASS_TITLES[pass]}: ${where.join(', ')}`];
    }),
  );
}

function lossLines(figures: EngineFigures): string[] {
  return COVERED.flatMap((id) => {
    const losses = figures.glossaryLosses(id).map(({ file, keptShare, isUncovered }) => {
      const gap = isUncovered ? ', a gap' : '';
      return `${file} (${(100 * keptShare).toFixed(0)} % of the text${gap})`;
    });
    return losses.length === 0 ? [] : [`${PROGRAM_TITLES[id]}: a glossary costs text in ${losses.join(', ')}`];
  });
}

function inventedLines(figures: EngineFigures): string[] {
  return figures.answers
    .all('whisper', 'noise', figures.files)
    .filter(({ text }) => text !== '')
    .map(({ file, noisePrompt, text }) => `Invented in ${file}, prompt ${noisePrompt ?? ''}: ${text}`);
}
