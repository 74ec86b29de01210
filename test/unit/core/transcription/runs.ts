import { assert } from 'chai';
import { NEVER } from '../../../../src/core/async/never';
import { planChunks } from '../../../../src/core/audio/planChunks';
import type { Chunk, PreparedAudio, Recording } from '../../../../src/core/model';
import type { AnsweredEntry } from '../../../../src/core/transcript/logEntries';
import type { TranscriptLog } from '../../../../src/core/transcript/transcriptLog';
import { transcribe, type PipelinePorts } from '../../../../src/core/transcription/pipeline';
import type { TranscriptionEvent, TranscriptionOptions } from '../../../../src/core/transcription/fileTranscriber';
import { silence, speech, synthesize } from '../audio/syntheticSpeech';
import { readAll, type Reading } from '../expectations';
import { FakeLog, FakePreparer, FakeSampleReader, FakeTranscriber, optionsOf } from '../fakes';

/** What every run is about. */
export const RECORDING: Recording = { name: 'standup.wav', path: 'standup.wav', sizeBytes: 1000, modifiedMs: 0 };
/** Three stretches of speech with long silences between: three pieces. */
export const { samples: SAMPLES } = synthesize(speech(2), silence(5), speech(2), silence(5), speech(2), silence(1));
/** How long {@link SAMPLES} are. */
export const TOTAL_S = 17;

/** The pieces of {@link SAMPLES}. */
export async function plannedChunks(): Promise<readonly Chunk[]> {
  const read = new FakeSampleReader(SAMPLES).read(preparedAudio(SAMPLES), NEVER);
  const { values: chunks } = await readAll(planChunks(read));
  assert.lengthOf(chunks, 3);
  return chunks;
}

/** A run of the pipeline over {@link SAMPLES}, with these parts in place of the usual. */
export function start(
  ports: Partial<PipelinePorts>,
  options: Partial<TranscriptionOptions> = {},
  signal = NEVER,
): AsyncGenerator<TranscriptionEvent> {
  const all: PipelinePorts = {
    preparer: new FakePreparer(preparedAudio(SAMPLES)),
    samples: new FakeSampleReader(SAMPLES),
    transcriber: new FakeTranscriber(),
    log: new FakeLog().log,
    ...ports,
  };
  return transcribe(RECORDING, all, optionsOf(options), signal);
}

/** What a run told, and what its log says afterwards. */
export interface Run extends Reading<TranscriptionEvent> {
  readonly log: TranscriptLog;
  /** The sentences of the transcript. */
  readonly texts: readonly string[];
}

/** The same, read to its end. */
export async function run(ports: Partial<PipelinePorts>, options: Partial<TranscriptionOptions> = {}): Promise<Run> {
  const { log = new FakeLog().log } = ports;
  const reading = await readAll(start({ ...ports, log }, options));
  return { ...reading, log, texts: await textsIn(log) };
}

/** These samples, as if they were prepared. */
export function preparedAudio(samples: Int16Array): PreparedAudio {
  return { path: 'prepared.pcm', dataOffsetBytes: 0, sampleCount: samples.length, remarks: [] };
}

/** An answer that an earlier run wrote down. */
export function logged(chunk: Chunk | undefined, text: string): AnsweredEntry {
  if (!chunk) assert.fail('there is no such chunk');
  return { kind: 'answered', track: 0, ...chunk, model: 'default', text, segments: [], words: [] };
}

/** The pieces that a run told of. */
export function transcribedIn(events: readonly TranscriptionEvent[]): (TranscriptionEvent & { kind: 'transcribed' })[] {
  return events.filter((event) => event.kind === 'transcribed');
}

/** The sentences of the transcript so far. */
export async function textsIn(log: TranscriptLog): Promise<string[]> {
  return (await log.transcript()).segments.map(({ text }) => text);
}
