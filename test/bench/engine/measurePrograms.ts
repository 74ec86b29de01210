import { defined } from '../../../src/core/async/defined';
import {
  FIRST_SEED,
  NOISE_PROMPTS,
  PROGRAM_TITLES,
  type Measurement,
  type NoisePrompt,
  type Pass,
  type ProgramFigures,
  type ProgramId,
  type TextPass,
} from './results';
import type { SpeechProgram, SpeechRequest } from './speechProgram';
import {
  hasSeveralWindows,
  isMeeting,
  isShort,
  isSpeech,
  isToTranslate,
  languageOf,
  wasmFiles,
  type WavFile,
} from './testFiles';

/** Threads that wait for work by spinning have gone to sleep by then. */
const PAUSE_MS = 20;

/** Who is asked with the later seeds. A peer's errors with a glossary are for information only: one seed has to do. */
const SEEDED: Readonly<Record<TextPass, readonly ProgramId[]>> = {
  text: ['whisper', 'float32', 'peer'],
  glossary: ['whisper', 'float32'],
};

/** How thoroughly it is measured, and what with. */
export interface MeasurementOptions {
  /** After the first one. */
  readonly laterSeeds: readonly number[];
  readonly wasmFiles: number;
  readonly glossaryOf: (file: WavFile) => string;
  readonly progress: (text: string) => void;
  /** Called whenever all files went through something, with what there is so far. */
  readonly afterStage: (measurement: EngineMeasurement) => void;
}

/** Everything that is asked of the programs, file by file in turn, so that what else the machine does meets them alike. */
export class EngineMeasurement {
  readonly measurements: Measurement[] = [];

  constructor(
    private readonly programs: ReadonlyMap<ProgramId, SpeechProgram>,
    private readonly files: readonly WavFile[],
    private readonly options: MeasurementOptions,
  ) {}

  async run(): Promise<void> {
    const speech = this.files.filter(isSpeech);
    await this.each('text and speed', speech, async (file, i) => {
      for (const id of inTurn([...this.programs.keys()], i)) await this.askText(id, 'text', file, FIRST_SEED);
      if (isShort(file)) await this.ask('whisper', 'dictation', file, FIRST_SEED, { isUrgent: true });
    });
    await this.each('text with a glossary', speech, async (file, i) => {
      for (const id of inTurn([...this.programs.keys()], i)) await this.askText(id, 'glossary', file, FIRST_SEED);
    });
    for (const seed of this.options.laterSeeds) {
      await this.each(`text without and with a glossary, seed ${seed}`, speech, async (file) => {
        for (const pass of ['text', 'glossary'] as const)
          for (const id of SEEDED[pass])
            if (this.leavesRoomForChance(id, pass, file)) await this.askText(id, pass, file, seed);
      });
    }
    await this.each('meetings without the gate', speech.filter(isMeeting), async (file) => {
      for (const seed of [FIRST_SEED, ...this.options.laterSeeds])
        await this.ask('whisper', 'ungated', file, seed, { isUngated: true });
    });
    await this.each('translation', speech.filter(isToTranslate), async (file) => {
      for (const id of ['whisper', 'peer'] as const)
        await this.ask(id, 'translation', file, FIRST_SEED, { task: 'translate' });
    });
    await this.runNoise();
  }

  /** The peak so far, with what it took to load. */
  figures(loadMs: ReadonlyMap<ProgramId, readonly number[]>): Partial<Record<ProgramId, ProgramFigures>> {
    const figures = [...this.programs].map(([id, program]) => [
      id,
      { loadMs: loadMs.get(id) ?? [], peakMemoryBytes: program.peakMemoryBytes() },
    ]);
    return Object.fromEntries(figures) as Partial<Record<ProgramId, ProgramFigures>>;
  }

  /** The few files that WebAssembly has to give the same text for. */
  async runWasm(): Promise<void> {
    await this.each(PROGRAM_TITLES.wasm, wasmFiles(this.files, this.options.wasmFiles), (file) =>
      this.askText('wasm', 'text', file, FIRST_SEED),
    );
  }

  private async runNoise(): Promise<void> {
    const silent = this.files.filter((file) => !isSpeech(file));
    await this.each('noise', silent, async (file) => {
      for (const [noisePrompt, prompt] of Object.entries(NOISE_PROMPTS))
        for (const id of ['whisper', 'float32'] as const)
          await this.ask(id, 'noise', file, FIRST_SEED, prompt === undefined ? {} : { prompt }, {
            noisePrompt: noisePrompt as NoisePrompt,
          });
    });
  }

  /**
   * A file that was decoded at temperature 0 throughout has the same text with every seed. A window that was dropped is not to be seen in
   * the answer, so where there may have been several, or nothing was heard, the file is asked again in any case.
   */
  private leavesRoomForChance(id: ProgramId, pass: TextPass, file: WavFile): boolean {
    const first = this.measurements.find(
      (one) => one.program === id && one.pass === pass && one.file === file.file && one.run === FIRST_SEED,
    );
    if (!first) return false;
    return (
      hasSeveralWindows(file) ||
      first.segments.length === 0 ||
      first.segments.some(({ temperature }) => temperature > 0)
    );
  }

  private async askText(id: ProgramId, pass: TextPass, file: WavFile, seed: number): Promise<void> {
    if (pass === 'text') {
      await this.ask(id, pass, file, seed);
      return;
    }
    const glossary = this.options.glossaryOf(file);
    await this.ask(id, pass, file, seed, { prompt: glossary }, { glossary });
  }

  private async ask(
    id: ProgramId,
    pass: Pass,
    file: WavFile,
    seed: number,
    request: Partial<SpeechRequest> = {},
    note: Pick<Measurement, 'noisePrompt' | 'glossary'> = {},
  ): Promise<void> {
    const program = this.programs.get(id);
    if (!program) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const language = languageOf(file);
    const answer = await program.transcribe(
      defined({
        wavFile: file.wavFile,
        task: 'transcribe',
        seed,
        language,
        ...request,
      }),
    );
    this.measurements.push({ program: id, pass, file: file.file, run: seed, ...note, ...answer });
  }

  private async each(
    title: string,
    files: readonly WavFile[],
    measure: (file: WavFile, index: number) => Promise<void>,
  ): Promise<void> {
    const { progress } = this.options;
    const began = performance.now();
    for (const [i, file] of files.entries()) {
      await measure(file, i);
      if (i % 20 === 19) progress(`${title}: ${i + 1} of ${files.length}`);
    }
    progress(`${title}: ${files.length} files, ${((performance.now() - began) / 1000).toFixed(0)} s`);
    this.options.afterStage(this);
  }
}

/** Whoever comes first in one file comes last in the next. */
function inTurn<Item>(items: readonly Item[], index: number): Item[] {
  const first = items.length === 0 ? 0 : index % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
