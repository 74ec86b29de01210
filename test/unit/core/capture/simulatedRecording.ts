import { NEVER } from '../../../../src/core/async/never';
import type { CaptureEntry } from '../../../../src/core/capture/captureEntry';
import { LiveRecording, type LiveEvent, type LiveRecordingOptions } from '../../../../src/core/capture/liveRecording';
import { HOLE_SILENCE_S } from '../../../../src/core/capture/trackJoiner';
import { MinutesError } from '../../../../src/core/errors';
import { type FakeMicrophone, FakeRecordingWriter } from '../../../fakes/fakeMicrophone';
import { SimulatedClock } from '../../../fakes/simulatedClock';

/** A tenth of a second. */
export const BLOCK = 1600;
export const GONE = new MinutesError({ code: 'recorderEnded', recorder: 'parec', reason: 'Entity killed', atS: 1 });
export const MISSING = new MinutesError({ code: 'microphoneMissing', reason: 'No such entity' });
export const DEVICE_MISSING = new MinutesError({ code: 'deviceMissing', device: 'usb', reason: 'No such entity' });

type Track = LiveRecordingOptions['tracks'][number];

/** A recording in simulated time. */
export class Recording {
  readonly clock = new SimulatedClock(0);
  readonly writer: FakeRecordingWriter;
  readonly live: LiveRecording;
  readonly told: LiveEvent[] = [];

  constructor(tracks: readonly Track[], sampleCount = 0) {
    this.writer = new FakeRecordingWriter('x', sampleCount, tracks.length);
    this.live = new LiveRecording({ tracks, writer: this.writer, clock: this.clock });
  }

  /** Records while the script runs, until it stops the recording. */
  async run(script: () => Promise<void>): Promise<void> {
    const recording = (async () => {
      for await (const event of this.live.events(NEVER)) this.told.push(event);
    })();
    recording.catch(() => undefined);
    await this.clock.run(Promise.all([recording, script()]).then(() => undefined));
  }

  async pass(ms: number): Promise<void> {
    await this.clock.sleep(ms);
  }

  /** Sound of this value for so long, block by block as it comes. */
  async hear(microphone: FakeMicrophone, value: number, blocks: number): Promise<void> {
    for (let i = 0; i < blocks; i++) {
      await this.pass(100);
      microphone.last.hear(new Int16Array(BLOCK).fill(value));
    }
    await this.pass(1);
  }

  get entries(): CaptureEntry[] {
    return this.told.flatMap((event) => (event.kind === 'entry' ? [event.entry] : []));
  }

  get kinds(): string[] {
    return this.told.flatMap((event) => (event.kind === 'sound' ? [] : [event.kind]));
  }
}

export function meeting(microphone: FakeMicrophone, more: Partial<Track> = {}): Track {
  return { source: microphone, retries: 'onceOpen', ...more };
}

/** The values of an array whose neighbours are equal, and how often each stands there, in blocks. */
export function runs(samples: Int16Array): [value: number, blocks: number][] {
  const found: [number, number][] = [];
  for (const sample of samples) {
    const last = found.at(-1);
    if (last?.[0] === sample) last[1]++;
    else found.push([sample, 1]);
  }
  return found.map(([value, count]) => [value, count / BLOCK]);
}

/** The silence that a hole leaves, in blocks of a tenth of a second. */
export const HOLE: readonly [number, number] = [0, 10 * HOLE_SILENCE_S];
