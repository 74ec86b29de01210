import { setImmediate as turn } from 'node:timers/promises';
import { NEVER } from '../../../src/core/async/never';
import { samplesToSeconds } from '../../../src/core/audio/pcm';
import { parseResponse } from '../../../src/core/endpoints/parseResponse';
import { EMBEDDED, SAMPLE_RATE_HZ } from '../../../src/core/model';
import type { SessionEvent } from '../../../src/core/sessionProtocol';
import type { LiveWordsEvent } from '../../../src/core/transcription/liveWords';
import { JobQueue } from '../../../src/engine/api/jobQueue';
import type { Recogniser } from '../../../src/engine/api/recogniser';
import { LiveSession } from '../../../src/engine/session/liveSession';
import { draft } from '../../../src/engine/whisper/hearing/draft';
import { transcribe } from '../../../src/engine/whisper/hearing/transcribe';
import type { LoadedModel } from '../../../src/engine/whisper/network/loadedModel';
import type { TimedEvent } from './liveFigures';

/** What a simulated session took. */
export interface SimulatedRun {
  readonly events: readonly TimedEvent[];
  readonly draftS: readonly number[];
  /** Time in which the model computed. */
  readonly busyS: number;
}

/** How much quicker two threads are than one, on a machine that does nothing else. */
const SPEED_OF_TWO = 1.7;
const BLOCK_SAMPLES = SAMPLE_RATE_HZ / 10;
const STEP_MS = 20;

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

/**
 * A session in this process on a clock that stands still while the model computes, and then goes on by the processor's time over
 * {@link SPEED_OF_TWO}. So it tells of a quiet machine also where others are busy.
 */
export async function simulateSession(
  model: LoadedModel,
  samples: Int16Array,
  language: string | undefined,
): Promise<SimulatedRun> {
  const events: TimedEvent[] = [];
  const draftS: number[] = [];
  let [nowMs, pushed, busyS, isBusy] = [0, 0, 0, false];
  let sleepers: readonly Sleeper[] = [];
  const advance = (ms: number): void => {
    nowMs += ms;
    const spoken = Math.floor((nowMs * SAMPLE_RATE_HZ) / 1000 / BLOCK_SAMPLES) * BLOCK_SAMPLES;
    if (spoken > pushed) session.push(samples.slice(pushed, spoken));
    pushed = Math.max(pushed, spoken);
    const due = sleepers.filter(({ untilMs }) => untilMs <= nowMs);
    sleepers = sleepers.filter(({ untilMs }) => untilMs > nowMs);
    for (const { wake } of due) wake();
  };
  const timed = async <Result>(work: () => Promise<Result>): Promise<readonly [Result, number]> => {
    isBusy = true;
    const began = process.cpuUsage();
    const result = await work();
    const { user, system } = process.cpuUsage(began);
    const ms = (user + system) / 1000 / SPEED_OF_TWO;
    busyS += ms / 1000;
    advance(ms);
    isBusy = false;
    return [result, ms / 1000];
  };
  const recogniser: Recogniser = {
    modelId: 'simulated',
    languages: [],
    canTranslate: false,
    recognise: async (job) => (await timed(() => transcribe(model, job, () => undefined)))[0],
    draft: async (job) => {
      const [result, tookS] = await timed(() => draft(model, job, () => undefined));
      draftS.push(tookS);
      return result;
    },
  };
  const clock = {
    nowMs: () => nowMs,
    sleep: (ms: number, signal: AbortSignal) =>
      new Promise<void>((wake, reject) => {
        const sleeper = { untilMs: nowMs + ms, wake };
        sleepers = [...sleepers, sleeper];
        signal.addEventListener('abort', () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal.reason as Error);
        });
      }),
  };
  const say = (event: SessionEvent): void => {
    const told = liveEventOf(event);
    if (told) events.push({ atS: nowMs / 1000, event: told });
  };
  const begin = { kind: 'begin', purpose: 'meeting', ...(language === undefined ? {} : { language }) } as const;
  const session = new LiveSession({ recogniser, queue: new JobQueue(), say, clock }, begin);
  const running = session.run(() => undefined, NEVER);
  while (pushed + BLOCK_SAMPLES <= samples.length) {
    await turn();
    if (!isBusy) advance(STEP_MS);
  }
  session.end();
  await running;
  return { events, draftS, busyS };
}

function liveEventOf(event: SessionEvent): LiveWordsEvent | undefined {
  if (event.kind === 'words' || event.kind === 'pace') return event;
  if (event.kind !== 'utterance') return undefined;
  const { startSample, endSample } = event;
  const answer = { ...parseResponse(JSON.stringify(event.answer), EMBEDDED), model: 'simulated' };
  const [startS, endS] = [samplesToSeconds(startSample), samplesToSeconds(endSample)];
  return { kind: 'utterance', startS, endS, chunk: { startSample, endSample }, answer };
}
