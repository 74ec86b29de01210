import path from 'node:path';
import { record } from 'node-record-lpcm16';
import { defined } from '../../core/async/defined';
import { MinutesError, problemOf, type Problem } from '../../core/errors';
import { SAMPLE_RATE_HZ } from '../../core/model';
import type { AudioSource, Capture } from '../../core/capture/audioSource';
import { captureFrom } from './recorderCapture';
import { findRecorders, type Recorder, type RecorderFileOptions } from './recorders';

/** Where the extension lies, and what tests put in the place of real programs. */
export interface LpcmMicrophoneOptions {
  /** Where the extension lies: the recorder file is in its `dist`. */
  readonly extensionFolder: string;
  /** As the recorder calls it, asked for on every recording; undefined: the system's default. */
  readonly device?: () => string | undefined;
  /** This process's own where absent. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly findRecorders?: () => Promise<readonly Recorder[]>;
}

/**
 * The microphone through node-record-lpcm16 1.0.1 and a recorder program of the system: import this file on first use only. No
 * other knows the package; its faults, seen, end here or in what it is given to start:
 *
 * - A program that is missing is an uncaught exception, and its stream emits *strings* as errors, at every `stop()` as well: both
 *   are listened to at once, and the process's end is what is judged.
 * - A recorder whose device, sound server or disk is gone exits with 0: an end that nobody asked for is a failure, whatever its code
 *   (`recorderCapture.ts`).
 * - `pause()` records the pause, and throws on Windows: not used. Stop and open again.
 * - `stop()` loses the last 0.1 to 0.3 s: sound is taken for a moment longer, then the process is ended by its owner.
 * - Its recorders begin late, write WAV headers with sizes that are not true, and ignore `device`: `recorderFile.ts` replaces them.
 * - It finds its recorders by a computed path, which no bundler follows: the package is shipped as it is, and our recorder file is
 *   named by its absolute path.
 * - It looks for programs on the PATH only: `recorders.ts` finds them, and gives absolute paths.
 */
export class LpcmMicrophone implements AudioSource {
  private readonly findRecorders: () => Promise<readonly Recorder[]>;

  constructor(private readonly options: LpcmMicrophoneOptions) {
    this.findRecorders = options.findRecorders ?? ((): Promise<Recorder[]> => findRecorders(options.environment));
  }

  /**
   * Tries the recorders of this machine one after the other until one gives sound: SoX may lack the driver that this system needs,
   * or the sound server that parec talks to may not run. Those that cannot work say so within milliseconds.
   */
  async open(signal: AbortSignal): Promise<Capture> {
    const recorders = await this.findRecorders();
    let problem: Problem = { code: 'recorderMissing' };
    for (const recorder of recorders) {
      signal.throwIfAborted();
      try {
        return await this.start(recorder, signal);
      } catch (error) {
        const next = problemOf(error);
        if (!next) throw error;
        problem = moreTelling(problem, next);
      }
    }
    signal.throwIfAborted();
    throw new MinutesError(problem);
  }

  private start(recorder: Recorder, signal: AbortSignal): Promise<Capture> {
    const { extensionFolder, environment = process.env, device } = this.options;
    const deviceName = device?.();
    const options: RecorderFileOptions = {
      sampleRate: SAMPLE_RATE_HZ,
      minutes: defined({ recorder, environment, device: deviceName }),
    };
    const recorderFile = path.join(extensionFolder, 'dist', 'recorderFile.js');
    let recording;
    try {
      recording = record({ recorder: recorderFile, ...options });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new MinutesError({ code: 'recorderFailed', recorder: recorder.kind, reason }, { cause: error });
    }
    recording.stream().on('error', () => undefined);
    return captureFrom(recorder.kind, recording.process, signal);
  }
}

/** What the user can act on best: a device that is held by another program, then one that is missing, then what is told last. */
function moreTelling(known: Problem, next: Problem): Problem {
  if (known.code === 'microphoneBusy' || next.code === 'recorderMissing') return known;
  return known.code === 'microphoneMissing' && next.code !== 'microphoneBusy' ? known : next;
}
