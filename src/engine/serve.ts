import fs from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createServer } from './api/server';
import { createWhisperRecogniser, type WhisperFiles } from './whisper/whisperRecogniser';

/** The first line of standard input: serve the API. */
export interface ServeStart {
  readonly kind: 'serve';
  /** What every request must bear. */
  readonly token: string;
  /** The files of the Whisper that turns speech into text. */
  readonly recogniser: WhisperFiles;
}

/** Said when requests are taken. */
export interface EngineStarted {
  readonly port: number;
  readonly model: string;
}

/** Loads the recogniser, then serves it on loopback. @throws Error where it cannot be loaded */
export async function serve({ recogniser: start, token }: ServeStart): Promise<EngineStarted> {
  const recogniser = await createWhisperRecogniser(start);
  const server = createServer(recogniser, token, { modelCreatedAt: await createdAt(start.modelFolder) });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port, model: recogniser.modelId };
}

/**
 * When the model's weights were written here: the one date that stays the same from start to start and changes when the model does. When
 * they were trained nobody knows offline. Now, where there is no such file.
 */
async function createdAt(modelFolder: string): Promise<Date> {
  const weights = await fs.stat(path.join(modelFolder, 'decoder.weights')).catch(() => undefined);
  return weights?.mtime ?? new Date();
}
