import type { ChunkTranscription } from '../model';

/** Keeps the answers of an unfinished run, so that a crash, a cancel or a failure costs no piece twice. */
export interface ChunkJournal {
  load(): Promise<readonly ChunkTranscription[]>;
  append(piece: ChunkTranscription): Promise<void>;
}
