import { spawn } from 'node:child_process';
import { bytesToInt16, int16ToBytes } from '../../../src/core/audio/pcm';
import { planChunks } from '../../../src/core/audio/planChunks';

/** What uploads are compared with: the FLAC that ffmpeg makes of the same chunks at its usual level. */

const PCM = ['-f', 's16le', '-ar', '16000', '-ac', '1'] as const;
/** ffmpeg's own default, said so that it stays that. */
const LEVEL = 5;

/** A recording as prepared audio: 16 kHz mono. */
export async function decodedWith(ffmpeg: string, file: string): Promise<Int16Array> {
  return bytesToInt16(await piped(ffmpeg, ['-i', file, ...PCM, 'pipe:1']));
}

/** The samples of a FLAC file, which ffmpeg reads from a pipe. */
export async function flacDecodedWith(ffmpeg: string, flac: Uint8Array): Promise<Int16Array> {
  // ffmpeg's decoder checks every checksum, and `explode` makes it fail where one is wrong.
  return bytesToInt16(
    await piped(ffmpeg, ['-err_detect', 'explode', '-f', 'flac', '-i', 'pipe:0', ...PCM, 'pipe:1'], flac),
  );
}

/** The FLAC of ffmpeg's, without the 8 KB of padding that it leaves for tags. */
export async function peerFlac(ffmpeg: string, samples: Int16Array): Promise<Uint8Array> {
  const coder = ['-c:a', 'flac', '-compression_level', String(LEVEL), '-metadata_header_padding', '0', '-f', 'flac'];
  return piped(ffmpeg, [...PCM, '-i', 'pipe:0', ...coder, 'pipe:1'], int16ToBytes(samples));
}

/** The pieces in which samples are sent. */
export async function chunksIn(samples: Int16Array): Promise<Int16Array[]> {
  const chunks: Int16Array[] = [];
  for await (const { startSample, endSample } of planChunks(only(samples))) {
    chunks.push(samples.slice(startSample, endSample));
  }
  return chunks;
}

async function* only(samples: Int16Array): AsyncGenerator<Int16Array> {
  yield await Promise.resolve(samples);
}

function piped(ffmpeg: string, args: readonly string[], input?: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(ffmpeg, ['-nostdin', '-v', 'error', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    const blocks: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (block: Buffer) => blocks.push(block));
    child.stderr.on('data', (block: Buffer) => (said += block.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(blocks));
      else reject(new Error(`ffmpeg: ${said}`));
    });
    // Where ffmpeg ends early, its exit code tells why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
