import fs from 'node:fs/promises';
import path from 'node:path';
import { defined } from '../../core/async/defined';
import {
  dialect,
  type AnswerFormat,
  type DialectId,
  isDialectId,
  type UploadFormat,
} from '../../core/endpoints/dialects';
import type { RequestShape } from '../../core/endpoints/requestShape';
import { replaceFile } from '../system/replaceFile';

/** After this time a shape that was refused is tried again, since the server may have been updated. */
const FORGET_AFTER_MS = 30 * 24 * 60 * 60_000;

interface Learned {
  readonly dialect: DialectId;
  readonly format: AnswerFormat;
  /** Absent in files that an older version wrote. */
  readonly upload?: UploadFormat;
  readonly atMs: number;
}

/** The shapes that servers and models take where they refused the richest one. Kept in a file, so that every window knows them. */
export class LearnedShapes {
  private entries: Promise<Map<string, Learned>> | undefined;
  /** Kept for this window only: a prompt may be refused for its own words, and another workspace has other words. */
  private readonly prompts = new Map<string, RequestShape['prompt']>();
  /** The writes, one after the other. */
  private written: Promise<void> = Promise.resolve();

  constructor(
    private readonly file: string,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /** What differs from the richest request. */
  async get(baseUrl: string, model: string): Promise<Partial<RequestShape>> {
    const key = keyOf(baseUrl, model);
    const learned = (await (this.entries ??= this.load())).get(key);
    const prompt = this.prompts.get(key);
    if (!learned || this.isOld(learned)) return defined({ prompt });
    return defined({ dialect: learned.dialect, format: learned.format, upload: learned.upload, prompt });
  }

  /** Remembers how much of a prompt the server took. */
  setPrompt(baseUrl: string, model: string, prompt: RequestShape['prompt']): void {
    this.prompts.set(keyOf(baseUrl, model), prompt);
  }

  /** Remembers a shape. If the file cannot be written, the next window only has one refused request more. */
  async set(baseUrl: string, model: string, { dialect, format, upload }: RequestShape): Promise<void> {
    const entries = await (this.entries ??= this.load());
    entries.set(keyOf(baseUrl, model), { dialect, format, upload, atMs: this.nowMs() });
    this.written = this.written.then(() => this.write(entries));
    await this.written;
  }

  private async write(entries: Map<string, Learned>): Promise<void> {
    try {
      // Other windows may have written to the file.
      for (const [key, learned] of await this.load()) {
        if (learned.atMs > (entries.get(key)?.atMs ?? Number.NEGATIVE_INFINITY)) entries.set(key, learned);
      }
      for (const [key, learned] of entries) if (this.isOld(learned)) entries.delete(key);
      await fs.mkdir(path.dirname(this.file), { recursive: true });
      await replaceFile(this.file, JSON.stringify(Object.fromEntries(entries)));
    } catch {
      // After the next start it is learned again.
    }
  }

  private isOld({ atMs }: Learned): boolean {
    return this.nowMs() - atMs >= FORGET_AFTER_MS;
  }

  private async load(): Promise<Map<string, Learned>> {
    try {
      const stored: unknown = JSON.parse(await fs.readFile(this.file, 'utf8'));
      if (typeof stored !== 'object' || stored === null) return new Map();
      return new Map(Object.entries(stored).flatMap(([key, value]) => (isLearned(value) ? [[key, value]] : [])));
    } catch {
      return new Map();
    }
  }
}

function keyOf(baseUrl: string, model: string): string {
  return `${baseUrl} ${model}`;
}

function isLearned(value: unknown): value is Learned {
  if (typeof value !== 'object' || value === null) return false;
  const { dialect: id, format, upload, atMs } = value as Partial<Record<keyof Learned, unknown>>;
  if (!isDialectId(id) || typeof atMs !== 'number') return false;
  const { formats, uploads } = dialect(id);
  return formats.includes(format as AnswerFormat) && (upload === undefined || uploads.includes(upload as UploadFormat));
}
