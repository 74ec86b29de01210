import fs, { type FileHandle } from 'node:fs/promises';
import type { RandomBytes } from '../../core/audio/files/randomBytes';
import type { Recording } from '../../core/model';
import { unreadable } from './readRange';

/** A recording's bytes, read where they are wanted, for as long as `work` takes. @throws MinutesError `fileUnreadable` */
export async function withFileBytes<Result>(
  recording: Recording,
  work: (bytes: RandomBytes) => Promise<Result>,
): Promise<Result> {
  const handle = await fs.open(recording.path).catch((error: unknown) => unreadable(recording.path, error));
  try {
    return await work(new FileBytes(handle, recording));
  } finally {
    await handle.close();
  }
}

class FileBytes implements RandomBytes {
  readonly sizeBytes: number;

  constructor(
    private readonly handle: FileHandle,
    private readonly recording: Recording,
  ) {
    this.sizeBytes = recording.sizeBytes;
  }

  async read(offsetBytes: number, lengthBytes: number): Promise<Uint8Array> {
    const length = Math.max(0, Math.min(lengthBytes, this.sizeBytes - offsetBytes));
    if (length === 0) return new Uint8Array(0);
    const bytes = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await this.handle
      .read(bytes, 0, length, offsetBytes)
      .catch((error: unknown) => unreadable(this.recording.path, error));
    return bytes.subarray(0, bytesRead);
  }
}
