import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { MinutesError } from '../core/errors';
import type { Recording } from '../core/model';
import { transcribe } from '../core/pipeline';
import type { FileTranscriber, TranscriptionEvent, TranscriptionOptions } from '../core/ports';
import type { Endpoint } from '../core/speech/endpoint';
import { FileAudioPreparer } from './audioPreparer';
import { FileChunkJournal } from './chunkJournal';
import { findEngineFiles } from './engineFiles';
import { toMinutesError } from './fileProblems';
import { FileSampleReader } from './fileSampleReader';
import { findProgram } from './findProgram';
import { openRecording } from './openRecording';
import { LocalEngine } from './localEngine';
import { RunFolders } from './runFolders';
import { UndiciTranscriber, type OpenEndpoint } from './undiciTranscriber';

export interface FileTranscriptionOptions {
  /** Where the extension lies: the engine's parts are below it. */
  readonly extensionFolder: string;
  /** A folder of our own for temporary files, journals and the engine's models. */
  readonly storageFolder: string;
  readonly version: string;
  readonly readKey: (baseUrl: string) => Promise<string | undefined>;
  /** The user's own model for the embedded engine. */
  readonly modelPath: () => string | undefined;
}

/** The whole way from a file to its transcript, with real parts. Loads undici: import this on first use only. */
export class FileTranscription implements FileTranscriber {
  private readonly engine: LocalEngine;
  private readonly transcribers = new Set<UndiciTranscriber>();
  private readonly folders: RunFolders;
  /** The journal of each recording's last run. */
  private readonly journals = new WeakMap<Recording, FileChunkJournal>();

  constructor(private readonly options: FileTranscriptionOptions) {
    this.engine = new LocalEngine({ cacheFolder: path.join(options.storageFolder, 'engine-models') });
    this.folders = new RunFolders(path.join(options.storageFolder, 'prepared'));
  }

  open(file: string, name: string): Promise<Recording> {
    return openRecording(file, name);
  }

  async *transcribeFile(
    recording: Recording,
    endpoint: Endpoint,
    options: TranscriptionOptions,
    signal: AbortSignal,
  ): AsyncGenerator<TranscriptionEvent> {
    // First of all: a missing key or engine should be told before an hour of audio is decoded.
    const openEndpoint = await this.endpointOpener(endpoint);
    const journal = this.journal(recording, endpoint, options);
    this.journals.set(recording, journal);
    const folder = await this.folders.next();
    const transcriber = new UndiciTranscriber({
      open: openEndpoint,
      userAgent: `Minutes/${this.options.version}`,
    });
    this.transcribers.add(transcriber);
    try {
      yield* transcribe(
        recording,
        {
          preparer: new FileAudioPreparer(folder, () => findProgram('ffmpeg')),
          samples: new FileSampleReader(),
          transcriber,
          journal,
        },
        options,
        signal,
      );
    } catch (error) {
      throw toMinutesError(error, this.options.storageFolder);
    } finally {
      this.transcribers.delete(transcriber);
      await transcriber.dispose();
      await fs.rm(folder, { recursive: true, force: true });
    }
  }

  async forget(recording: Recording): Promise<void> {
    await this.journals.get(recording)?.remove();
  }

  /** The embedded engine's process while it runs, for those who measure it. */
  get engineProcessId(): number | undefined {
    return this.engine.processId;
  }

  /** Ends the engine and every request. */
  async dispose(): Promise<void> {
    this.engine.dispose();
    await Promise.all([...this.transcribers].map((transcriber) => transcriber.dispose()));
  }

  /** What opens the endpoint for each request of one run: files and key are the same from its first to its last. */
  private async endpointOpener(endpoint: Endpoint): Promise<(signal: AbortSignal) => Promise<OpenEndpoint>> {
    if (endpoint.kind === 'embedded') {
      const files = findEngineFiles(this.options.extensionFolder, this.options.modelPath());
      return async (signal) => {
        const { baseUrl, token, model, release } = await this.engine.lease(files, signal);
        return {
          ...{ baseUrl, host: 'embedded', defaultModel: model, key: token, release },
          unreachable: (reason) => new MinutesError({ code: 'engineFailed', reason }),
        };
      };
    }
    const { baseUrl, host, defaultModel } = endpoint;
    const key = await this.options.readKey(baseUrl);
    if (key === undefined && endpoint.requiresKey) throw new MinutesError({ code: 'keyMissing', host });
    const opened: OpenEndpoint = {
      ...{ baseUrl, host, defaultModel, release: () => undefined },
      ...(key === undefined ? {} : { key }),
      unreachable: (reason) => new MinutesError({ code: 'endpointUnreachable', host, reason }),
    };
    return () => Promise.resolve(opened);
  }

  /** Same file, same endpoint, same wishes: the same journal, whatever the words of the workspace are by then. */
  private journal(
    recording: Recording,
    endpoint: Endpoint,
    { model, language }: TranscriptionOptions,
  ): FileChunkJournal {
    const asked = endpoint.kind === 'embedded' ? ['embedded', this.options.modelPath()] : [endpoint.baseUrl];
    const { path: file, sizeBytes, modifiedMs } = recording;
    const run = createHash('sha256').update(JSON.stringify([file, sizeBytes, modifiedMs, asked, { model, language }]));
    return new FileChunkJournal(
      path.join(this.options.storageFolder, 'journal', `${run.digest('hex').slice(0, 32)}.jsonl`),
    );
  }
}
