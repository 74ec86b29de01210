import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { defined } from '../../../src/core/async/defined';
import type { WhisperRuntime } from '../../../src/core/engineProtocol';
import type { InstalledModel } from '../../../src/core/models/engineModel';
import { bytesToInt16 } from '../../../src/core/audio/pcm';
import { readWavHeader } from '../../../src/core/audio/wav';
import { modelFolder } from '../../models';
import type { SpeechFile } from '../../speech';
import type { BenchOptions } from '../report';
import { detectSpeech } from './coverage';
import { startEmbedded } from './embeddedProgram';
import { glossaryOf } from './glossary';
import { thisMachine } from './machine';
import { EngineMeasurement, type MeasurementOptions } from './measurePrograms';
import { measureLoading, type ProgramStarter } from './measureLoading';
import { measurePreparation } from './measurePreparation';
import { findPeer, startPeer } from './peerProgram';
import { prepareFloat32 } from './prepareFloat32';
import { PROGRAM_TITLES, type EngineResults, type PreparationFigures, type ProgramId } from './results';
import type { SpeechProgram } from './speechProgram';
import { decodeAll, isSpeech, type WavFile } from './testFiles';

/** Starts whose time counts, seeds after the first, and files for WASM. */
const THOROUGHNESS = {
  full: { starts: 5, laterSeeds: [2, 3], wasmFiles: 10 },
  quick: { starts: 1, laterSeeds: [], wasmFiles: 2 },
} as const;
/** The folder in `MINUTES_MODELS`, and the name that the public hub has for what is in it. */
const MODEL_FOLDER = 'whisper-base';
const MODEL_NAME = 'openai/whisper-base';

/**
 * Starts every program there is, asks them everything, and ends them. What is not there is left out and remarked upon.
 *
 * @param chosen the recordings to measure with
 * @param manifest the whole folder, which the glossaries are made of
 * @param keep is given what there is so far, again and again, and at the end all of it: the whole takes a while
 */
export async function measureEngine(
  speechFolder: string,
  chosen: readonly SpeechFile[],
  manifest: readonly SpeechFile[],
  { only, isQuick }: BenchOptions,
  keep: (results: EngineResults) => void,
): Promise<EngineResults> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'minutes-bench-'));
  try {
    const files = await decodeAll(speechFolder, chosen, folder);
    const thoroughness = isQuick ? THOROUGHNESS.quick : THOROUGHNESS.full;
    const options = {
      laterSeeds: thoroughness.laterSeeds,
      wasmFiles: thoroughness.wasmFiles,
      glossaryOf: (file: SpeechFile) => glossaryOf(file, manifest),
      progress,
    };
    const { starters, wasmStarters, remarks, preparation } = await findPrograms(folder, only);
    if (isQuick) remarks.push('A quick run: few files, one seed. It shows that the benchmark works, and no more.');
    let results: EngineResults = defined({
      machines: [thisMachine()],
      programs: {},
      preparation,
      measurements: [],
      speech: await detectAll(files),
      remarks,
    });
    const measure = async (some: readonly ProgramStarter[], run: Run): Promise<void> => {
      const before = results;
      await measureTogether(some, files, thoroughness.starts, options, run, (more) => {
        results = {
          ...before,
          programs: { ...before.programs, ...more.programs },
          measurements: [...before.measurements, ...more.measurements],
        };
        keep(results);
      });
    };
    await measure(starters, (measurement) => measurement.run());
    await measure(wasmStarters, (measurement) => measurement.runWasm());
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface FoundPrograms {
  readonly starters: readonly ProgramStarter[];
  readonly wasmStarters: readonly ProgramStarter[];
  readonly preparation: PreparationFigures | undefined;
  /** Why some are absent. */
  readonly remarks: string[];
}

/** The programs that are wanted and there, with the models that they need. */
async function findPrograms(folder: string, only: readonly string[]): Promise<FoundPrograms> {
  const remarks: string[] = [];
  const wanted = (id: ProgramId): boolean => only.length === 0 || only.includes(id);
  const ours = (id: ProgramId, runtime: WhisperRuntime, model: InstalledModel | undefined): ProgramStarter[] =>
    wanted(id) && model ? [{ id, start: () => startEmbedded(PROGRAM_TITLES[id], { model, runtime }) }] : [];
  const weights = modelFolder(MODEL_FOLDER);
  const wantsOurs = wanted('whisper') || wanted('wasm') || wanted('float32');
  if (wantsOurs && 'absent' in weights) remarks.push(`No Whisper of ours: ${weights.absent}.`);
  const source = 'absent' in weights ? undefined : weights.folder;
  const installed =
    source !== undefined && (wanted('whisper') || wanted('wasm')) ? await install(source, folder) : undefined;
  const float32 =
    source !== undefined && wanted('float32')
      ? await prepareFloat32(MODEL_NAME, source, path.join(folder, 'float32'))
      : undefined;
  const peer = wanted('peer') ? findPeer() : undefined;
  if (peer && 'absent' in peer) remarks.push(`No faster-whisper, and so no comparison with it: ${peer.absent}.`);
  return {
    starters: [
      ...ours('whisper', 'native', installed?.model),
      ...ours('float32', 'native', float32),
      ...(peer && !('absent' in peer) ? [{ id: 'peer', start: () => startPeer(peer) } as const] : []),
    ],
    wasmStarters: ours('wasm', 'wasm', installed?.model),
    preparation: installed?.preparation,
    remarks,
  };
}

type Run = (measurement: EngineMeasurement) => Promise<void>;

async function measureTogether(
  starters: readonly ProgramStarter[],
  files: readonly WavFile[],
  starts: number,
  options: Omit<MeasurementOptions, 'afterStage'>,
  run: Run,
  keep: (some: Pick<EngineResults, 'programs' | 'measurements'>) => void,
): Promise<void> {
  const loadMs = await measureLoading(starters, starts);
  const programs = new Map<ProgramId, SpeechProgram>();
  try {
    for (const { id, start } of starters) programs.set(id, await start());
    const afterStage = (some: EngineMeasurement): void => {
      keep({ programs: some.figures(loadMs), measurements: some.measurements });
    };
    await run(new EngineMeasurement(programs, files, { ...options, afterStage }));
  } finally {
    for (const program of programs.values()) await program.stop();
  }
}

/** Whisper base as the model store would leave it, made from the weights that are here. */
async function install(
  source: string,
  folder: string,
): Promise<{ readonly model: InstalledModel; readonly preparation: PreparationFigures }> {
  const target = path.join(folder, MODEL_NAME.replace('/', '--'));
  const { figures, prepared } = await measurePreparation(source, target);
  return { preparation: figures, model: { name: MODEL_NAME, folder: target, ...prepared } };
}

/** Where the engine's gate finds speech in each recording of speech. */
async function detectAll(files: readonly WavFile[]): Promise<EngineResults['speech']> {
  const found: [file: string, regions: ReturnType<typeof detectSpeech>][] = [];
  for (const { file, wavFile } of files.filter(isSpeech)) {
    const bytes = await readFile(wavFile);
    const header = readWavHeader(bytes, bytes.length);
    if (header.kind !== 'pcm') throw new Error(`${wavFile} is not what ffmpeg was asked for.`);
    const { dataOffsetBytes, dataBytes = bytes.length } = header.layout;
    const samples = bytes.subarray(dataOffsetBytes, dataOffsetBytes + dataBytes);
    found.push([file, detectSpeech(bytesToInt16(samples))]);
  }
  return Object.fromEntries(found);
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
