import fs from 'node:fs/promises';
import path from 'node:path';
import { defined } from '../../core/async/defined';
import { MinutesError } from '../../core/errors';
import { taskOf, type Gap, type Recording, EMBEDDED } from '../../core/model';
import type { GrowingAudio, GrowingFile } from '../../core/audio/growingAudio';
import type { TranscriptLog } from '../../core/transcript/transcriptLog';
import { transcribeGrowing, transcribeLive } from '../../core/transcription/growingRuns';
import { retryGaps, transcribe, transcribeUncut, type PipelinePorts } from '../../core/transcription/pipeline';
import type { EndpointProbe } from '../../core/transcription/endpointProbe';
import type {
  FileTranscriber,
  TranscriptionEvent,
  TranscriptionOptions,
  TranscriptionWishes,
} from '../../core/transcription/fileTranscriber';
import type { LiveHearing, LiveWishes, LiveWordsEvent } from '../../core/transcription/liveWords';
import { parseRecordingAddress } from '../../core/downloads/recordingAddress';
import { recordingName } from '../../core/downloads/recordingName';
import { dialect, dialectOf, fetchesUrls, type Dialect } from '../../core/endpoints/dialects';
import { resolveModel, type Endpoint } from '../../core/endpoints/endpoint';
import { canTranslate } from '../../core/endpoints/knownModels';
import { FileAudioPreparer } from '../audio/audioPreparer';
import { findEngineFiles } from '../engine/engineFiles';
import { hearWithEngine } from './hearWithEngine';
import { HttpEndpointProbe } from './httpEndpointProbe';
import { toMinutesError } from '../system/fileProblems';
import { FileSampleReader } from '../audio/fileSampleReader';
import { findAfconvert, findProgram } from '../system/findProgram';
import { openRecording } from '../audio/openRecording';
import { RunFolders } from '../system/runFolders';
import { SpeechClient, type RunTarget, type SpeechClientOptions } from './speechClient';

/** The whole way from a file to its transcript, with real parts. Loads undici: import this on first use only. */
export class FileTranscription implements FileTranscriber, LiveHearing {
  readonly probe: EndpointProbe;
  private readonly client: SpeechClient;
  private readonly folders: RunFolders;

  constructor(private readonly options: SpeechClientOptions) {
    this.client = new SpeechClient(options);
    this.probe = new HttpEndpointProbe(this.client, options.extensionFolder);
    this.folders = new RunFolders(path.join(options.storageFolder, 'prepared'));
    // Copies of the model that came with Minutes up to 0.3.0. If they cannot be deleted, they only take room.
    const formerModels = path.join(options.storageFolder, 'engine-models');
    fs.rm(formerModels, { recursive: true, force: true }).catch(() => undefined);
    // The journals of runs that 0.3.0 did not finish.
    fs.rm(path.join(options.storageFolder, 'journal'), { recursive: true, force: true }).catch(() => undefined);
  }

  open(file: string, name: string): Promise<Recording> {
    return openRecording(file, name);
  }

  async *transcribeFile(
    recording: Recording,
    endpoint: Endpoint,
    wishes: TranscriptionWishes,
    log: TranscriptLog,
    signal: AbortSignal,
  ): AsyncGenerator<TranscriptionEvent> {
    yield* this.work(endpoint, wishes, log, (ports, options) => transcribe(recording, ports, options, signal));
  }

  async *transcribeGrowing(
    channels: readonly GrowingFile[],
    name: string,
    endpoint: Endpoint,
    wishes: TranscriptionWishes,
    log: TranscriptLog,
    signal: AbortSignal,
  ): AsyncGenerator<TranscriptionEvent> {
    const hearLive = (audio: GrowingAudio, fromSample: number, inner: AbortSignal): AsyncIterable<LiveWordsEvent> => {
      const { language, prompt } = wishes;
      const live = { for: 'meeting', language, terms: () => prompt, fromSample } as const;
      return this.hearLive(audio, endpoint, defined(live), inner);
    };
    yield* this.work(endpoint, wishes, log, (ports, options) =>
      endpoint.kind === 'embedded' && options.task === 'transcribe'
        ? transcribeLive(channels, hearLive, name, ports, options, signal)
        : transcribeGrowing(channels, name, ports, options, signal),
    );
  }

  async *hearLive(
    audio: GrowingAudio,
    endpoint: Endpoint,
    wishes: LiveWishes,
    signal: AbortSignal,
  ): AsyncGenerator<LiveWordsEvent> {
    if (endpoint.kind === 'remote') return;
    const { language } = wishes;
    const target = await this.client.target(endpoint, defined({ job: wishes.for, language }));
    if (target.kind === 'remote') return;
    const files = findEngineFiles(this.options.extensionFolder, target.embedded);
    yield* hearWithEngine(this.client.engine, files, audio, wishes, signal);
  }

