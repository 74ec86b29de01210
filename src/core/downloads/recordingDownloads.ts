import type { Recording } from '../model';

/** The largest recording that is downloaded: a long evening as a video in full size. More is likely another kind of file, or has no end. */
export const LARGEST_RECORDING_BYTES = 4_000_000_000;

/** What is known of a recording that has not arrived whole. */
export interface DownloadState {
  /** What the recording is called. */
  readonly name: string;
  readonly doneBytes: number;
  /** Absent where the server does not tell. */
  readonly totalBytes?: number;
}

/** What the caller of a download reads while it runs. `left` and `downloaded` are the last. */
export type DownloadEvent =
  | ({ readonly kind: 'downloading' } & DownloadState)
  /** It is larger than the caller wants to have here. What arrived is kept for the case that it is wanted after all. */
  | { readonly kind: 'left' }
  | { readonly kind: 'downloaded'; readonly recording: Recording };

/** What one download is for. */
export interface DownloadWishes {
  /** A larger recording is left where it is. Absent: only {@link LARGEST_RECORDING_BYTES} counts. */
  readonly leaveAboveBytes?: number;
}

/** Brings recordings from the web onto this machine, and keeps them until somebody has dealt with them. */
export interface RecordingDownloads {
  /**
   * Downloads the recording at an address, from where an earlier try ended if there was one. One that is here already is looked for on
   * the server only, and downloaded again where the server has another one by now.
   *
   * @param url https, or http to this machine
   * @throws MinutesError `urlInvalid`, `urlHasPassword`, `recordingUnreachable`, `recordingRefused`, `recordingIsPage`,
   * `recordingTooLarge`, `fileEmpty`, `downloadBroken` (what arrived is kept), `diskFull`, `transcriptBusy`; the signal's reason when aborted
   */
  fetch(url: string, wishes: DownloadWishes, signal: AbortSignal): AsyncIterable<DownloadEvent>;
  /** What is here of an unfinished download. Undefined where nothing is. */
  unfinished(url: string): Promise<DownloadState | undefined>;
  /** Deletes what is here of an address, whole or not. */
  discard(url: string): Promise<void>;
  /** Deletes a recording that was downloaded: its text is safe. */
  remove(recording: Pick<Recording, 'path'>): Promise<void>;
  /** Deletes what nobody asked for again in some days. */
  removeOld(): Promise<void>;
}
