import { readFileSync } from 'node:fs';
import { defined } from '../../../src/core/async/defined';
import type { SpeechRegionSpans } from './coverage';
import type { Machine } from './machine';
import type { Answer } from './speechProgram';

/** What is measured: our engine as it is shipped, the same code on the weights before they became 8 bits, the peer, and ours in WebAssembly. */
export const PROGRAM_TITLES = {
  whisper: 'ours, 8 bits',
  float32: 'ours, float32',
  peer: 'faster-whisper',
  wasm: 'ours in WASM',
} as const;
export type ProgramId = keyof typeof PROGRAM_TITLES;

export function isProgramId(name: string): name is ProgramId {
  return Object.hasOwn(PROGRAM_TITLES, name);
}

/** On clips without speech: prompts as the product makes them, and as it does not. */
export const NOISE_PROMPTS = {
  none: undefined,
  list: 'Kubernetes, TypeScript, Visual Studio Code, ONNX Runtime, pnpm.',
  sentence: 'We discussed the quarterly report and the new release of the extension.',
} as const;
export type NoisePrompt = keyof typeof NOISE_PROMPTS;

/**
 * Why a file was transcribed: for its text and the speed, with a glossary as prompt, as a dictation, without the gate, into English, with
 * nothing to hear.
 */
export type Pass = 'text' | 'glossary' | 'dictation' | 'ungated' | 'translation' | 'noise';
/** Of those that are asked one after the other; the only one where chance has no part. */
export const FIRST_SEED = 1;

/** The passes that every file of speech takes part in. */
export const TEXT_PASSES = ['text', 'glossary'] as const;
export type TextPass = (typeof TEXT_PASSES)[number];

export interface Measurement extends Answer {
  readonly program: ProgramId;
  readonly pass: Pass;
  /** The recording, as MANIFEST.json names it. */
  readonly file: string;
  /** Which of several runs, from 1; also the seed. */
  readonly run: number;
  readonly noisePrompt?: NoisePrompt;
  /** The list that went with it, in the pass with a glossary. */
  readonly glossary?: string;
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
  /** One; several where results of several machines are taken together. */
  readonly machines: readonly Machine[];
  readonly programs: Readonly<Partial<Record<ProgramId, ProgramFigures>>>;
  readonly preparation?: PreparationFigures;
  readonly measurements: readonly Measurement[];
  /** Where the engine's gate finds speech, by recording. */
  readonly speech: Readonly<Record<string, readonly SpeechRegionSpans[]>>;
  /** What was left out, and why. */
  readonly remarks: readonly string[];
}

/** As a file holds them: what older benchmarks did not measure is absent. */
type StoredResults = Omit<Partial<EngineResults>, 'measurements'> & {
  readonly measurements?: readonly (Omit<Measurement, 'unheard'> & Partial<Pick<Measurement, 'unheard'>>)[];
};

/** Results that `--raw` wrote; of several files, all taken together. */
export function readResults(files: readonly string[]): EngineResults {
  const all = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as StoredResults);
  const preparation = all.find((one) => one.preparation)?.preparation;
  const machines = new Map(all.flatMap((one) => one.machines ?? []).map((one) => [JSON.stringify(one), one]));
  return defined({
    machines: [...machines.values()],
    programs: Object.assign({}, ...all.map(({ programs }) => programs)) as EngineResults['programs'],
    preparation,
    measurements: all.flatMap(({ measurements = [] }) =>
      measurements.map((one) => ({ ...one, unheard: one.unheard ?? [] })),
    ),
    speech: Object.assign({}, ...all.map(({ speech }) => speech)) as EngineResults['speech'],
    remarks: [...new Set(all.flatMap(({ remarks = [] }) => remarks))],
  });
}
