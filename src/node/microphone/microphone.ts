import path from 'node:path';
import { record } from 'node-record-lpcm16';
import { defined } from '../../core/async/defined';
import { MinutesError, problemOf, type Problem } from '../../core/errors';
import { SAMPLE_RATE_HZ } from '../../core/model';
import type { AudioInputs, AudioSource, Capture, InputDevice } from '../../core/capture/audioSource';
import { listDevices } from './listDevices';
import { findProgram } from '../system/findProgram';
import { captureFrom, type DeviceWatch } from './recorderCapture';
import { watchDevice } from './deviceWatch';
import { findRecorders, type Recorder, type RecorderFileOptions } from './recorders';

/** Where the extension lies, the device, and an environment for tests. */
export interface LpcmMicrophoneOptions {
  /** The extension's folder: the recorder file is in its `dist`. */
  readonly extensionFolder: string;
  /** The device by the recorder's name for it; absent: the system's default. */
  readonly device?: string;
  /** Absent: this process's own. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly findRecorders?: () => Promise<readonly Recorder[]>;
}

/**
 * The microphone through node-record-lpcm16 1.0.1 and a recorder program of the system. Import this file on first use only. No other file
 * uses the package. These faults of it were seen, and are dealt with here or in the recorder file that it starts:
 *
 * - A missing program is an uncaught exception, and the stream emits *strings* as errors, even at every `stop()`. Both events get a
 *   listener at once, and only the process's end decides.
 * - A recorder whose device, sound server or disk is gone exits with 0. So an end that was not asked for is a failure, whatever its code
 *   (`recorderCapture.ts`).
 * - `pause()` records the pause, and throws on Windows. It is not used: stop and open again.
 * - `stop()` loses the last 0.1 to 0.3 s. So `recorderCapture.ts` takes sound for a moment longer, then ends the process itself.
 * - Its recorders begin late, write WAV headers with sizes that are not true, and ignore `device`: `recorderFile.ts` replaces them.
 * - It finds its recorders by a computed path, which no bundler follows. So the package is shipped unbundled, and our recorder file is
 *   named by its absolute path.
 * - It looks for programs on the PATH only. So `recorders.ts` finds them, and gives absolute paths.
 */
export class LpcmMicrophone implements AudioSource {
  private readonly findRecorders: () => Promise<readonly Recorder[]>;

  constructor(private readonly options: LpcmMicrophoneOptions) {
    this.findRecorders = options.findRecorders ?? ((): Promise<Recorder[]> => findRecorders(options.environment));
  }

  /**
   * Tries the recorders of this machine one after the other until one gives sound: SoX may lack the driver that this system needs, or
   * parec's sound server may not run. A recorder that cannot work fails within milliseconds.
   */
  async open(signal: AbortSignal): Promise<Capture> {
    const recorders = await this.findRecorders();
    const pactl = process.platform === 'linux' ? await findProgram('pactl', this.options.environment) : undefined;
    let problem: Problem = { code: 'recorderMissing' };
    for (const recorder of recorders) {
      signal.throwIfAborted();
      try {
        return await this.start(recorder, pactl, signal);
      } catch (error) {
        const next = problemOf(error);
        if (!next) throw error;
        problem = moreTelling(problem, next);
      }
    }
    signal.throwIfAborted();
    const { device } = this.options;
    throw new MinutesError(
      problem.code === 'microphoneMissing' && device !== undefined
        ? { code: 'deviceMissing', device, reason: problem.reason }
        : problem,
    );
  }

  /** @param pactl tells of other devices; undefined where it is not there */
  private start(recorder: Recorder, pactl: string | undefined, signal: AbortSignal): Promise<Capture> {
    const { extensionFolder, environment = process.env, device } = this.options;
    const options: RecorderFileOptions = {
      sampleRate: SAMPLE_RATE_HZ,
      minutes: defined({ recorder, environment, device }),
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
    const watch: DeviceWatch = (processId, onMoved) =>
      pactl === undefined ? () => undefined : watchDevice(pactl, environment, processId, onMoved);
    return captureFrom(recorder.kind, recording.process, watch, signal);
  }
}

/** The devices of this machine, recorded through node-record-lpcm16. */
export class LpcmInputs implements AudioInputs {
  constructor(private readonly options: Omit<LpcmMicrophoneOptions, 'device'>) {}

  source(device?: string): AudioSource {
    return new LpcmMicrophone(defined({ ...this.options, device }));
  }

  list(signal: AbortSignal): Promise<readonly InputDevice[] | undefined> {
    return listDevices(signal, this.options.environment);
  }
}

/** The problem that helps the user most: a device that another program holds, then a missing device, then the last problem. */
function moreTelling(known: Problem, next: Problem): Problem {
  if (known.code === 'microphoneBusy' || next.code === 'recorderMissing') return known;
  return known.code === 'microphoneMissing' && next.code !== 'microphoneBusy' ? known : next;
}
