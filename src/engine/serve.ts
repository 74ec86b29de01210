import fs from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { EngineLine, ServeRequest } from '../core/engineProtocol';
import { JobQueue } from './api/jobQueue';
import { createServer } from './api/server';
import { serveSessions } from './session/serveSessions';
import { createWhisperRecogniser } from './whisper/whisperRecogniser';

/** Loads the recogniser, then serves it on loopback. @throws Error where it cannot be loaded */
export async function serve({ recogniser: start, token }: ServeRequest): Promise<EngineLine> {
  const recogniser = await createWhisperRecogniser(start);
  const queue = new JobQueue();
  const server = createServer(recogniser, token, { modelCreatedAt: await createdAt(start.modelFolder), queue });
  serveSessions(server, { recogniser, token, queue });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return { kind: 'started', port: (server.address() as AddressInfo).port, model: recogniser.modelId };
}

/**
 * When the model's weights were written here; now, where there is no such file. This date stays the same from start to start and changes
 * when the model does. The date of the training is not known offline.
 */
async function createdAt(modelFolder: string): Promise<Date> {
  const weights = await fs.stat(path.join(modelFolder, 'decoder.weights')).catch(() => undefined);
  return weights?.mtime ?? new Date();
}
