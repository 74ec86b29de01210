import {
  NOISE_PROMPTS,
  PROGRAM_TITLES,
  type Measurement,
  type NoisePrompt,
  type Pass,
  type ProgramFigures,
  type ProgramId,
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
const FIRST_SEED = 1;
const SEEDS = [1, 2, 3] as const;

/** Everything that is asked of the programs, file by file in turn, so that what else the machine does meets them alike. */
export class EngineMeasurement {
  readonly measurements: Measurement[] = [];

  constructor(
    private readonly programs: ReadonlyMap<ProgramId, SpeechProgram>,
    private readonly files: readonly WavFile[],
    private readonly progress: (text: string) => void,
  ) {}

  async run(): Promise<void> {
    const speech = this.files.filter(isSpeech);
    await this.each('text and speed', speech, async (file, i) => {
      const ids = inTurn([...this.programs.keys()], i);
      for (const id of ids) await this.ask(id, 'text', file, FIRST_SEED);
      if (isShort(file)) await this.ask('whisper', 'dictation', file, FIRST_SEED, { isUrgent: true });
    });
    for (const seed of SEEDS.slice(1)) {
      await this.each(`text, seed ${seed}`, speech, async (file) => {
        for (const id of ['whisper', 'peer'] as const)
          if (this.leavesRoomForChance(id, file)) await this.ask(id, 'text', file, seed);
      });
    }
    await this.each('meetings without the gate', speech.filter(isMeeting), async (file) => {
      for (const seed of SEEDS) await this.ask('whisper', 'ungated', file, seed, { isUngated: true });
    });
    await this.each('translation', speech.filter(isToTranslate), async (file) => {
      for (const id of ['whisper', 'peer'] as const)
        await this.ask(id, 'translation', file, FIRST_SEED, { task: 'translate' });
    });
    const silent = this.files.filter((file) => !isSpeech(file));
    await this.each('noise', silent, async (file) => {
      for (const [noisePrompt, prompt] of Object.entries(NOISE_PROMPTS))
        await this.ask('whisper', 'noise', file, FIRST_SEED, prompt === undefined ? {} : { prompt }, {
          noisePrompt: noisePrompt as NoisePrompt,
        });
    });
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
    await this.each(PROGRAM_TITLES.wasm, wasmFiles(this.files), (file) => this.ask('wasm', 'text', file, FIRST_SEED));
  }

  /**
   * A file that was decoded at temperature 0 throughout has the same text with every seed. A window that was dropped is not to be seen in
   * the answer, so where there may have been several, or nothing was heard, the file is asked again in any case.
   */
  private leavesRoomForChance(id: ProgramId, file: WavFile): boolean {
    const first = this.measurements.find(
      (one) => one.program === id && one.pass === 'text' && one.file === file.file && one.run === FIRST_SEED,
    );
    if (!first) return false;
    return (
      hasSeveralWindows(file) ||
      first.segments.length === 0 ||
      first.segments.some(({ temperature }) => temperature > 0)
    );
  }

  private async ask(
    id: ProgramId,
    pass: Pass,
    file: WavFile,
    seed: number,
    request: Partial<SpeechRequest> = {},
    note: { readonly noisePrompt?: NoisePrompt } = {},
  ): Promise<void> {
    const program = this.programs.get(id);
    if (!program) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const language = languageOf(file);
    const answer = await program.transcribe({
      ...{ wavFile: file.wavFile, task: 'transcribe', seed },
      ...(language === undefined ? {} : { language }),
      ...request,
    });
    this.measurements.push({ program: id, pass, file: file.file, run: seed, ...note, ...answer });
  }

  private async each(
    title: string,
    files: readonly WavFile[],
    measure: (file: WavFile, index: number) => Promise<void>,
  ): Promise<void> {
    const began = performance.now();
    for (const [i, file] of files.entries()) {
      await measure(file, i);
      if (i % 20 === 19) this.progress(`${title}: ${i + 1} of ${files.length}`);
    }
    this.progress(`${title}: ${files.length} files, ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
}

/** Whoever comes first in one file comes last in the next. */
function inTurn<Item>(items: readonly Item[], index: number): Item[] {
  const first = items.length === 0 ? 0 : index % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
