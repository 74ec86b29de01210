import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { NEVER } from '../../src/core/async/never';
import { samplesToSeconds } from '../../src/core/audio/pcm';
import { EMBEDDED } from '../../src/core/model';
import { loadModel } from '../../src/engine/whisper/network/loadedModel';
import { FileTranscription } from '../../src/node/speech/fileTranscription';
import { preparedModel } from '../preparedModel';
import { largeSpeechFolder, projectRoot } from '../speech';
import { describeMachine, thisMachine } from './engine/machine';
import { addFigures, noFigures, quantile, type LiveFigures } from './live/liveFigures';
import { hearInTime } from './live/measureWords';
import { measureMeetings, measureParagraphs } from './live/measureNote';
import { measureWaits } from './live/measureWaits';
import { simulateSession } from './live/simulatedSession';
import { spokenFiles } from './live/spokenFiles';
import { median, type BenchOptions, type BenchReport, type Goal } from './report';

/** `words`: in real time, with the engine as the editor starts it; `simulated`: the same on a clock of the processor's time; `waits`: a dictation beside a file; `note`: what a meeting's note gets. */
const PARTS = ['words', 'simulated', 'waits', 'note'] as const;

/** How soon the words of speech are seen, and how long a dictation waits beside a file. */
export async function benchLive(options: BenchOptions): Promise<BenchReport> {
  const unknown = options.only.find((name) => !PARTS.some((part) => part === name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: the parts are ${PARTS.join(', ')}.`);
  const model = await preparedModel();
  if ('absent' in model) throw new Error(model.absent);
  const storageFolder = await mkdtemp(path.join(os.tmpdir(), 'minutes-live-'));
  const transcription = new FileTranscription({
    extensionFolder: projectRoot(),
    storageFolder,
    version: '0',
    readKey: () => Promise.resolve(undefined),
    embeddedModel: () => Promise.resolve({ model }),
    editorProxy: () => ({ address: '', isOff: true }),
    log: { write: () => undefined },
  });
  const wants = (part: (typeof PARTS)[number]): boolean => options.only.length === 0 || options.only.includes(part);
  const table: string[][] = [['figure', 'median', '95 %']];
  const goals: Goal[] = [];
  const remarks = [describeMachine(thisMachine())];
  try {
    await transcription.probe.warmUp(EMBEDDED, {}, NEVER);
    if (wants('words')) await measureInTime(transcription, options.isQuick, { table, goals, remarks });
    if (wants('simulated')) await simulate(model.folder, options.isQuick, { table, goals, remarks });
    if (wants('waits')) await measureWaits(transcription, storageFolder, { table, goals });
    if (wants('note')) {
      await measureParagraphs({ table, goals, remarks });
      await measureMeetings(transcription, await spokenFiles(speech(), options.isQuick), { table, goals, remarks });
    }
  } finally {
    await transcription.dispose();
    await rm(storageFolder, { recursive: true, force: true });
  }
  return { table, goals, remarks };
}

interface Report {
  readonly table: string[][];
  readonly goals: Goal[];
  readonly remarks: string[];
}

async function measureInTime(by: FileTranscription, isQuick: boolean, report: Report): Promise<void> {
  const figures = noFigures();
  const shares: number[] = [];
  for (const { samples, said } of await spokenFiles(speech(), isQuick)) {
    const { events, coreShare } = await hearInTime(by, samples);
    shares.push(coreShare);
    addFigures(figures, events, said);
  }
  tell('in real time', figures, report);
  report.remarks.push(`In real time the engine took ${(100 * median(shares)).toFixed(0)} % of a core (median).`);
}

async function simulate(modelFolder: string, isQuick: boolean, report: Report): Promise<void> {
  const model = await loadModel(modelFolder, 'native', 2);
  const figures = noFigures();
  const draftS: number[] = [];
  let [busyS, audioS] = [0, 0];
  for (const { samples, said } of await spokenFiles(speech(), isQuick)) {
    const run = await simulateSession(model, samples, undefined);
    draftS.push(...run.draftS);
    busyS += run.busyS;
    audioS += samplesToSeconds(samples.length);
    addFigures(figures, run.events, said);
  }
  tell('simulated', figures, report);
  report.table.push(['simulated: one hearing, s', ...[0.5, 0.95].map((share) => quantile(draftS, share).toFixed(2))]);
  report.remarks.push(
    `Simulated, the model computed ${((100 * busyS) / audioS).toFixed(0)} % of the time; ${draftS.length} hearings of open speech in ${audioS.toFixed(0)} s.`,
  );
}

function speech(): Parameters<typeof spokenFiles>[0] {
  const folder = largeSpeechFolder();
  if ('absent' in folder) throw new Error(folder.absent);
  return folder;
}

function tell(title: string, figures: LiveFigures, { table, goals, remarks }: Report): void {
  const { shownS, settledS, pauseS, settledCount, changedCount, correctedCount, eventCount } = figures;
  for (const [what, values, goal] of [
    ['word said → seen, s', shownS, 0.7],
    ['word said → settled, s', settledS, 1.5],
    ['last word → whole utterance, s', pauseS, undefined],
  ] as const) {
    table.push([`${title}: ${what}`, ...[0.5, 0.95].map((share) => quantile(values, share).toFixed(2))]);
    const value = Math.round(100 * quantile(values, 0.5)) / 100;
    if (goal !== undefined) goals.push({ name: `${title}: ${what}, median`, value, unit: 's', goal });
  }
  const changed = Math.round((1000 * changedCount) / (changedCount + settledCount)) / 10;
  goals.push({ name: `${title}: words seen that change`, value: changed, unit: '%', goal: 10 });
  const corrected = Math.round((1000 * correctedCount) / settledCount) / 10;
  goals.push({ name: `${title}: settled words that the whole utterance has not`, value: corrected, unit: '%' });
  remarks.push(`${title}: ${shownS.length} words, ${pauseS.length} utterances, ${eventCount} hearings.`);
}
