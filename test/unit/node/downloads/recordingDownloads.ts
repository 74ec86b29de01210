import path from 'node:path';
import fs from 'node:fs/promises';
import { NEVER } from '../../../../src/core/async/never';
import type { DownloadEvent, DownloadWishes } from '../../../../src/core/downloads/recordingDownloads';
import type { Recording } from '../../../../src/core/model';
import {
  WebRecordingDownloads,
  type WebRecordingDownloadsOptions,
} from '../../../../src/node/downloads/webRecordingDownloads';
import { TRANSPORT_TIMEOUTS } from '../../../../src/node/http/transport';
import { UndiciTransport } from '../../../../src/node/http/undiciTransport';
import { FileServer, type FileFaults, type ServedFile } from '../../../fakes/fileServer';
import { HastyClock } from '../models/engineModels';
import { temporaryFolder } from '../temporaryFolder';

/** A tag, so that a download can be continued in another run. */
export const TAGGED = { etag: '"one"' } as const;

/** Bytes that no page has, and that differ at each place. */
export function soundBytes(count: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(count);
  let value = seed;
  for (let at = 0; at < count; at++) {
    value = (Math.imul(value, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = value >>> 16;
  }
  bytes.write('RIFF\0');
  return bytes;
}

/** What the tests of downloads work with. */
export interface RecordingDownloadTests {
  /** Where downloads are kept. */
  readonly storage: () => string;
  readonly serve: (file: Partial<ServedFile>, faults?: FileFaults) => Promise<FileServer>;
  readonly downloads: (changes?: Partial<WebRecordingDownloadsOptions>) => WebRecordingDownloads;
  /** The names below the storage, also those of folders. */
  readonly names: () => Promise<string[]>;
}

/** Servers, downloads and their folder for each test; all end behind it. */
export function recordingDownloads(): RecordingDownloadTests {
  const folder = temporaryFolder();
  const storage = (): string => path.join(folder(), 'downloads');
  const opened: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });
  return {
    storage,
    serve: async (file, faults) => {
      const server = await FileServer.start({ bytes: soundBytes(300_000), ...file }, faults);
      opened.push(() => server.close());
      return server;
    },
    downloads: (changes = {}) => {
      const made = new WebRecordingDownloads({
        folder: storage(),
        version: '1.2.3',
        transport: new UndiciTransport(TRANSPORT_TIMEOUTS),
        clock: new HastyClock(),
        ...changes,
      });
      opened.push(() => made.dispose());
      return made;
    },
    names: async () => (await fs.readdir(storage(), { recursive: true }).catch(() => [])).sort(),
  };
}

/** Reads to the end. */
export async function events(
  downloads: WebRecordingDownloads,
  url: string,
  wishes: DownloadWishes = {},
  signal = NEVER,
): Promise<readonly DownloadEvent[]> {
  const told: DownloadEvent[] = [];
  for await (const event of downloads.fetch(url, wishes, signal)) told.push(event);
  return told;
}

/** Downloads a recording that is wanted whatever its size. */
export async function fetched(downloads: WebRecordingDownloads, url: string, signal = NEVER): Promise<Recording> {
  const last = (await events(downloads, url, {}, signal)).at(-1);
  if (last?.kind !== 'downloaded') throw new Error(`the last event is ${JSON.stringify(last)}`);
  return last.recording;
}
