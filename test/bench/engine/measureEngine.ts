import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { WhisperRuntime } from '../../../src/core/engineModels/embeddedModel';
import type { InstalledModel } from '../../../src/core/engineModels/engineModel';
import { projectRoot, type SpeechFile } from '../../speech';
import type { BenchOptions } from '../report';
import { startEmbedded } from './embeddedProgram';
import { EngineMeasurement } from './measurePrograms';
import { measureLoading, type ProgramStarter } from './measureLoading';
import { measurePreparation } from './measurePreparation';
import { findPeer, startPeer } from './peerProgram';
import { PROGRAM_TITLES, type EngineResults, type PreparationFigures, type ProgramId } from './results';
import type { SpeechProgram } from './speechProgram';
import { decodeAll, type WavFile } from './testFiles';

const STARTS = 5;
/** The folder in `MINUTES_MODELS`, and the name that the public hub has for what is in it. */
const MODEL_FOLDER = 'whisper-base';
const MODEL_NAME = 'openai/whisper-base';

/**
 * Starts every program there is, asks them everything, and ends them. What is not there is left out and remarked upon.
 *
 * @param keep is given what there is so far, and at the end all of it: the whole takes a while
 */
export async function measureEngine(
  speechFolder: string,
  manifest: readonly SpeechFile[],
  { only, isQuick }: BenchOptions,
  keep: (results: EngineResults) => void,
): Promise<EngineResults> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'minutes-bench-'));
  try {
    const files = await decodeAll(speechFolder, manifest, folder);
    const remarks: string[] = [];
    const wanted = (id: ProgramId): boolean => only.length === 0 || only.includes(id);
    const installed = wanted('whisper') || wanted('wasm') ? await install(folder) : undefined;
    if (installed && 'absent' in installed) remarks.push(`No Whisper of ours: ${installed.absent}.`);
    const whisper = (runtime: WhisperRuntime): ProgramStarter[] => {
      const id = runtime === 'native' ? 'whisper' : 'wasm';
      if (!wanted(id) || !installed || 'absent' in installed) return [];
      const model = { model: installed.model, runtime };
      return [{ id, start: () => startEmbedded(PROGRAM_TITLES[id], model) }];
    };
    const peer = wanted('peer') ? findPeer() : undefined;
    if (peer && 'absent' in peer) remarks.push(`No faster-whisper, and so no comparison with it: ${peer.absent}.`);
    const starters: ProgramStarter[] = [
      ...whisper('native'),
      ...(peer && !('absent' in peer) ? [{ id: 'peer', start: () => startPeer(peer) } as const] : []),
    ];
    const starts = isQuick ? 1 : STARTS;
    const native = await measureTogether(starters, files, starts, (measurement) => measurement.run());
    const results: EngineResults = {
      ...native,
      ...(installed && 'preparation' in installed ? { preparation: installed.preparation } : {}),
      remarks,
    };
    keep(results);
    const wasm = await measureTogether(whisper('wasm'), files, starts, (measurement) => measurement.runWasm());
    const all: EngineResults = {
      ...results,
      programs: { ...native.programs, ...wasm.programs },
      measurements: [...native.measurements, ...wasm.measurements],
    };
    keep(all);
    return all;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureTogether(
  starters: readonly ProgramStarter[],
  files: readonly WavFile[],
  starts: number,
  run: (measurement: EngineMeasurement) => Promise<void>,
): Promise<Pick<EngineResults, 'programs' | 'measurements'>> {
  const loadMs = await measureLoading(starters, starts);
  const programs = new Map<ProgramId, SpeechProgram>();
  try {
    for (const { id, start } of starters) programs.set(id, await start());
    const measurement = new EngineMeasurement(programs, files, (text) => process.stderr.write(`${text}\n`));
    await run(measurement);
    return { programs: measurement.figures(loadMs), measurements: measurement.measurements };
  } finally {
    for (const program of programs.values()) await program.stop();
  }
}

type Installed =
  { readonly model: InstalledModel; readonly preparation: PreparationFigures } | { readonly absent: string };

/** Whisper base as the model store would leave it, made from the weights that are here. */
async function install(folder: string): Promise<Installed> {
  const source = path.resolve(projectRoot(), process.env['MINUTES_MODELS'] ?? '../shared/models', MODEL_FOLDER);
  if (!existsSync(path.join(source, 'model.safetensors'))) {
    return { absent: `there is no ${MODEL_FOLDER} with its weights in the folder that MINUTES_MODELS names` };
  }
  const target = path.join(folder, MODEL_NAME.replace('/', '--'));
  const { figures, prepared } = await measurePreparation(source, target);
  return { preparation: figures, model: { name: MODEL_NAME, folder: target, ...prepared } };
}
