import { EventQueue } from '../../src/core/async/eventQueue';
import { bytesToInt16, BYTES_PER_SAMPLE } from '../../src/core/audio/pcm';
import type { AudioInputs, AudioSource, Capture, CaptureEvent } from '../../src/core/capture/audioSource';
import type { RecordingStore, RecordingWriter, UnfinishedRecording } from '../../src/core/capture/recordings';
import { SAMPLE_RATE_HZ, type Recording } from '../../src/core/model';

/** A microphone that hears what the test says, one capture after the other. */
export class FakeMicrophone implements AudioSource, AudioInputs {
  readonly captures: FakeCapture[] = [];
  /** How often somebody has tried to open it. */
  openings = 0;
  /** Why it does not open. */
  problem: Error | undefined;

  /** @param endsAtStop whether a capture ends when it is stopped; else the test ends it, as recorders go on for a moment */
  constructor(private readonly endsAtStop = false) {}

  source(): AudioSource {
    return this;
  }

  list(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async open(signal: AbortSignal): Promise<FakeCapture> {
    await Promise.resolve();
    signal.throwIfAborted();
    this.openings++;
    if (this.problem) throw this.problem;
    const capture = new FakeCapture(signal, this.endsAtStop);
    this.captures.push(capture);
    return capture;
  }

  /** The capture that was opened last. */
  get last(): FakeCapture {
    const last = this.captures.at(-1);
    if (!last) throw new Error('Nothing was opened.');
    return last;
  }
}

/** What one opening of the microphone gives. */
export class FakeCapture implements Capture {
  readonly events: AsyncIterable<CaptureEvent>;
  isStopped = false;
  private readonly queue = new EventQueue<CaptureEvent>();

  constructor(
    signal: AbortSignal,
    private readonly endsAtStop: boolean,
  ) {
    this.events = this.queue.read();
    signal.addEventListener('abort', () => {
      this.queue.abort(signal.reason as Error);
    });
  }

  hear(samples: Int16Array): void {
    this.queue.push({ kind: 'audio', pcm: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength) });
  }

  tell(event: CaptureEvent): void {
    this.queue.push(event);
  }

  end(error?: Error): void {
    this.queue.close(error);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.endsAtStop) this.end();
    await Promise.resolve();
  }
}

/** Keeps recordings in memory. */
export class FakeRecordingStore implements RecordingStore {
  readonly removed: string[] = [];

  async create(_folder: string, name: string): Promise<RecordingWriter> {
    await Promise.resolve();
    return new FakeRecordingWriter(name);
  }

  /** Goes on with a recording of a second. */
  async reopen({ recording }: UnfinishedRecording): Promise<RecordingWriter> {
    await Promise.resolve();
    return new FakeRecordingWriter(recording.name, SAMPLE_RATE_HZ);
  }

  unfinished(): Promise<readonly UnfinishedRecording[]> {
    return Promise.resolve([]);
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  async remove(file: string): Promise<void> {
    await Promise.resolve();
    this.removed.push(file);
  }
}

/** Keeps a recording in memory. */
export class FakeRecordingWriter implements RecordingWriter {
  readonly roomS = 1000;
  readonly audio = {
    path: 'nowhere.wav',
    dataOffsetBytes: 0,
    samples: (): never => {
      throw new Error('Nobody reads this recording.');
    },
  };
  readonly channels = [this.audio];

  constructor(
    readonly path: string,
    public sampleCount = 0,
    private readonly channelCount = 1,
  ) {}

  /** Why nothing more can be written. */
  problem: Error | undefined;
  private readonly blocks: Int16Array[] = [];

  /** What was appended, the channels side by side. */
  get appended(): Int16Array {
    return Int16Array.from(this.blocks.flatMap((block) => [...block]));
  }

  async append(pcm: Uint8Array): Promise<void> {
    await Promise.resolve();
    if (this.problem) throw this.problem;
    this.blocks.push(bytesToInt16(pcm));
    this.sampleCount += pcm.length / (BYTES_PER_SAMPLE * this.channelCount);
  }

  async finish(): Promise<Recording> {
    await Promise.resolve();
    return { name: this.path, path: this.path, sizeBytes: this.sampleCount * BYTES_PER_SAMPLE, modifiedMs: 0 };
  }
}
