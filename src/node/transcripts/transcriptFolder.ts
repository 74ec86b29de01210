import fs from 'node:fs/promises';
import path from 'node:path';
import type { WrittenEntry } from '../../core/transcript/logEntries';
import { openedOf, parseLog } from '../../core/transcript/parseLog';
import { TranscriptLog } from '../../core/transcript/transcriptLog';
import { keptTranscript, type KeptTranscript, type TranscriptStore } from '../../core/transcript/transcriptStore';
import { isLocked } from '../system/fileLock';
import { toMinutesError } from '../system/fileProblems';
import { TranscriptFile } from './transcriptFile';

const ENDING = '.jsonl';

/** Keeps each log in a file of one folder. */
export class FileTranscriptStore implements TranscriptStore {
  constructor(private readonly folder: string) {}

  async begin(id: string, lines: string): Promise<TranscriptLog> {
    const entries = parseLog(lines);
    try {
      await fs.mkdir(this.folder, { recursive: true });
      const file = await TranscriptFile.open(this.file(id), nameOf(entries));
      try {
        await file.replace(lines);
      } catch (error) {
        await file.close();
        throw error;
      }
      return new TranscriptLog(entries, file);
    } catch (error) {
      throw toMinutesError(error, this.folder);
    }
  }

  async open(id: string): Promise<TranscriptLog | undefined> {
    const known = await this.entries(id);
    if (!openedOf(known)) return undefined;
    try {
      const file = await TranscriptFile.open(this.file(id), nameOf(known));
      // Another window may have written between the two reads, or removed the log.
      const entries = parseLog(file.text);
      if (openedOf(entries)) return new TranscriptLog(entries, file);
      await file.close();
      return undefined;
    } catch (error) {
      throw toMinutesError(error, this.folder);
    }
  }

  async list(): Promise<KeptTranscript[]> {
    const names = await fs.readdir(this.folder).catch(() => []);
    const found: KeptTranscript[] = [];
    for (const name of names.filter((one) => one.endsWith(ENDING)).sort()) {
      const id = name.slice(0, -ENDING.length);
      const entries = await this.entries(id);
      if (!openedOf(entries)) continue;
      const isBusy = await isLocked(`${this.file(id)}.lock`);
      found.push({ ...keptTranscript(id, new TranscriptLog(entries)), isBusy });
    }
    return found;
  }

  async read(id: string): Promise<string> {
    return withoutPaths(await this.text(id));
  }

  async remove(id: string): Promise<void> {
    await fs.rm(this.file(id), { force: true });
  }

  private async entries(id: string): Promise<WrittenEntry[]> {
    return parseLog(await this.text(id));
  }

  /** The whole lines. The writer drops a beginning of a line that a crash left, so nobody else may count it. */
  private async text(id: string): Promise<string> {
    const text = await fs.readFile(this.file(id), 'utf8').catch(() => '');
    return text.slice(0, text.lastIndexOf('\n') + 1);
  }

  private file(id: string): string {
    return path.join(this.folder, id + ENDING);
  }
}

/** The lines of a log except those with this machine's paths. */
function withoutPaths(text: string): string {
  return text
    .split('\n')
    .filter((line) => !parseLog(line).some(({ kind }) => kind === 'located'))
    .join('\n');
}

function nameOf(entries: readonly WrittenEntry[]): string {
  return openedOf(entries)?.recording.name ?? '';
}
