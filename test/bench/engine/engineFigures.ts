import type { SpeechFile } from '../../speech';
import { median } from '../report';
import { comparableWords } from '../wordErrorRate';
import type { Answers } from './answers';
import { uncoveredStretches, type Stretch } from './coverage';
import { errorRate } from './errorRates';
import type { EngineResults, Measurement, ProgramId, TextPass } from './results';
import { mean, pairedBootstrap, sum, type Difference } from './statistics';
import { isEnglish, isMeeting, isShort, isSpeech } from './testFiles';
import { rankDoubts, wordStartErrorsS, type Doubt } from './wordFigures';

/** A text with a glossary that is shorter than this share of the text without has lost a sentence. */
const KEPT_SHARE = 0.7;

/** Detected speech that one answer passes over in silence. */
export interface SilentStretch extends Stretch {
  readonly file: string;
  readonly seed: number;
}

/** A recording of which a glossary costs text. */
export interface GlossaryLoss {
  readonly file: string;
  /** Length of the text with the glossary, as a share of that without; a mean over the seeds. */
  readonly keptShare: number;
  /** Only with the glossary it passes over 2 s of speech. */
  readonly isUncovered: boolean;
}

/** The figures of one run over some files; a program that took no part has NaN, or nothing, everywhere. */
export class EngineFigures {
  constructor(
    readonly results: EngineResults,
    readonly answers: Answers,
    readonly files: readonly SpeechFile[],
  ) {}

  realTimeFactor(program: ProgramId, files = this.files.filter(isSpeech)): number {
    const heard = this.answers.heard(program, 'text', files);
    return sum(heard.map(({ answer }) => answer.wallMs)) / 1000 / sum(heard.map(({ file }) => file.seconds));
  }

  /** From the end of a short clip to its text, the median, in seconds; ours as a dictation asks. */
  dictationS(program: ProgramId): number {
    const pass = program === 'whisper' ? 'dictation' : 'text';
    const heard = this.answers.heard(program, pass, this.files.filter(isSpeech).filter(isShort));
    return median(heard.map(({ answer }) => answer.wallMs)) / 1000;
  }

  loadS(program: ProgramId): number {
    return median(this.results.programs[program]?.loadMs ?? []) / 1000;
  }

  memoryMb(program: ProgramId): number {
    // JSON has no NaN.
    return ((this.results.programs[program]?.peakMemoryBytes as number | null | undefined) ?? NaN) / 1e6;
  }

  errorPercent(program: ProgramId, pass: TextPass, files: readonly SpeechFile[]): number {
    return errorRate(this.answers.allErrors(program, pass, files));
  }

  /** A program's errors beside another's, each file's a mean over the seeds, over the files that both transcribed. */
  difference(program: ProgramId, other: ProgramId, pass: TextPass, files: readonly SpeechFile[]): Difference {
    const pairs = files.flatMap((file) => {
      const [ours, theirs] = [this.answers.errors(program, pass, file), this.answers.errors(other, pass, file)];
      return ours && theirs ? [{ ours: ours.errors, theirs: theirs.errors, units: ours.units }] : [];
    });
    return pairedBootstrap(pairs);
  }

  /** Where an answer neither has words for 2 s of detected speech nor a mark, over all files and all seeds. */
  silentStretches(program: ProgramId, pass: TextPass): SilentStretch[] {
    return this.answers
      .all(program, pass, this.files.filter(isSpeech))
      .flatMap((answer) =>
        this.stretchesIn(answer).map((stretch) => ({ ...stretch, file: answer.file, seed: answer.run })),
      );
  }

  /** How many there are; NaN where nothing was asked, or nobody knows where there is speech. @param seed of one seed alone */
  silentCount(program: ProgramId, pass: TextPass, seed?: number): number {
    if (!this.isCoverageKnown(program, pass)) return NaN;
    return this.silentStretches(program, pass).filter((one) => seed === undefined || one.seed === seed).length;
  }

