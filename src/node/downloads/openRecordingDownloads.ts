import { DOWNLOAD_TIMEOUTS, openTransport, type TransportOptions } from '../http/openTransport';
import { WebRecordingDownloads } from './webRecordingDownloads';

/** What the extension knows of its storage and version. */
export interface RecordingDownloadsOptions extends TransportOptions {
  /** The folder for recordings that are downloaded. */
  readonly folder: string;
  readonly version: string;
}

/** The downloads of recordings with real parts. Loads undici: import this on first use only. */
export function openRecordingDownloads({ folder, version, ...way }: RecordingDownloadsOptions): WebRecordingDownloads {
  return new WebRecordingDownloads({ folder, version, transport: openTransport(way, DOWNLOAD_TIMEOUTS) });
}
