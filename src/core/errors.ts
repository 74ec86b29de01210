import type { Host } from './model';

/** A recording on disk, and the disk. */
export type FileProblem =
  | { readonly code: 'fileEmpty'; readonly file: string }
  | { readonly code: 'fileUnreadable'; readonly file: string; readonly reason: string }
  | { readonly code: 'fileNotOnDisk'; readonly file: string; readonly reason: string }
  | { readonly code: 'notAudio'; readonly file: string; readonly reason: string }
  | { readonly code: 'noAudioTrack'; readonly file: string }
  | { readonly code: 'ffmpegMissing'; readonly file: string }
  | { readonly code: 'noSpeech'; readonly file: string }
  /** Only ffmpeg could cut this file into pieces that an endpoint takes. */
  | { readonly code: 'uncutTooLarge'; readonly file: string; readonly sizeBytes: number; readonly limitBytes: number }
  | { readonly code: 'diskFull'; readonly path: string }
  /** Another window works on the same recording. */
  | { readonly code: 'transcriptBusy'; readonly file: string }
  /** The recording of a note is not where it was, or has changed. */
  | { readonly code: 'recordingGone'; readonly file: string };

/** The microphone, and what is recorded from it. */
export type RecordingProblem =
  /** No program that records is installed. */
  | { readonly code: 'recorderMissing' }
  | { readonly code: 'microphoneMissing'; readonly reason: string }
  /** The device in the settings is not there. `purpose`: what was to be recorded. */
  | {
      readonly code: 'deviceMissing';
      readonly device: string;
      readonly reason: string;
      readonly purpose?: 'dictation' | 'meeting';
    }
  | { readonly code: 'microphoneBusy'; readonly reason: string }
  /** A warning: all samples since the start are zero. The recording goes on. */
  | { readonly code: 'microphoneSilent' }
  /** A warning: no samples arrive any more, not even silence. The recording goes on. */
  | { readonly code: 'microphoneStalled' }
  /** The recorder failed before the first sample. */
  | { readonly code: 'recorderFailed'; readonly recorder: string; readonly reason: string }
  /** The recorder ended by itself, so many seconds after the start. What was recorded until then is kept. */
  | { readonly code: 'recorderEnded'; readonly recorder: string; readonly reason: string; readonly atS: number }
  /** A warning: the microphone is gone after so many seconds, and is tried again. The meeting goes on. */
  | { readonly code: 'microphoneLost'; readonly atS: number }
  /** A warning: the sound server records another device by itself. */
  | { readonly code: 'microphoneMoved'; readonly device: string }
  /** A warning: the device in the settings is gone, and the system's default is recorded in its place. */
  | { readonly code: 'microphoneReplaced'; readonly device: string }
  /** A warning: the machine slept, and nothing was recorded for so long. */
  | { readonly code: 'machineSlept'; readonly forMs: number }
  /** Another window of this machine records: which, what, and since when (milliseconds since 1970). */
  | {
      readonly code: 'alreadyRecording';
      readonly window: string;
      readonly purpose: 'dictation' | 'meeting';
      readonly sinceMs: number;
    }
  | { readonly code: 'recordingUnwritable'; readonly path: string; readonly reason: string };

/** How the audio of a request was sent: as a chunk that was cut here, as a whole file, or as an address. It decides what the user can do. */
export type AudioKind = 'chunk' | 'file' | 'url';

/** An endpoint, and the way there. */
export type EndpointProblem =
  | { readonly code: 'endpointInvalid'; readonly endpoint: string }
  | { readonly code: 'endpointInsecure'; readonly endpoint: string }
  | { readonly code: 'endpointUnreachable'; readonly host: Host; readonly reason: string }
  /** It was reached, and did not answer in time. */
  | { readonly code: 'endpointTimedOut'; readonly host: Host; readonly reason: string }
  | { readonly code: 'certificateUntrusted'; readonly host: Host; readonly reason: string }
  | { readonly code: 'keyMissing'; readonly host: Host }
  | { readonly code: 'keyRejected'; readonly host: Host }
  /** The key that was sent may not do this. */
  | { readonly code: 'forbidden'; readonly host: Host; readonly reason: string }
  /** A firewall before the endpoint dislikes the client, whatever its key. */
  | { readonly code: 'clientBlocked'; readonly host: Host; readonly reason: string }
  /** A page in HTML: something on the way answered in the endpoint's place. */
  | { readonly code: 'proxyAnswered'; readonly host: Host; readonly status: number; readonly reason: string }
  | { readonly code: 'redirected'; readonly host: Host; readonly location: string }
  | { readonly code: 'notFound'; readonly host: Host; readonly model: string; readonly reason: string }
  | { readonly code: 'languageUnsupported'; readonly host: Host; readonly language: string }
  | {
      readonly code: 'translationUnsupported';
      readonly host: Host;
      readonly model: string;
      /** A model of the same endpoint that can. */
      readonly instead?: string;
    }
  | { readonly code: 'urlInvalid'; readonly url: string }
  /** The address holds a user's name or a password. */
  | { readonly code: 'urlHasPassword'; readonly host: string }
  /** The endpoint cannot fetch audio by itself. */
  | { readonly code: 'urlUnsupported'; readonly host: Host }
  | { readonly code: 'fileRefused'; readonly host: Host; readonly reason: string; readonly audioKind?: AudioKind }
  /** A request that cannot be cut smaller any more; that of an address says nothing about the size of what is there. */
  | { readonly code: 'tooLarge'; readonly host: Host; readonly sizeBytes: number; readonly audioKind?: AudioKind }
  /** Told again and again, with waits between. */
  | { readonly code: 'rateLimited'; readonly host: Host; readonly reason: string }
  /** So long a wait that nobody should sit through it. `untilMs`: milliseconds since 1970. */
  | { readonly code: 'paused'; readonly host: Host; readonly untilMs: number; readonly reason: string }
  /** Waiting does not help: the account has no credit left. */
  | { readonly code: 'quotaExhausted'; readonly host: Host; readonly reason: string }
  | { readonly code: 'requestRefused'; readonly host: Host; readonly status: number; readonly reason: string }
  | {
      readonly code: 'endpointFailed';
      readonly host: Host;
      readonly status: number;
      readonly reason: string;
      /** The model that was asked, where the failure gives no reason and may mean that the server does not have this model. */
      readonly model?: string;
    }
  | { readonly code: 'responseUnreadable'; readonly host: Host; readonly reason: string };