  async *retryGaps(
    recording: Recording,
    gaps: readonly Gap[],
    endpoint: Endpoint,
    wishes: TranscriptionWishes,
    log: TranscriptLog,
    signal: AbortSignal,
  ): AsyncGenerator<TranscriptionEvent> {
    yield* this.work(endpoint, wishes, log, (ports, options) => retryGaps(recording, gaps, ports, options, signal));
  }

  /** Makes what the pipeline needs, and removes the decoded audio afterwards. */
  private async *work(
    endpoint: Endpoint,
    wishes: TranscriptionWishes,
    log: TranscriptLog,
    pipeline: (ports: PipelinePorts, options: TranscriptionOptions) => AsyncIterable<TranscriptionEvent>,
  ): AsyncGenerator<TranscriptionEvent> {
    // This comes first, so that a missing key or engine is told before an hour of audio is decoded.
    const target = await this.client.target(endpoint, wishes);
    const options = optionsOf(target, wishes);
    if (options.task === 'translate') mustTranslate(target);
    const transcriber = await this.client.transcriber(target);
    const folder = await this.folders.next();
    const { takesFiles } = dialectFor(target);
    const preparer = new FileAudioPreparer(
      folder,
      () => findProgram('ffmpeg'),
      takesFiles,
      () => findAfconvert(),
    );
    try {
      yield* pipeline({ preparer, samples: new FileSampleReader(), transcriber, log }, options);
    } catch (error) {
      throw toMinutesError(error, this.options.storageFolder);
    } finally {
      await fs.rm(folder, { recursive: true, force: true });
    }
  }

  async *transcribeUrl(
    address: string,
    endpoint: Endpoint,
    wishes: TranscriptionWishes,
    log: TranscriptLog,
    signal: AbortSignal,
  ): AsyncGenerator<TranscriptionEvent> {
    const url = parseAudioUrl(address);
    if (endpoint.kind === 'embedded') throw new MinutesError({ code: 'urlUnsupported', host: EMBEDDED });
    const target = await this.client.target(endpoint, wishes);
    const options = optionsOf(target, wishes);
    if (!fetchesUrls(endpoint.provider, target.model))
      throw new MinutesError({ code: 'urlUnsupported', host: endpoint.host });
    if (options.task === 'translate') mustTranslate(target);
    const transcriber = await this.client.transcriber(target);
    const ports = { transcriber, log, samples: new FileSampleReader() };
    yield* transcribeUncut({ kind: 'url', url }, recordingName(url), ports, options, signal);
  }

  /** The number of the embedded engine's process while it runs, for measurements. */
  get engineProcessId(): number | undefined {
    return this.client.engine.processId;
  }

  /** Ends the engine and every request. */
  async dispose(): Promise<void> {
    await this.client.dispose();
  }
}

/** What every request of the run says. */
function optionsOf(
  target: RunTarget,
  { job, language, prompt, temperature, sendsEarly }: TranscriptionWishes,
): TranscriptionOptions {
  const { model, languageModel } = target;
  const host = target.kind === 'remote' ? target.endpoint.host : undefined;
  const isUrgent = job === 'dictation' ? true : undefined;
  const task = taskOf(job);
  return defined({ task, model, languageModel, language, prompt, temperature, isUrgent, host, sendsEarly });
}

/** @throws MinutesError `translationUnsupported`: some models answer a translation with an error, others with a transcription */
function mustTranslate(target: RunTarget): void {
  const { model } = target;
  if (target.kind === 'embedded') {
    if (target.embedded.model.canTranslate) return;
    throw new MinutesError({ code: 'translationUnsupported', host: EMBEDDED, model });
  }
  if (canTranslate(model)) return;
  const { endpoint } = target;
  const usual = resolveModel(endpoint, 'translation');
  const instead = canTranslate(usual) ? usual : undefined;
  throw new MinutesError(defined({ code: 'translationUnsupported', host: endpoint.host, model, instead }));
}

/** The dialect for the endpoint, as far as its name and the model's name tell. */
function dialectFor(target: RunTarget): Dialect {
  return dialect(target.kind === 'embedded' ? 'embedded' : dialectOf(target.endpoint.provider, target.model));
}

/** @throws MinutesError `urlInvalid` for anything but an https address: the endpoint fetches it, over its own network */
function parseAudioUrl(address: string): string {
  const { url } = parseRecordingAddress(address);
  if (!url.startsWith('https:')) throw new MinutesError({ code: 'urlInvalid', url });
  return url;
}
