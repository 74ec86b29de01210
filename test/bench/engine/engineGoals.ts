import type { SpeechFile } from '../../speech';
import { median, type Goal } from '../report';
import type { Answers } from './answers';
import { errorRate } from './errorRates';
import type { EngineResults, ProgramId } from './results';
import { pairedBootstrap, percentile, sum, type Difference } from './statistics';
import { isEnglish, isMeeting, isOtherLanguage, isShort, isSpeech, wasmFiles } from './testFiles';
import { rankDoubts, wordStartErrorsS, type Doubt } from './wordFigures';

/** Shares of faster-whisper's figures, and the rest of what was agreed for the Whisper engine. */
const GOALS = {
  realTimeShare: 0.45,
  dictationShare: 0.12,
  memoryShare: 1,
  englishPoints: 0.5,
  otherPoints: 2,
  loadS: 1,
  prepareS: 15,
  prepareMb: 300,
  wordStartMedianS: 0.06,
  wordStartP90S: 0.67,
  gatePoints: 0.3,
  doubtPercent: 68,
} as const;

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

  errorPercent(program: ProgramId, files: readonly SpeechFile[]): number {
    return errorRate(this.answers.allErrors(program, 'text', files));
  }

  /** Our errors beside the peer's. */
  difference(files: readonly SpeechFile[]): Difference {
    const pairs = files.flatMap((file) => {
      const [ours, theirs] = [this.answers.errors('whisper', 'text', file), this.answers.errors('peer', 'text', file)];
      return ours && theirs ? [{ ours: ours.errors, theirs: theirs.errors, units: ours.units }] : [];
    });
    return pairedBootstrap(pairs);
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
    return this.errorPercent('whisper', meetings) - without;
  }

  /** Meetings that have another text without the gate: none of many tells that the engine may not know how to leave it out. */
  differentUngated(): SpeechFile[] {
    return this.files
      .filter(isMeeting)
      .filter(
        (file) =>
          this.answers.first('whisper', 'text', file)?.text !== this.answers.first('whisper', 'ungated', file)?.text,
      );
  }

  /** Files that WebAssembly writes otherwise than the native engine. */
  differentInWasm(): string[] {
    return this.answers
      .heard('wasm', 'text', wasmFiles(this.files))
      .filter(({ file, answer }) => answer.text !== this.answers.first('whisper', 'text', file)?.text)
      .map(({ file }) => file.file);
  }
}

export function goalsOf(figures: EngineFigures): Goal[] {
  const { programs } = figures.results;
  return [
    ...(programs.whisper ? ourGoals(figures) : []),
    ...(programs.whisper && programs.peer ? peerGoals(figures) : []),
    ...(programs.wasm
      ? [
          goal('WASM: files with another text than native', figures.differentInWasm().length, 'files', 0),
          goal('WASM: real-time factor', figures.realTimeFactor('wasm'), 's/s'),
        ]
      : []),
  ];
}

function peerGoals(figures: EngineFigures): Goal[] {
  const share = (value: (program: ProgramId) => number): number => value('whisper') / value('peer');
  const english = figures.difference(figures.files.filter(isEnglish));
  const others = figures.difference(figures.files.filter(isOtherLanguage));
  return [
    goal(
      'real-time factor, share of faster-whisper’s',
      share((program) => figures.realTimeFactor(program)),
      'times',
      GOALS.realTimeShare,
    ),
    goal(
      'end of speech to text, clips under 6 s, share of faster-whisper’s',
      share((program) => figures.dictationS(program)),
      'times',
      GOALS.dictationShare,
    ),
    goal(
      'peak memory, share of faster-whisper’s',
      share((program) => figures.memoryMb(program)),
      'times',
      GOALS.memoryShare,
    ),
    // A difference is too large where even the low end of its interval lies above the goal.
    goal('errors above faster-whisper’s, English, low end', english.low, 'points', GOALS.englishPoints),
    goal('errors above faster-whisper’s, English', english.points, 'points'),
    goal('errors above faster-whisper’s, other languages, low end', others.low, 'points', GOALS.otherPoints),
    goal('errors above faster-whisper’s, other languages', others.points, 'points'),
  ];
}

function ourGoals(figures: EngineFigures): Goal[] {
  const starts = figures.wordStartsS('whisper');
  const { preparation } = figures.results;
  const invented = sum(
    figures.answers.all('whisper', 'noise', figures.files).map(({ text }) => text.split(/\s+/).filter(Boolean).length),
  );
  return [
    goal('load', figures.loadS('whisper'), 's', GOALS.loadS),
    ...(preparation
      ? [
          goal('prepare from safetensors', preparation.wallMs / 1000, 's', GOALS.prepareS),
          goal('prepare, memory above idle', preparation.memoryAboveIdleBytes / 1e6, 'MB', GOALS.prepareMb),
        ]
      : []),
    goal('word starts, median distance', median(starts), 's', GOALS.wordStartMedianS),
    goal('word starts, 90 % within', percentile(starts, 0.9), 's', GOALS.wordStartP90S),
    goal('words invented where nobody speaks', invented, 'words', 0),
    goal('errors that the gate costs meetings', figures.gatePoints(), 'points', GOALS.gatePoints),
    {
      ...goal(
        'wrong words among the least probable fifth',
        100 * figures.doubts('whisper').found,
        '%',
        GOALS.doubtPercent,
      ),
      isAtLeast: true,
    },
  ];
}

function goal(name: string, value: number, unit: string, wanted?: number): Goal {
  return { name, value: rounded(value), unit, ...(wanted === undefined ? {} : { goal: wanted }) };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