/** The engine that comes with Minutes. */
export type EngineProblem =
  | { readonly code: 'engineFilesMissing'; readonly missing: string; readonly looked: string }
  /** No model is here at all: the package came without one. */
  | { readonly code: 'modelMissing' }
  /** The setting names a model that is not here. */
  | { readonly code: 'modelNotInstalled'; readonly model: string }
  | { readonly code: 'engineFailed'; readonly reason: string };

/** A model of the hub, on its way to this machine. */
export type HubProblem =
  /** Not a name such as "openai/whisper-base". */
  | { readonly code: 'modelNameInvalid'; readonly model: string }
  /** The setting with the hub's address is not an address, or not https. */
  | { readonly code: 'hubInvalid'; readonly hub: string }
  | { readonly code: 'hubUnreachable'; readonly host: string; readonly reason: string }
  | { readonly code: 'hubFailed'; readonly host: string; readonly status: number; readonly reason: string }
  /** The hub has no such model, or shows it to members only. */
  | { readonly code: 'modelUnknown'; readonly host: string; readonly model: string }
  /** The model lacks files that a Whisper needs. */
  | { readonly code: 'modelIncomplete'; readonly model: string; readonly missing: readonly string[] }
  | { readonly code: 'modelNotWhisper'; readonly model: string; readonly reason: string }
  /** What arrived is not what the hub announced; it was deleted. */
  | { readonly code: 'downloadCorrupt'; readonly model: string; readonly file: string }
  /** The connection broke. What arrived is kept; the next download continues from there. */
  | { readonly code: 'downloadBroken'; readonly host: string; readonly file: string; readonly reason: string }
  | {
      readonly code: 'modelTooLargeForDisk';
      readonly path: string;
      readonly neededBytes: number;
      readonly freeBytes: number;
    }
  /** The folder of installed models, or its drive, is not there or cannot be written to. */
  | { readonly code: 'modelsFolderUnusable'; readonly path: string; readonly reason: string }
  /** Another window installs or removes the same model. */
  | { readonly code: 'modelBusy'; readonly model: string }
  | { readonly code: 'modelPreparationFailed'; readonly model: string; readonly reason: string };

/** A recording on the web, on its way to this machine. Its address may hold a key: only the host is told. */
export type DownloadProblem =
  | { readonly code: 'recordingUnreachable'; readonly host: string; readonly reason: string }
  | { readonly code: 'recordingRefused'; readonly host: string; readonly status: number }
  /** The address leads to a page in HTML. */
  | { readonly code: 'recordingIsPage'; readonly host: string }
  | { readonly code: 'recordingTooLarge'; readonly file: string; readonly limitBytes: number };

/**
 * Everything that can go wrong; a code stands for what the user can do about it. Core, node and engine throw these codes with the facts;
 * the shell words them (`shell/words/messages.ts`). An abort is not a problem: it stays the signal's own `AbortError`.
 */
export type Problem = FileProblem | RecordingProblem | EndpointProblem | EngineProblem | HubProblem | DownloadProblem;

/** The name of a problem. */
export type ProblemCode = Problem['code'];

/** The only error class of Minutes. Recognise instances by {@link problemOf}, not by `instanceof`: each bundle has its own copy of the class. */
export class MinutesError extends Error {
  override readonly name = 'MinutesError';

  constructor(
    readonly problem: Problem,
    options?: ErrorOptions,
  ) {
    const { code, ...facts } = problem;
    super(`${code}: ${Object.values(facts).map(textOf).join(', ')}`, options);
  }
}

function textOf(fact: unknown): string {
  return typeof fact === 'string' ? fact : JSON.stringify(fact);
}

/** The problem inside a {@link MinutesError} of any bundle; undefined for every other value. */
export function problemOf(error: unknown): Problem | undefined {
  return error instanceof Error && error.name === 'MinutesError' && 'problem' in error
    ? (error.problem as Problem)
    : undefined;
}

/** Whether the value is what an aborted signal throws. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
