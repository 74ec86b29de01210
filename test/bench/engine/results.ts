import { readFileSync } from 'node:fs';
import type { Answer } from './speechProgram';

/** What is measured: our engine, the same through WebAssembly, and the peer. */
export const PROGRAM_TITLES = {
  whisper: 'Whisper, ours',
  wasm: 'the same in WASM',
  peer: 'faster-whisper',
} as const;
export type ProgramId = keyof typeof PROGRAM_TITLES;

/** On clips without speech: prompts as the product makes them, and as it does not. */
export const NOISE_PROMPTS = {
  none: undefined,
  list: 'Kubernetes, TypeScript, Visual Studio Code, ONNX Runtime, pnpm.',
  sentence: 'We discussed the quarterly report and the new release of the extension.',
} as const;
export type NoisePrompt = keyof typeof NOISE_PROMPTS;

/** Why a file was transcribed: for its text and the speed, as a dictation, without the gate, into English, with nothing to hear. */
export type Pass = 'text' | 'dictation' | 'ungated' | 'translation' | 'noise';

export interface Measurement extends Answer {
  readonly program: ProgramId;
  readonly pass: Pass;
  /** The recording, as MANIFEST.json names it. */
  readonly file: string;
  /** Which of several runs, from 1; also the seed. */
  readonly run: number;
  readonly noisePrompt?: NoisePrompt;
}

export interface ProgramFigures {
  /** Start to listening, one for every start. */
  readonly loadMs: readonly number[];
  /** After everything that it was asked; NaN (null in the file) where the system does not say. */
  readonly peakMemoryBytes: number;
}

/** What preparing the model from its safetensors took. */
export interface PreparationFigures {
  readonly wallMs: number;
  readonly memoryAboveIdleBytes: number;
}

/** Everything that a run measured, before any analysis. */
export interface EngineResults {
  readonly programs: Readonly<Partial<Record<ProgramId, ProgramFigures>>>;
  readonly preparation?: PreparationFigures;
  readonly measurements: readonly Measurement[];
  /** What was left out, and why. */
  readonly remarks: readonly string[];
}

/** Results that `--raw` wrote; of several files, all taken together. */
export function readResults(files: readonly string[]): EngineResults {
  const all = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as EngineResults);
  const preparation = all.find((one) => one.preparation)?.preparation;
  return {
    programs: Object.assign({}, ...all.map(({ programs }) => programs)) as EngineResults['programs'],
    ...(preparation ? { preparation } : {}),
    measurements: all.flatMap(({ measurements }) => measurements),
    remarks: [...new Set(all.flatMap(({ remarks }) => remarks))],
  };
}
