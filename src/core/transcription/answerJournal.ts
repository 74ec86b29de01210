import type { ChunkTranscription } from '../model';

/** Keeps the answers of an unfinished run, so that no piece is asked for again after a crash, a cancel or a failure. */
export interface ChunkJournal {
  load(): Promise<readonly ChunkTranscription[]>;
  append(piece: ChunkTranscription): Promise<void>;
}
