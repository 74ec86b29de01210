import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import Groq from 'groq-sdk';
import { mergeAsCookbook, type CookbookAnswer, type CookbookSegment } from './cookbookMerge';

/** Chunks of ten minutes that overlap by ten seconds, as in the cookbook. */
const CHUNK_MS = 600_000;
const OVERLAP_MS = 10_000;
const BYTES_PER_MS = 32;

/**
 * Groq's cookbook for long audio with its SDK: ffmpeg makes a FLAC of the recording, all of it is decoded into memory, and each chunk goes
 * through ffmpeg into a file and from there to the server, one after the other. What ffmpeg's processes take does not count as the client's memory.
 */
export async function cookbook(origin: string, file: string, folder: string): Promise<number> {
  fs.mkdirSync(folder, { recursive: true });
  const client = new Groq({ apiKey: 'k', baseURL: origin, maxRetries: 0 });
  const whole = path.join(folder, 'whole.flac');
  const mono = ['-ar', '16000', '-ac', '1'];
  await ffmpeg(['-i', file, ...mono, '-c:a', 'flac', '-y', whole]);
  const audio = await ffmpeg(['-i', whole, '-f', 's16le', 'pipe:1']);
  const lengthMs = Math.floor(audio.length / BYTES_PER_MS);
  const answers: CookbookAnswer<CookbookSegment>[] = [];
  for (let startMs = 0; startMs < lengthMs; startMs += CHUNK_MS - OVERLAP_MS) {
    const chunk = audio.subarray(startMs * BYTES_PER_MS, Math.min(lengthMs, startMs + CHUNK_MS) * BYTES_PER_MS);
    const part = path.join(folder, 'chunk.flac');
    await ffmpeg(['-f', 's16le', ...mono, '-i', 'pipe:0', '-c:a', 'flac', '-y', part], chunk);
    const answer = await client.audio.transcriptions.create({
      file: fs.createReadStream(part),
      model: 'whisper-large-v3',
      language: 'en',
      response_format: 'verbose_json',
    });
    // The SDK's type knows the text alone.
    const { segments } = answer as unknown as { readonly segments: readonly CookbookSegment[] };
    answers.push({ segments, startMs });
  }
  const text = mergeAsCookbook(answers)
    .map((segment) => segment.text)
    .join(' ');
  return text.split(/\s+/).filter((word) => word !== '').length;
}

async function ffmpeg(args: readonly string[], input?: Uint8Array): Promise<Buffer> {
  const child = spawn('ffmpeg', ['-nostdin', '-hide_banner', '-loglevel', 'error', ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const blocks: Buffer[] = [];
  child.stdout.on('data', (block: Buffer) => blocks.push(block));
  // Where ffmpeg ends early, its exit code tells why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)}.`);
  return Buffer.concat(blocks);
}
