/**
 * Everything that can go wrong, told by what the user can do about it. Core, node and engine throw these codes with the facts;
 * the shell words them (`shell/messages.ts`). An abort is no error of ours: it stays the signal's own `AbortError`.
 */
export type Problem =
  | { readonly code: 'fileEmpty'; readonly file: string }
  | { readonly code: 'fileUnreadable'; readonly file: string; readonly reason: string }
  | { readonly code: 'fileNotOnDisk'; readonly file: string; readonly reason: string }
  | { readonly code: 'notAudio'; readonly file: string; readonly reason: string }
  | { readonly code: 'noAudioTrack'; readonly file: string }
  | { readonly code: 'ffmpegMissing'; readonly file: string }
  | { readonly code: 'noSpeech'; readonly file: string }
  | { readonly code: 'diskFull'; readonly path: string }
  /** No program that records is installed. */
  | { readonly code: 'recorderMissing' }
  | { readonly code: 'microphoneMissing'; readonly reason: string }
  | { readonly code: 'microphoneBusy'; readonly reason: string }
  /** A warning, the recording goes on: nothing but zeros since it began. */
  | { readonly code: 'microphoneSilent' }
  /** A warning, the recording goes on: no sound at all, not even silence, arrives any more. */
  | { readonly code: 'microphoneStalled' }
  /** The recorder did not get as far as the first sample. */
  | { readonly code: 'recorderFailed'; readonly recorder: string; readonly reason: string }
  /** The recorder ended though nobody asked. What was recorded until then is kept. */
  | { readonly code: 'recorderEnded'; readonly recorder: string; readonly reason: string }
  /** Another window of this editor records. */
  | { readonly code: 'alreadyRecording' }
  | { readonly code: 'recordingUnwritable'; readonly path: string; readonly reason: string }
  | { readonly code: 'endpointInvalid'; readonly endpoint: string }
  | { readonly code: 'endpointInsecure'; readonly endpoint: string }
  | { readonly code: 'endpointUnreachable'; readonly host: string; readonly reason: string }
  | { readonly code: 'keyMissing'; readonly host: string }
  | { readonly code: 'keyRejected'; readonly host: string }
  | { readonly code: 'forbidden'; readonly host: string; readonly reason: string }
  | { readonly code: 'notFound'; readonly host: string; readonly model: string; readonly reason: string }
  | { readonly code: 'languageUnsupported'; readonly host: string; readonly language: string }
  | { readonly code: 'rateLimited'; readonly host: string; readonly reason: string }
  | { readonly code: 'requestRefused'; readonly host: string; readonly status: number; readonly reason: string }
  | { readonly code: 'endpointFailed'; readonly host: string; readonly status: number; readonly reason: string }
  | { readonly code: 'responseUnreadable'; readonly host: string; readonly reason: string }
  | { readonly code: 'engineUnsupported'; readonly platform: string }
  | { readonly code: 'engineFilesMissing'; readonly missing: string; readonly looked: string }
  | { readonly code: 'modelUnusable'; readonly path: string; readonly reason: string }
  | { readonly code: 'engineFailed'; readonly reason: string };

export type ProblemCode = Problem['code'];

/** The one error class of Minutes. Tell instances by {@link problemOf}, not by `instanceof`: bundles have a copy each. */
export class MinutesError extends Error {
  override readonly name = 'MinutesError';

  constructor(
    readonly problem: Problem,
    options?: ErrorOptions,
  ) {
    const { code, ...facts } = problem;
    super(`${code}: ${Object.values(facts).join(', ')}`, options);
  }
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
