import type { Recording, SpeechJob, Transcript } from '../../core/model';
import type { FileTranscriber, TranscriptionEvent } from '../../core/transcription/fileTranscriber';
import type { VocabularySource } from '../../core/vocabulary/vocabularySource';
import type { Endpoint } from '../../core/endpoints/endpoint';
import { EMPTY_TRANSCRIPT } from '../../core/transcript/appendChunk';
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

const NOTHING: TranscriptionRun = { transcript: EMPTY_TRANSCRIPT, doneS: 0, totalS: 0, isTruncated: false };

/**
 * Transcribes a recording with the settings in force for the job. Never throws: a failure is part of the result, with the text before it.
 *
 * @param onEvent called with every event, for progress
 */
export async function transcribeRecording(
  source: Recording | AudioAddress,
  endpoint: Endpoint,
  job: SpeechJob,
  { loadTranscriber, vocabulary }: TranscribeRecordingDependencies,
  signal: AbortSignal,
  onEvent: (event: TranscriptionEvent) => void = () => undefined,
): Promise<TranscriptionRun> {
  let run = NOTHING;
  try {
    const transcriber = await loadTranscriber();
    const wishes = await withPrompt(wishesInForce(job), vocabulary, signal);
    const events =
      'url' in source
        ? transcriber.transcribeUrl(source.url, endpoint, wishes, signal)
        : transcriber.transcribeFile(source, endpoint, wishes, signal);
    for await (const event of events) {
      run = after(run, event);
      onEvent(event);
    }
    return run;
  } catch (failure) {
    return { ...run, failure };
  }
}

function after(run: TranscriptionRun, event: TranscriptionEvent): TranscriptionRun {
  switch (event.kind) {
    case 'preparing':
    case 'uncut':
    case 'waiting':
    case 'asking':
      return run;
    case 'prepared':
      return { ...run, totalS: event.totalS, isTruncated: event.isTruncated };
    case 'transcribed':
      return { ...run, doneS: event.doneS, totalS: event.totalS, transcript: event.transcript };
    case 'finished':
      return { ...run, transcript: event.transcript };
  }
}
