import type { SpeechFile } from '../../speech';
import { countErrors, type Errors } from './errorRates';
import type { EngineResults, Measurement, Pass, ProgramId } from './results';
import { mean } from './statistics';

/** What the programs answered, to be asked for by program, purpose and file. */
export class Answers {
  private readonly byKey = new Map<string, Measurement[]>();

  constructor({ measurements }: Pick<EngineResults, 'measurements'>) {
    for (const one of measurements) {
      const key = keyOf(one.program, one.pass, one.file);
      const runs = this.byKey.get(key);
      if (runs) runs.push(one);
      else this.byKey.set(key, [one]);
    }
  }

  runs(program: ProgramId, pass: Pass, { file }: SpeechFile): readonly Measurement[] {
    return this.byKey.get(keyOf(program, pass, file)) ?? [];
  }

  first(program: ProgramId, pass: Pass, file: SpeechFile): Measurement | undefined {
    return this.runs(program, pass, file)[0];
  }

  /** The files that a program transcribed, each with its first answer. */
  heard<File extends SpeechFile>(
    program: ProgramId,
    pass: Pass,
    files: readonly File[],
  ): { readonly file: File; readonly answer: Measurement }[] {
    return files.flatMap((file) => {
      const answer = this.first(program, pass, file);
      return answer ? [{ file, answer }] : [];
    });
  }

  /** Every answer of a program to a purpose. */
  all(program: ProgramId, pass: Pass, files: readonly SpeechFile[]): Measurement[] {
    return files.flatMap((file) => this.runs(program, pass, file));
  }

  /** Errors in a file, averaged over the runs: a file that chance has no part in has one, which stands for all. */
  errors(program: ProgramId, pass: Pass, file: SpeechFile): Errors | undefined {
    const all = this.runs(program, pass, file).map(({ text }) =>
      countErrors(file.reference ?? '', text, file.language),
    );
    const [first] = all;
    return first && { errors: mean(all.map(({ errors }) => errors)), units: first.units };
  }

  /** The errors of those files that the program transcribed. */
  allErrors(program: ProgramId, pass: Pass, files: readonly SpeechFile[]): Errors[] {
    return files.flatMap((file) => this.errors(program, pass, file) ?? []);
  }
}

function keyOf(program: ProgramId, pass: Pass, file: string): string {
  return `${program} ${pass} ${file}`;
}
