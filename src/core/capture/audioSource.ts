/** The events of an open microphone, in order. */
export type CaptureEvent =
  /** The next complete samples: 16 kHz mono signed 16-bit little-endian. None is left out since the last event. */
  | {
      readonly kind: 'audio';
      readonly pcm: Uint8Array;
    }
  /** All samples since the start are zero. Told once at most, and never after a signal was seen. The recording goes on. */
  | { readonly kind: 'silent' }
  /** No samples arrive any more, not even silence. The recording goes on, and the events continue when sound comes back. */
  | { readonly kind: 'stalled' }
  /** The sound server has moved the recording to another device by itself: the first one is gone, or somebody changed the default. */
  | { readonly kind: 'moved'; readonly device: string };

/** An open microphone. */
export interface Capture {
  /**
   * To be read once, by one reader. Ends after {@link Capture.stop}. The reader still gets what it has not read yet, then the end or the
   * failure. A reader that leaves its loop early ends the recorder.
   *
   * @throws MinutesError `recorderEnded` where the recorder ended by itself; the signal's reason when aborted
   */
  readonly events: AsyncIterable<CaptureEvent>;
  /**
   * Records a moment longer, since people press the key on their last syllable, then ends. Resolves when the recorder is gone, even
   * where it had failed before.
   */
  stop(): Promise<void>;
}

/** Where live audio comes from. */
export interface AudioSource {
  /**
   * Resolves when the first samples have arrived, so that the user sees "recording" only while sound is recorded. The signal ends the
   * capture at once, at any time, and drops what was not read.
   *
   * @throws MinutesError `recorderMissing`, `microphoneMissing`, `deviceMissing`, `microphoneBusy`, `recorderFailed`
   */
  open(signal: AbortSignal): Promise<Capture>;
}

/** A device that can be recorded. */
export interface InputDevice {
  /** The recorder's name for it. */
  readonly id: string;
  /** What people call it. */
  readonly label: string;
  /** A monitor gives what the computer plays. */
  readonly kind: 'microphone' | 'monitor';
}

/** All devices of this machine that can be recorded. */
export interface AudioInputs {
  /** @param device the recorder's name for it; undefined: the system's default */
  source(device?: string): AudioSource;
  /** The devices; undefined where this system's recorder cannot list any. @throws the signal's reason when aborted */
  list(signal: AbortSignal): Promise<readonly InputDevice[] | undefined>;
}
