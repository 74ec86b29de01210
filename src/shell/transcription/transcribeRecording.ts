import { defined } from '../../core/async/defined';
import type { GrowingFile } from '../../core/audio/growingAudio';
import type { AudioRemark, Gap, Recording, SpeechJob, Transcript } from '../../core/model';
import type {
  FileTranscriber,
  RunPlan,
  TranscriptionEvent,
  TranscriptionWishes,
} from '../../core/transcription/fileTranscriber';
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
  readonly remarks: readonly AudioRemark[];
  /** Why the transcription ended before the recording does. */
  readonly failure?: unknown;
}

/** What a run tells besides its text. */
type Progress = Omit<TranscriptionRun, 'transcript' | 'failure'>;

/** One run as its caller wants it. */
export interface RunWishes {
  readonly endpoint: Endpoint;
  readonly job: SpeechJob;
  /** Gets the text. */
  readonly log: TranscriptLog;
  readonly signal: AbortSignal;
  /** Called with every event, for progress. */
  readonly onEvent?: (event: TranscriptionEvent) => void;
  /** Asked before anything is sent. Where it says no, the run ends as if it were aborted. */
  readonly mayBegin?: (plan: RunPlan) => Promise<boolean>;
  /** Whether `mayBegin` need not be asked for a recording of so many seconds, and requests are sent while it is still being cut. */
  readonly sendsEarly?: (lengthS: number) => boolean;
}

/**
 * Transcribes a recording with the settings in force for the job; its text goes into the log. Never throws: a failure is part of the
 * result, with the text before it.
 */
export async function transcribeRecording(
  source: Recording | AudioAddress,
  run: RunWishes,
  dependencies: TranscribeRecordingDependencies,
): Promise<TranscriptionRun> {
  const { endpoint, log, signal } = run;
  return runToEnd(run, dependencies, (transcriber, wishes) =>
    'url' in source
      ? transcriber.transcribeUrl(source.url, endpoint, wishes, log, signal)
      : transcriber.transcribeFile(source, endpoint, wishes, log, signal),
  );
}

/**
 * Transcribes a recording while it grows, as {@link transcribeRecording} does for a finished one.
 *
 * @param channels of one file; each is a track of its own
 * @param name the recording's file name
 */
export async function transcribeGrowing(
  channels: readonly GrowingFile[],
  name: string,
  run: RunWishes,
  dependencies: TranscribeRecordingDependencies,
): Promise<TranscriptionRun> {
  const { endpoint, log, signal } = run;
  return runToEnd(run, dependencies, (transcriber, wishes) =>
    transcriber.transcribeGrowing(channels, name, endpoint, wishes, log, signal),
  );
}

/** Asks again for the audio of gaps, as {@link transcribeRecording} does for a whole recording. */
export async function transcribeGaps(
  recording: Recording,
  gaps: readonly Gap[],
  run: RunWishes,
  dependencies: TranscribeRecordingDependencies,
): Promise<TranscriptionRun> {
  const { endpoint, log, signal } = run;
  return runToEnd(run, dependencies, (transcriber, wishes) =>
    transcriber.retryGaps(recording, gaps, endpoint, wishes, log, signal),
  );
}

async function runToEnd(
  { job, log, signal, onEvent, mayBegin, sendsEarly }: RunWishes,
  { loadTranscriber, vocabulary }: TranscribeRecordingDependencies,
  begin: (transcriber: FileTranscriber, wishes: TranscriptionWishes) => AsyncIterable<TranscriptionEvent>,
): Promise<TranscriptionRun> {
  let progress: Progress = { doneS: 0, totalS: 0, remarks: [] };
  try {
    const transcriber = await loadTranscriber();
    const wishes = await withPrompt(wishesInForce(job), vocabulary, log.opened.recording.name, signal);
    for await (const event of begin(transcriber, defined({ ...wishes, sendsEarly }))) {
      progress = after(progress, event);
      onEvent?.(event);
      if (event.kind === 'planned' && (await mayBegin?.(event.plan)) === false)
        throw new DOMException('The user does not want it.', 'AbortError');
    }
    return { ...progress, transcript: await log.transcript() };
  } catch (failure) {
    return { ...progress, transcript: await log.transcript(), failure };
  }
}

function after(progress: Progress, event: TranscriptionEvent): Progress {
  switch (event.kind) {
    case 'preparing':
    case 'planned':
    case 'uncut':
    case 'waiting':
    case 'asking':
    case 'words':
    case 'finished':
      return progress;
    case 'prepared':
      return { ...progress, totalS: event.totalS, remarks: event.remarks };
    case 'transcribed':
      return { ...progress, doneS: event.doneS, totalS: event.totalS };
  }
}
