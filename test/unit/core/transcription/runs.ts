import { assert } from 'chai';
import { defined } from '../../../../src/core/async/defined';
import { NEVER } from '../../../../src/core/async/never';
import { planChunks } from '../../../../src/core/audio/planChunks';
import type {
  Chunk,
  ChunkTranscription,
  PreparedAudio,
  Recording,
  Segment,
  UnheardStretch,
} from '../../../../src/core/model';
import type { TranscriptLog } from '../../../../src/core/transcript/transcriptLog';
import { transcribe, type PipelinePorts } from '../../../../src/core/transcription/pipeline';
import type { TranscriptionEvent, TranscriptionOptions } from '../../../../src/core/transcription/fileTranscriber';
import { silence, speech, synthesize } from '../audio/syntheticSpeech';
import { readAll } from '../expectations';
import { without } from '../without';
import { FakeJournal, FakePreparer, FakeSampleReader, FakeTranscriber, optionsOf } from '../fakes';

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
  { journal = new FakeJournal(), ...ports }: RunParts,
  options: Partial<TranscriptionOptions> = {},
  signal = NEVER,
): AsyncGenerator<ToldEvent> {
  const all: PipelinePorts = {
    preparer: new FakePreparer(preparedAudio(SAMPLES)),
    samples: new FakeSampleReader(SAMPLES),
    transcriber: new FakeTranscriber(),
    log: journal.log,
    ...ports,
  };
  return withTranscript(transcribe(RECORDING, all, optionsOf(options), signal), journal.log);
}

/** The parts of a run that differ from the usual. */
export type RunParts = Partial<Omit<PipelinePorts, 'log'>> & { readonly journal?: FakeJournal };

/** What the log amounts to, without the ids. */
export interface ToldTranscript {
  readonly segments: readonly Segment[];
  readonly models: readonly string[];
  readonly language?: string;
  readonly unheard?: readonly UnheardStretch[];
}

/** An event, with what the log amounts to at that moment, up to where the event says that all is there. */
export type ToldEvent =
  | Exclude<TranscriptionEvent, { readonly kind: 'transcribed' | 'finished' }>
  | (Extract<TranscriptionEvent, { readonly kind: 'transcribed' | 'finished' }> & {
      readonly transcript: ToldTranscript;
    });

/** Reads the log at each event. */
export async function* withTranscript(
  events: AsyncIterable<TranscriptionEvent>,
  log: TranscriptLog,
): AsyncGenerator<ToldEvent> {
  for await (const event of events) {
    if (event.kind === 'transcribed') yield { ...event, transcript: await told(log, event.doneS) };
    else if (event.kind === 'finished') yield { ...event, transcript: await told(log, Infinity) };
    else yield event;
  }
}

async function told(log: TranscriptLog, doneS: number): Promise<ToldTranscript> {
  const { segments, gaps, writers, language } = await log.transcript();
  const unheard = gaps.filter(({ kind }) => kind === 'unheard').map(({ startS, endS }) => ({ startS, endS }));
  return defined({
    segments: segments.filter(({ endS }) => endS <= doneS).map((segment) => without(segment, 'id', 'track', 'words')),
    models: writers.map(({ model }) => model),
    language,
    unheard: unheard.length === 0 ? undefined : unheard,
  });
}

/** The same, read to its end. */
export function run(ports: RunParts): ReturnType<typeof readAll<ToldEvent>> {
  return readAll(start(ports));
}

/** These samples, as if they were prepared. */
export function preparedAudio(samples: Int16Array): PreparedAudio {
  return { path: 'prepared.pcm', dataOffsetBytes: 0, sampleCount: samples.length, isTruncated: false };
}

/** What an earlier run wrote down. */
export function journalled(chunk: Chunk | undefined, text: string): ChunkTranscription {
  if (!chunk) assert.fail('there is no such chunk');
  return { chunk, model: 'default', text, segments: [], words: [] };
}

/** The pieces that a run told of. */
export function transcribedIn(events: readonly ToldEvent[]): (ToldEvent & { kind: 'transcribed' })[] {
  return events.filter((event) => event.kind === 'transcribed');
}

/** The sentences of the last piece's transcript. */
export function lastTexts(events: readonly ToldEvent[]): string[] | undefined {
  return transcribedIn(events)
    .at(-1)
    ?.transcript.segments.map(({ text }) => text);
}
