import type { GrowingFile } from '../../core/audio/growingAudio';
import type { Gap, Recording, SpeechJob, Transcript } from '../../core/model';
import type { FileTranscriber, TranscriptionEvent } from '../../core/transcription/fileTranscriber';
import type { VocabularySource } from '../../core/vocabulary/vocabularySource';
import type { Endpoint } from '../../core/endpoints/endpoint';
import type { TranscriptLog } from '../../core/transcript/transcriptLog';
import { withPrompt } from './requestPrompt';
import { wishesInForce } from '../contributed/settings';

/** What is needed to turn a recording into text. The network code is loaded with the transcriber, on its first use. */
export interface TranscribeRecordingDependencies {
  readonly loadTranscriber: () => Promise<FileTranscriber>;
  readonly vocabulary: VocabularySource;
}

/** The job for a recording that was not dictated. */
export type FileJob = Exclude<SpeechJob, 'dictation'>;

/** Audio that the endpoint fetches itself. */
export interface AudioAddress {
  readonly url: string;
}

/** How far a transcription came. */
export interface TranscriptionRun {
  readonly transcript: Transcript;
  readonly doneS: number;
  readonly totalS: number;
  readonly isTruncated: boolean;
  /** Why the transcription ended before the recording does. */
  readonly failure?: unknown;
}

/** What a run tells besides its text. */
type Progress = Omit<TranscriptionRun, 'transcript' | 'failure'>;

/**
 * Transcribes a recording with the settings in force for the job; its text goes into the log. Never throws: a failure is part of the
 * result, with the text before it.
 *
 * @param onEvent called with every event, for progress
 */
export async function transcribeRecording(
  source: Recording | AudioAddress,
  endpoint: Endpoint,
  job: SpeechJob,
  { loadTranscriber, vocabulary }: TranscribeRecordingDependencies,
  log: TranscriptLog,
  signal: AbortSignal,
  onEvent: (event: TranscriptionEvent) => void = () => undefined,
): Promise<TranscriptionRun> {
  const start = async (): Promise<AsyncIterable<TranscriptionEvent>> => {
    const transcriber = await loadTranscriber();
    const wishes = await withPrompt(wishesInForce(job), vocabulary, signal);
    return 'url' in source
      ? transcriber.transcribeUrl(source.url, endpoint, wishes, log, signal)
      : transcriber.transcribeFile(source, endpoint, wishes, log, signal);
  };
  return runToEnd(start, log, onEvent);
}

/**
 * Transcribes a recording while it grows, as {@link transcribeRecording} does for a finished one.
 *
 * @param name the recording's file name
 */
export async function transcribeGrowing(
  growing: GrowingFile,
  name: string,
  endpoint: Endpoint,
  job: SpeechJob,
  { loadTranscriber, vocabulary }: TranscribeRecordingDependencies,
  log: TranscriptLog,
  signal: AbortSignal,
  onEvent: (event: TranscriptionEvent) => void,
): Promise<TranscriptionRun> {
  const start = async (): Promise<AsyncIterable<TranscriptionEvent>> => {
    const transcriber = await loadTranscriber();
    const wishes = await withPrompt(wishesInForce(job), vocabulary, signal);
    return transcriber.transcribeGrowing(growing, name, endpoint, wishes, log, signal);
  };
  return runToEnd(start, log, onEvent);
}

/** Asks again for the audio of gaps, as {@link transcribeRecording} does for a whole recording. */
export async function transcribeGaps(
  recording: Recording,
  gaps: readonly Gap[],
  endpoint: Endpoint,
  job: SpeechJob,
  { loadTranscriber, vocabulary }: TranscribeRecordingDependencies,
  log: TranscriptLog,
  signal: AbortSignal,
  onEvent: (event: TranscriptionEvent) => void,
): Promise<TranscriptionRun> {
  const start = async (): Promise<AsyncIterable<TranscriptionEvent>> => {
    const transcriber = await loadTranscriber();
    const wishes = await withPrompt(wishesInForce(job), vocabulary, signal);
    return transcriber.retryGaps(recording, gaps, endpoint, wishes, log, signal);
  };
  return runToEnd(start, log, onEvent);
}

async function runToEnd(
  start: () => Promise<AsyncIterable<TranscriptionEvent>>,
  log: TranscriptLog,
  onEvent: (event: TranscriptionEvent) => void,
): Promise<TranscriptionRun> {
  let progress: Progress = { doneS: 0, totalS: 0, isTruncated: false };
  try {
    for await (const event of await start()) {
      progress = after(progress, event);
      onEvent(event);
    }
    return { ...progress, transcript: await log.transcript() };
  } catch (failure) {
    return { ...progress, transcript: await log.transcript(), failure };
  }
}

function after(progress: Progress, event: TranscriptionEvent): Progress {
  switch (event.kind) {
    case 'preparing':
    case 'uncut':
    case 'waiting':
    case 'asking':
    case 'finished':
      return progress;
    case 'prepared':
      return { ...progress, totalS: event.totalS, isTruncated: event.isTruncated };
    case 'transcribed':
      return { ...progress, doneS: event.doneS, totalS: event.totalS };
  }
}
