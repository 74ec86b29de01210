/**
 * The values that pass through Minutes, one per stage of the pipeline and in its order. All are readonly; a stage makes new ones.
 *
 * Units: positions in audio are whole samples at {@link SAMPLE_RATE_HZ}, ranges are `[start, end)`, times in a transcript are
 * seconds from the recording's start.
 */

/**
 * The rate of all prepared audio. Whisper was trained on 16 kHz mono, and endpoints convert all other audio to it, so nothing is lost
 * by sending this rate.
 */
export const SAMPLE_RATE_HZ = 16_000;

/** A finished recording on this machine's disk, in whatever format it came. */
export interface Recording {
  /** The file's name with its ending, as the user knows it. */
  readonly name: string;
  /** Absolute path of the file. For a file of a virtual workspace it is the path of our copy. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Last change, milliseconds since 1970. It stands for the meeting's date, since every file has it. */
  readonly modifiedMs: number;
}

/** One of the channels whose samples lie side by side in a file. */
export interface ChannelPlace {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** 16 kHz signed 16-bit little-endian samples in a file, ready to be read in ranges. */
export interface PreparedAudio {
  readonly path: string;
  /** Which channel of the file it is; absent: the file is mono. */
  readonly channel?: ChannelPlace;
  /** Where the first sample lies in the file. */
  readonly dataOffsetBytes: number;
  readonly sampleCount: number;
  readonly remarks: readonly AudioRemark[];
  /** When the recording began, as the file itself tells: milliseconds since 1970. Absent where it does not. */
  readonly recordedMs?: number;
}

/** Something about a recording's audio that the reader of its text should know. */
export type AudioRemark =
  /**
   * `truncated`: the file ends before its own header says. `damaged`: stretches could not be decoded; they are silent here, so that the
   * times behind them are right. `clockIgnored`: the file's own times are absurd, and times count the audio alone. `channelTaken`: the
   * channels cancel each other out, and the louder one was taken.
   */
  | { readonly kind: 'truncated' | 'damaged' | 'clockIgnored' | 'channelTaken' }
  /** All audio tracks of the file were mixed into one. */
  | { readonly kind: 'tracksMixed'; readonly trackCount: number };

/** A range of the prepared audio that one request carries. */
export interface Chunk {
  readonly startSample: number;
  readonly endSample: number;
}

/** A container that endpoints know, recognised by its first bytes. */
export interface MediaType {
  /** Without a dot. Endpoints judge by the name's ending alone. */
  readonly ending: 'flac' | 'mp3' | 'mp4' | 'm4a' | 'ogg' | 'wav' | 'webm';
  readonly contentType: string;
}

/** A request's audio: a range of prepared audio, an unchanged file on disk, or an address that the endpoint fetches itself. */
export type RequestAudio =
  | { readonly kind: 'chunk'; readonly audio: PreparedAudio; readonly chunk: Chunk }
  | ({ readonly kind: 'file' } & FileAudio)
  | { readonly kind: 'url'; readonly url: string };

/** A file that endpoints take unchanged. */
export interface FileAudio {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mediaType: MediaType;
}

/** `translate`: into English, the only language that endpoints translate to. */
export type SpeechTask = 'transcribe' | 'translate';

/** How Chinese is written. */
export type ChineseScript = 'simplified' | 'traditional';

/** `auto`: the script that occurs first in a note is used for the whole note. */
export type ChineseScriptChoice = 'auto' | ChineseScript;

/** Every choice, the default first. */
export const CHINESE_SCRIPT_CHOICES: readonly ChineseScriptChoice[] = ['auto', 'simplified', 'traditional'];

/** What the user does with the text. Each job may have its own model. Files count as meetings. */
export type SpeechJob = 'dictation' | 'meeting' | 'translation';

/** The engine that comes with Minutes, on this machine: an endpoint that is no server and has no host. */
export interface EmbeddedEndpoint {
  readonly kind: 'embedded';
}

/** Who was asked: a server's host as the user is shown it, or the embedded engine. */
export type Host = string | EmbeddedEndpoint;

/** The embedded engine, as an endpoint. */
export const EMBEDDED: EmbeddedEndpoint = { kind: 'embedded' };

/** The task of the requests for a job. */
export function taskOf(job: SpeechJob): SpeechTask {
  return job === 'translation' ? 'translate' : 'transcribe';
}

/** Every job, in the order in which they are offered. */
export const SPEECH_JOBS: readonly SpeechJob[] = ['dictation', 'meeting', 'translation'];

/** Words that may be said: as one text, and as the terms that the text was written from, the most important last. */
export interface RequestPrompt {
  readonly text: string;
  readonly terms: readonly string[];
}

/** Everything that one request says. */
export interface TranscriptionRequest {
  readonly audio: RequestAudio;
  readonly task: SpeechTask;
  /** As the endpoint calls it. */
  readonly model: string;
  /** The language spoken, ISO-639-1; absent: the endpoint finds out. */
  readonly language?: string;
  readonly prompt?: RequestPrompt;
  /** In [0, 1]. 0 takes the likeliest word; higher values pick more at random. */
  readonly temperature?: number;
  /** The user waits for the text at a cursor: the embedded engine does this request before all others. */
  readonly isUrgent?: boolean;
  /** The audio is part of a recording that still grows: the embedded engine does this request before those of files. */
  readonly isLive?: boolean;
}

/** A stretch of text with its time. Times count from the start of whatever holds the segment: a chunk's answer, or the transcript. */
export interface Segment {
  readonly startS: number;
  readonly endS: number;
  readonly text: string;
  /** Mean natural logarithm of the tokens' probability; near 0 is confident. Absent where the endpoint gives none. */
  readonly averageLogProbability?: number;
  /** Bytes of text over bytes of its deflated form; above 2.4 the text repeats itself. */
  readonly compressionRatio?: number;
  /** Probability that there was no speech. Always 0 from some models: see the endpoint's notes before trusting it. */
  readonly noSpeechProbability?: number;
}

/** One word with its time, counted as in {@link Segment}. */
export interface Word {
  readonly startS: number;
  readonly endS: number;
  readonly text: string;
  /** In [0, 1]. Absent where the endpoint gives none. */
  readonly probability?: number;
}

/** A stretch in which somebody spoke but a second hearing found no words either. Times count as in {@link Segment}. */
export interface UnheardStretch {
  readonly startS: number;
  readonly endS: number;
}

/** What an endpoint answered, parsed: its own times, its own text. */
export interface ParsedResponse {
  readonly text: string;
  /** ISO-639-1, or the endpoint's word for it in lower case where that is unknown. */
  readonly language?: string;
  /** The audio's length as the endpoint tells it. */
  readonly durationS?: number;
  /** As in {@link Segment}; set where the endpoint tells it only for the whole text. */
  readonly averageLogProbability?: number;
  readonly segments: readonly Segment[];
  readonly words: readonly Word[];
  /** Absent where there is no such stretch, or the endpoint does not tell. */
  readonly unheard?: readonly UnheardStretch[];
}

/** An answer, and who gave it. */
export interface Answer extends ParsedResponse {
  /** The model that wrote it, as the endpoint calls it. */
  readonly model: string;
}

/** The answer for one chunk. Times still count from the chunk's start. */
export interface ChunkTranscription extends Answer {
  readonly chunk: Chunk;
}

/** A segment of the transcript, with its words. Times count from the recording's start. */
export interface TranscriptSegment extends Segment {
  /** The same in every fold of the same log, and after gaps are filled. */
  readonly id: string;
  /** The source of the audio: 0 for a file or a single microphone. */
  readonly track: number;
  readonly words: readonly Word[];
  /** The speaker's id, where one is known. */
  readonly speaker?: string;
  /** The text as it was heard, where somebody corrected it. */
  readonly heard?: string;
}

/**
 * A stretch of the recording whose text is missing. `failed`: no answer could be had for it. `unheard`: somebody spoke there, but the
 * engine found no words.
 */
export interface Gap {
  readonly kind: 'failed' | 'unheard';
  readonly id: string;
  readonly track: number;
  /** What to ask for, to fill the gap. */
  readonly chunk: Chunk;
  readonly startS: number;
  readonly endS: number;
  /** The problem's code, for a failed chunk. */
  readonly code?: string;
}

/** Who wrote text: the embedded engine where there is no host. */
export interface Writer {
  readonly host?: string;
  readonly model: string;
}

/** What a log amounts to. Times count from the recording's start and rise. */
export interface Transcript {
  readonly segments: readonly TranscriptSegment[];
  /** In order of time. */
  readonly gaps: readonly Gap[];
  /** The language spoken, as in {@link ParsedResponse}. A translation's text is English, whatever was spoken. */
  readonly language?: string;
  /** Those who wrote it, each once, in order of appearance. */
  readonly writers: readonly Writer[];
}

/** A note as text, ready to be written to a file. */
export interface RenderedNote {
  readonly markdown: string;
}

/** A change of a document as a value: a text replaces a number of UTF-16 units at an offset. The shell applies it. */
export interface NoteEdit {
  readonly offset: number;
  readonly removedLength: number;
  readonly text: string;
}
