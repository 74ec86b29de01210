/** What an open microphone tells, in order. */
export type CaptureEvent =
  /** The next samples, whole ones: 16 kHz mono signed 16-bit little-endian, nothing left out since the last. */
  | {
      readonly kind: 'audio';
      readonly pcm: Uint8Array;
    }
  /** Told once at most: nothing but zeros since the start. Never once signal was seen. The recording goes on. */
  | { readonly kind: 'silent' }
  /** Nothing arrives any more, not even silence. The recording goes on, and so do the events when sound comes back. */
  | { readonly kind: 'stalled' };

/** An open microphone. */
export interface Capture {
  /**
   * To be read once, by one reader. Ends after {@link Capture.stop}. What was not read yet is still there then, and after a failure
   * comes before it; a reader that leaves its loop early ends the recorder.
   *
   * @throws MinutesError `recorderEnded` where the recorder ended though nobody asked; the signal's reason when aborted
   */
  readonly events: AsyncIterable<CaptureEvent>;
  /**
   * Records a moment longer, since people press the key on their last syllable, then ends. Resolves when no recorder is left, also
   * where it had failed before.
   */
  stop(): Promise<void>;
}

/** Where live audio comes from. */
export interface AudioSource {
  /**
   * Resolves when the first samples have arrived: what the user sees as recording is recording. The signal ends the capture at
   * any time, at once, and drops what was not read.
   *
   * @throws MinutesError `recorderMissing`, `microphoneMissing`, `microphoneBusy`, `recorderFailed`
   */
  open(signal: AbortSignal): Promise<Capture>;
}
