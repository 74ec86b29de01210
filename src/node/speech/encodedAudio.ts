import { lazy } from '../../core/async/lazy';
import type { UploadFormat } from '../../core/endpoints/dialects';
import type { RequestAudio } from '../../core/model';
import { flacOf } from '../audio/flacOf';

/** A request's audio, and the FLAC of it where a server gets that: made once, also where the request is sent again. */
export interface EncodedAudio {
  readonly audio: RequestAudio;
  /** A chunk as a FLAC file. @throws MinutesError `fileUnreadable` */
  readonly flac: () => Promise<Uint8Array>;
  /** Makes what has to be made before such an upload is sent. @throws MinutesError `fileUnreadable` */
  readonly prepare: (upload: UploadFormat) => Promise<void>;
}

/** @param signal ends the encoding */
export function encodedAudio(audio: RequestAudio, signal: AbortSignal): EncodedAudio {
  if (audio.kind !== 'chunk') {
    const none = (): Promise<never> => Promise.reject(new Error('only a chunk becomes FLAC'));
    return { audio, flac: none, prepare: () => Promise.resolve() };
  }
  const { load } = lazy(() => flacOf(audio.audio, audio.chunk, signal));
  return {
    audio,
    flac: load,
    prepare: async (upload) => {
      if (upload === 'flac') await load();
    },
  };
}
