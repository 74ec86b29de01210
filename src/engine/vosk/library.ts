import koffi from 'koffi';

type ForeignFunction = ReturnType<ReturnType<typeof koffi.load>['func']>;

/** The part of libvosk's C interface that the engine uses (vosk_api.h of Vosk 0.3.39). Pointers are opaque to us. */
export interface VoskLibrary {
  readonly newModel: (folder: string) => VoskPointer | null;
  readonly newRecognizer: (model: VoskPointer, sampleRateHz: number) => VoskPointer | null;
  readonly setWords: (recognizer: VoskPointer, isOn: number) => void;
  readonly freeRecognizer: (recognizer: VoskPointer) => void;
  /** Runs on a thread of its own. 1: an utterance ended and {@link result} holds it; 0: not yet; -1: an exception in the library. */
  readonly acceptWaveform: (recognizer: VoskPointer, pcm: Uint8Array) => Promise<number>;
  /** JSON of the utterance that just ended. */
  readonly result: (recognizer: VoskPointer) => string;
  /** JSON of what remains at the end of the audio. Runs on a thread of its own. */
  readonly finalResult: (recognizer: VoskPointer) => Promise<string>;
}

declare const pointer: unique symbol;
export interface VoskPointer {
  readonly [pointer]: never;
}

/** Loads libvosk from its file. @throws Error where the file does not load on this system */
export function loadVoskLibrary(file: string): VoskLibrary {
  const library = koffi.load(file);
  // Kaldi's chatter; real faults come back as null pointers and -1.
  (library.func('void vosk_set_log_level(int)') as (level: number) => void)(-1);
  const accept = library.func('int vosk_recognizer_accept_waveform(void*, const void*, int)');
  const finalResult = library.func('const char* vosk_recognizer_final_result(void*)');
  return {
    newModel: library.func('void* vosk_model_new(const char*)') as VoskLibrary['newModel'],
    newRecognizer: library.func('void* vosk_recognizer_new(void*, float)') as VoskLibrary['newRecognizer'],
    setWords: library.func('void vosk_recognizer_set_words(void*, int)') as VoskLibrary['setWords'],
    freeRecognizer: library.func('void vosk_recognizer_free(void*)') as VoskLibrary['freeRecognizer'],
    acceptWaveform: (recognizer, pcm) => onThread<number>(accept, recognizer, pcm, pcm.length),
    result: library.func('const char* vosk_recognizer_result(void*)') as VoskLibrary['result'],
    finalResult: (recognizer) => onThread<string>(finalResult, recognizer),
  };
}

/** Calls a foreign function on one of koffi's worker threads, so that HTTP is served meanwhile. */
function onThread<Result>(call: ForeignFunction, ...args: readonly unknown[]): Promise<Result> {
  return new Promise((resolve, reject) => {
    call.async(...args, (error: unknown, result: Result) => {
      if (error instanceof Error) reject(error);
      else resolve(result);
    });
  });
}