  /** The recordings of which a program writes less where it is given a glossary. */
  glossaryLosses(program: ProgramId): GlossaryLoss[] {
    return this.files.filter(isSpeech).flatMap((file) => {
      const [plain, prompted] = (['text', 'glossary'] as const).map((pass) => this.answers.runs(program, pass, file));
      if (!plain?.length || !prompted?.length) return [];
      const keptShare = meanLength(prompted) / meanLength(plain);
      const hasGap = (runs: readonly Measurement[]): boolean => runs.some((one) => this.stretchesIn(one).length > 0);
      const isUncovered = hasGap(prompted) && !hasGap(plain);
      return keptShare < KEPT_SHARE || isUncovered ? [{ file: file.file, keptShare, isUncovered }] : [];
    });
  }

  /** How many there are; NaN where it was given none, or nobody knows where there is speech. */
  lossCount(program: ProgramId): number {
    const isKnown = this.isCoverageKnown(program, 'text') && this.isCoverageKnown(program, 'glossary');
    return isKnown ? this.glossaryLosses(program).length : NaN;
  }

  /** Words written where nobody speaks, with all prompts together; NaN where it was asked nothing of the kind. */
  inventedWords(program: ProgramId): number {
    const heard = this.answers.all(program, 'noise', this.files);
    return heard.length === 0 ? NaN : sum(heard.map(({ text }) => text.split(/\s+/).filter(Boolean).length));
  }

  /** Distances of the words' starts from the manual times, in seconds. */
  wordStartsS(program: ProgramId): number[] {
    const heard = this.answers.heard(program, 'text', this.files.filter(isMeeting));
    return wordStartErrorsS(heard.map(({ file, answer }) => ({ file, words: answer.words }))).map(Math.abs);
  }

  doubts(program: ProgramId): Doubt {
    const heard = this.answers.heard(program, 'text', this.files.filter(isEnglish));
    return rankDoubts(heard.map(({ file, answer }) => ({ file, words: answer.words })));
  }

  /** What the gate in front costs, in points of the meetings' words. */
  gatePoints(): number {
    const meetings = this.files.filter(isMeeting);
    const without = errorRate(this.answers.allErrors('whisper', 'ungated', meetings));
    return this.errorPercent('whisper', 'text', meetings) - without;
  }

  /** Meetings that have another text without the gate: none of many tells that the engine may not know how to leave it out. */
  differentUngated(): { readonly different: number; readonly all: number } {
    const ungated = this.answers.heard('whisper', 'ungated', this.files.filter(isMeeting));
    const different = ungated.filter(
      ({ file, answer }) => answer.text !== this.answers.first('whisper', 'text', file)?.text,
    );
    return { different: different.length, all: ungated.length };
  }

  /** The files that WebAssembly was given. */
  wasmFiles(): SpeechFile[] {
    return this.answers.heard('wasm', 'text', this.files).map(({ file }) => file);
  }

  /** Files that WebAssembly writes otherwise than the native engine. */
  differentInWasm(): string[] {
    return this.answers
      .heard('wasm', 'text', this.files)
      .filter(({ file, answer }) => answer.text !== this.answers.first('whisper', 'text', file)?.text)
      .map(({ file }) => file.file);
  }

  private isCoverageKnown(program: ProgramId, pass: TextPass): boolean {
    const answers = this.answers.all(program, pass, this.files.filter(isSpeech));
    return answers.length > 0 && answers.every(({ file }) => this.results.speech[file] !== undefined);
  }

  private stretchesIn(answer: Measurement): Stretch[] {
    return uncoveredStretches(this.results.speech[answer.file] ?? [], answer);
  }
}

/** Characters of the words as they are compared. */
function meanLength(runs: readonly Measurement[]): number {
  return mean(runs.map(({ text }) => comparableWords(text).join('').length));
}
