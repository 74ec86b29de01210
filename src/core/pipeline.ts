import { samplesToSeconds } from './audio/pcm';
import { planChunks } from './audio/planChunks';
import { MinutesError } from './errors';
import type { Chunk, ChunkTranscription, PreparedAudio, Recording } from './model';
import type {
  AudioPreparer,
  ChunkJournal,
  SampleReader,
  Transcriber,
  TranscriptionEvent,
  TranscriptionOptions,
} from './ports';
import { appendChunk, EMPTY_TRANSCRIPT } from './transcript/appendChunk';

export interface PipelinePorts {
  readonly preparer: AudioPreparer;
  readonly samples: SampleReader;
  readonly transcriber: Transcriber;
  readonly journal: ChunkJournal;
}

/**
 * The stages in a row: prepare, cut at pauses, transcribe piece after piece, join. Pieces that the journal holds are not asked for
 * again. Every event carries the transcript so far, so that a caller whose loop ends in an error keeps what it read last.
 *
 * @throws MinutesError of any stage; `noSpeech` where nothing was said; the signal's reason when aborted
 */
export async function* transcribe(
  recording: Recording,
  ports: PipelinePorts,
  options: TranscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  let audio: PreparedAudio | undefined;
  for await (const event of ports.preparer.prepare(recording, signal)) {
    if (event.kind === 'prepared') audio = event.audio;
    else yield event;
  }
  if (!audio) throw new MinutesError({ code: 'notAudio', file: recording.name, reason: 'nothing came out' });

  const totalS = samplesToSeconds(audio.sampleCount);
  yield { kind: 'prepared', totalS, isTruncated: audio.isTruncated };

  const known = await ports.journal.load();
  let transcript = EMPTY_TRANSCRIPT;
  for await (const chunk of planChunks(ports.samples.read(audio, signal), audio.sampleCount)) {
    signal.throwIfAborted();
    const piece = known.find((old) => isSameChunk(old.chunk, chunk)) ?? (await ask(audio, chunk));
    transcript = appendChunk(transcript, piece);
    yield { kind: 'transcribed', doneS: samplesToSeconds(chunk.endSample), totalS, chunk, transcript };
  }
  signal.throwIfAborted();
  if (transcript.segments.length === 0) throw new MinutesError({ code: 'noSpeech', file: recording.name });
  yield { kind: 'finished', totalS, transcript };

  async function ask(prepared: PreparedAudio, chunk: Chunk): Promise<ChunkTranscription> {
    const piece = await ports.transcriber.transcribe({ ...options, audio: prepared, chunk }, signal);
    // A journal that cannot be written costs a second request at worst; the answer itself must not be lost for it.
    await ports.journal.append(piece).catch(() => undefined);
    return piece;
  }
}

function isSameChunk(a: Chunk, b: Chunk): boolean {
  return a.startSample === b.startSample && a.endSample === b.endSample;
}
