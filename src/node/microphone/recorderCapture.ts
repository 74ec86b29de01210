import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesToInt16, BYTES_PER_SAMPLE, samplesToSeconds } from '../../core/audio/pcm';
import { SilenceWatch } from '../../core/capture/silenceWatch';
import { MinutesError } from '../../core/errors';
import type { Capture, CaptureEvent } from '../../core/capture/audioSource';
import { EventQueue } from '../../core/async/eventQueue';
import { errnoOf } from '../system/fileProblems';
import { problemAtStart, problemWhileRecording, type RecorderEnd } from './recorderProblem';

/** PipeWire's replacement of PulseAudio was seen to take 2.1 s to the first sample. After four times that, the start counts as failed. */
const START_TIMEOUT_MS = 8000;
/** Sound comes every 20 to 130 ms, silence included. */
const STALL_MS = 4000;
/** How long sound is taken after a stop: the last words before the key press are still on their way through sound server and pipe. */
const POST_ROLL_MS = 250;
/** Recorders were seen to end within 0.1 s of being told. */
const KILL_AFTER_MS = 1500;
const KEPT_ERROR_CHARACTERS = 4000;

/** A running recorder: samples come on standard output, messages on standard error. */
export type RecorderProcess = ChildProcessByStdio<null, Readable, Readable>;

/** Tells which device a process is given by the sound server later on. @returns ends the watch */
export type DeviceWatch = (processId: number, onMoved: (device: string) => void) => () => void;

interface Opening {
  readonly resolve: (capture: Capture) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Makes a capture of a recorder that was just started. Resolves when its first samples have arrived. The capture owns the process from
 * here on, and the watch from the first samples. Call this in the same turn in which the process was started, before its first event.
 *
 * @throws MinutesError `recorderMissing`, `microphoneMissing`, `microphoneBusy`, `recorderFailed`
 */
export function captureFrom(
  recorder: string,
  process: RecorderProcess,
  watch: DeviceWatch,
  signal: AbortSignal,
): Promise<Capture> {
  return new Promise((resolve, reject) => {
    new RecorderCapture(recorder, process, watch, signal, { resolve, reject });
  });
}

class RecorderCapture implements Capture {
  readonly events: AsyncIterable<CaptureEvent>;

  private readonly queue = new EventQueue<CaptureEvent>();
  private readonly silence = new SilenceWatch();
  private readonly closed: Promise<void>;
  /** Goes off when nothing came for too long. */
  private watchdog: NodeJS.Timeout;
  private state: 'opening' | 'open' | 'stopping' | 'aborted' | 'closed' = 'opening';
  private isSilenceTold = false;
  private blockCount = 0;
  private sampleCount = 0;
  /** The first half of a sample whose second half has not come yet. */
  private half: Uint8Array = new Uint8Array(0);
  private said = '';
  /** Why the recorder could not be started, or was killed. */
  private cause: string | undefined;
  private stopped: Promise<void> | undefined;
  private endWatch: () => void = () => undefined;

  constructor(
    recorder: string,
    private readonly process: RecorderProcess,
    private readonly watch: DeviceWatch,
    signal: AbortSignal,
    private readonly opening: Opening,
  ) {
    this.events = this.read();
    this.watchdog = setTimeout(() => {
      this.cause = `no sound within ${START_TIMEOUT_MS / 1000} s`;
      process.kill('SIGKILL');
    }, START_TIMEOUT_MS);
    process.on('error', (error) => {
      this.cause = errnoOf(error) ?? error.message;
    });
    process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.said = (this.said + text).slice(-KEPT_ERROR_CHARACTERS);
    });
    process.stdout.on('data', (block: Uint8Array) => {
      this.take(block);
    });
    const onAbort = (): void => {
      this.abort(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.closed = new Promise((resolve) => {
      process.once('close', (code, endSignal) => {
        signal.removeEventListener('abort', onAbort);
        clearTimeout(this.watchdog);
        this.endWatch();
        this.onClose({ recorder, said: this.said, end: this.cause ?? code ?? endSignal ?? 'no reason given' });
        resolve();
      });
    });
  }

  stop(): Promise<void> {
    return (this.stopped ??= this.end());
  }

  private async end(): Promise<void> {
    let kill: NodeJS.Timeout | undefined;
    if (this.state === 'open') {
      this.state = 'stopping';
      await Promise.race([sleep(POST_ROLL_MS), this.closed]);
      this.process.kill('SIGTERM');
      kill = setTimeout(() => this.process.kill('SIGKILL'), KILL_AFTER_MS);
    }
    await this.closed;
    clearTimeout(kill);
  }

  private async *read(): AsyncGenerator<CaptureEvent> {
    try {
      yield* this.queue.read();
    } finally {
      if (this.state === 'open') this.abort(new Error('nobody reads on'));
    }
  }

  private take(block: Uint8Array): void {
    const bytes = this.half.length === 0 ? block : Buffer.concat([this.half, block]);
    const wholeBytes = bytes.length - (bytes.length % BYTES_PER_SAMPLE);
    this.half = bytes.subarray(wholeBytes);
    if (wholeBytes === 0 || this.state === 'aborted') return;
    this.blockCount++;
    if (this.state === 'opening') this.onOpened();
    this.watchdog.refresh();
    const pcm = bytes.subarray(0, wholeBytes);
    const samples = bytesToInt16(pcm);
    this.sampleCount += samples.length;
    this.queue.push({ kind: 'audio', pcm });
    if (this.silence.push(samples) === 'silence' && !this.isSilenceTold) {
      this.isSilenceTold = true;
      this.queue.push({ kind: 'silent' });
    }
  }

  private onOpened(): void {
    this.state = 'open';
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      this.onQuiet();
    }, STALL_MS);
    const { pid } = this.process;
    if (pid !== undefined) {
      this.endWatch = this.watch(pid, (device) => {
        this.queue.push({ kind: 'moved', device });
      });
    }
    this.opening.resolve(this);
  }

  /** Looks again before it tells a stall: after a sleep or busy time, timers fire before the sound that waits in the pipe is read. */
  private onQuiet(): void {
    const before = this.blockCount;
    setImmediate(() => {
      if (this.state === 'open' && this.blockCount === before) this.queue.push({ kind: 'stalled' });
    });
  }

  private onClose(end: RecorderEnd): void {
    if (this.state === 'opening') this.opening.reject(new MinutesError(problemAtStart(end)));
    const atS = samplesToSeconds(this.sampleCount);
    this.queue.close(this.state === 'open' ? new MinutesError(problemWhileRecording(end, atS)) : undefined);
    this.state = 'closed';
  }

  private abort(reason: Error): void {
    this.state = 'aborted';
    this.process.kill('SIGKILL');
    this.opening.reject(reason);
    this.queue.abort(reason);
  }
}
