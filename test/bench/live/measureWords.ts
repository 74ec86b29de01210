import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { NEVER } from '../../../src/core/async/never';
import type { GrowingAudio } from '../../../src/core/audio/growingAudio';
import { EMBEDDED, SAMPLE_RATE_HZ } from '../../../src/core/model';
import type { FileTranscription } from '../../../src/node/speech/fileTranscription';
import type { TimedEvent } from './liveFigures';

const BLOCK_SAMPLES = SAMPLE_RATE_HZ / 10;

/** Samples that are there once they would have been spoken. */
class SpokenInTime implements GrowingAudio {
  /** When the first sample was spoken. */
  startedMs = NaN;

  constructor(private readonly all: Int16Array) {}

  async *samples(fromSample: number, signal: AbortSignal): AsyncGenerator<Int16Array> {
    if (Number.isNaN(this.startedMs)) this.startedMs = performance.now();
    for (let at = fromSample; at < this.all.length; at += BLOCK_SAMPLES) {
      const dueMs = this.startedMs + ((at + BLOCK_SAMPLES) / SAMPLE_RATE_HZ) * 1000;
      await sleep(Math.max(0, dueMs - performance.now()), undefined, { signal });
      yield this.all.slice(at, at + BLOCK_SAMPLES);
    }
  }
}

/** What a session in real time took. */
export interface LiveRun {
  readonly events: readonly TimedEvent[];
  /** The engine's processor time as a share of one core. */
  readonly coreShare: number;
}

/** Has the engine hear samples as they would be spoken. The engine runs already. */
export async function hearInTime(by: FileTranscription, samples: Int16Array): Promise<LiveRun> {
  const audio = new SpokenInTime(samples);
  const events: TimedEvent[] = [];
  const before = processorS(by.engineProcessId);
  for await (const event of by.hearLive(audio, EMBEDDED, { for: 'meeting' }, NEVER)) {
    events.push({ atS: (performance.now() - audio.startedMs) / 1000, event });
  }
  const wallS = (performance.now() - audio.startedMs) / 1000;
  return { events, coreShare: (processorS(by.engineProcessId) - before) / wallS };
}

/** Linux counts a process's time in hundredths of a second; NaN elsewhere. */
function processorS(processId: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${processId ?? 0}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return NaN;
  }
}
