import fs from 'node:fs/promises';
import path from 'node:path';
import { defined } from '../../core/async/defined';
import { dialect, type AnswerFormat, type DialectId } from '../../core/endpoints/dialects';
import type { RequestShape } from '../../core/endpoints/requestShape';
import { replaceFile } from '../system/replaceFile';

/** A server may be brought up to date: what it once refused is tried again after so long. */
const FORGET_AFTER_MS = 30 * 24 * 60 * 60_000;

interface Learned {
  readonly dialect: DialectId;
  readonly format: AnswerFormat;
  readonly atMs: number;
}

/** Which requests each server and model took that did not take the richest. Kept in a file, so that no window learns it twice. */
export class LearnedShapes {
  private entries: Promise<Map<string, Learned>> | undefined;
  /** Of this window only: a prompt is refused for its own words as well, and the next workspace has others. */
  private readonly prompts = new Map<string, RequestShape['prompt']>();
  /** One write follows another. */
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
    return defined({
      ...(learned && !this.isOld(learned) ? { dialect: learned.dialect, format: learned.format } : {}),
      prompt,
    });
  }

  /** So much of a prompt the server took. */
  setPrompt(baseUrl: string, model: string, prompt: RequestShape['prompt']): void {
    this.prompts.set(keyOf(baseUrl, model), prompt);
  }

  /** A file that cannot be written costs a refused request in the next window, no more. */
  async set(baseUrl: string, model: string, { dialect, format }: RequestShape): Promise<void> {
    const entries = await (this.entries ??= this.load());
    entries.set(keyOf(baseUrl, model), { dialect, format, atMs: this.nowMs() });
    this.written = this.written.then(() => this.write(entries));
    await this.written;
  }

  private async write(entries: Map<string, Learned>): Promise<void> {
    try {
      // Other windows learn as well.
      for (const [key, learned] of await this.load()) {
        if (learned.atMs > (entries.get(key)?.atMs ?? Number.NEGATIVE_INFINITY)) entries.set(key, learned);
      }
      for (const [key, learned] of entries) if (this.isOld(learned)) entries.delete(key);
      await fs.mkdir(path.dirname(this.file), { recursive: true });
      await replaceFile(this.file, JSON.stringify(Object.fromEntries(entries)));
    } catch {
      // What was learned is learned again by the next start.
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

const DIALECTS: ReadonlySet<unknown> = new Set<DialectId>(['openai', 'openaiUntimed', 'whisperCpp', 'voxtral']);

function isLearned(value: unknown): value is Learned {
  if (typeof value !== 'object' || value === null) return false;
  const { dialect: id, format, atMs } = value as Partial<Record<keyof Learned, unknown>>;
  return (
    DIALECTS.has(id) && typeof atMs === 'number' && dialect(id as DialectId).formats.includes(format as AnswerFormat)
  );
}
