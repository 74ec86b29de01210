import { EventQueue } from '../../src/core/async/eventQueue';
import { BYTES_PER_SAMPLE } from '../../src/core/audio/pcm';
import type { AudioSource, Capture, CaptureEvent } from '../../src/core/capture/audioSource';
import type { RecordingStore, RecordingWriter, UnfinishedRecording } from '../../src/core/capture/recordings';
import type { Recording } from '../../src/core/model';

/** A microphone that hears what the test says, one capture after the other. */
export class FakeMicrophone implements AudioSource {
  readonly captures: FakeCapture[] = [];
  /** Why it does not open. */
  problem: Error | undefined;

  async open(signal: AbortSignal): Promise<FakeCapture> {
    await Promise.resolve();
    if (this.problem) throw this.problem;
    const capture = new FakeCapture(signal);
    this.captures.push(capture);
    return capture;
  }
}

/** Goes on behind a stop until the test ends it, as recorders do for a moment. */
export class FakeCapture implements Capture {
  readonly events: AsyncIterable<CaptureEvent>;
  isStopped = false;
  private readonly queue = new EventQueue<CaptureEvent>();

  constructor(signal: AbortSignal) {
    this.events = this.queue.read();
    signal.addEventListener('abort', () => {
      this.queue.abort(signal.reason as Error);
    });
  }

  hear(samples: Int16Array): void {
    this.queue.push({ kind: 'audio', pcm: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength) });
  }

  end(error?: Error): void {
    this.queue.close(error);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
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

class FakeRecordingWriter implements RecordingWriter {
  readonly roomS = 1000;
  readonly audio = {
    path: 'nowhere.wav',
    dataOffsetBytes: 0,
    samples: (): never => {
      throw new Error('Nobody reads this recording.');
    },
  };
  sampleCount = 0;

  constructor(readonly path: string) {}

  async append(pcm: Uint8Array): Promise<void> {
    await Promise.resolve();
    this.sampleCount += pcm.length / BYTES_PER_SAMPLE;
  }

  async finish(): Promise<Recording> {
    await Promise.resolve();
    return { name: this.path, path: this.path, sizeBytes: this.sampleCount * BYTES_PER_SAMPLE, modifiedMs: 0 };
  }
}
