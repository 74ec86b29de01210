import fs from 'node:fs/promises';
import path from 'node:path';
import type { ChunkTranscription } from '../../core/model';
import type { ChunkJournal } from '../../core/transcription/answerJournal';

/** A journal in a file: one answer a line, in the order of arrival, which may differ from the order in the recording. */
export class FileChunkJournal implements ChunkJournal {
  constructor(private readonly file: string) {}

  async load(): Promise<ChunkTranscription[]> {
    let text: string;
    try {
      text = await fs.readFile(this.file, 'utf8');
    } catch {
      return [];
    }
    return text.split('\n').flatMap((line) => parsePiece(line));
  }

  async append(piece: ChunkTranscription): Promise<void> {
    await fs.mkdir(path.dirname(this.file), { recursive: true });
    // The line break comes first: otherwise this line would be joined to one that a crash cut in the middle.
    await fs.appendFile(this.file, '\n' + JSON.stringify(piece));
  }

  async remove(): Promise<void> {
    await fs.rm(this.file, { force: true });
  }
}

/** Reads a line. A line that a crash cut in the middle is left out, and its piece is asked for again. */
function parsePiece(line: string): ChunkTranscription[] {
  try {
    const piece = JSON.parse(line) as Partial<ChunkTranscription> | null;
    const isWhole =
      typeof piece?.text === 'string' &&
      typeof piece.model === 'string' &&
      typeof piece.chunk?.startSample === 'number' &&
      typeof piece.chunk.endSample === 'number' &&
      Array.isArray(piece.segments) &&
      Array.isArray(piece.words);
    return isWhole ? [piece as ChunkTranscription] : [];
  } catch {
    return [];
  }
}
