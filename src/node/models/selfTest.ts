import path from 'node:path';
import fs from 'node:fs/promises';
import type { InstalledModel } from '../../core/models/engineModel';
import { MinutesError } from '../../core/errors';
import { findEngineFiles } from '../engine/engineFiles';
import { multipartBody } from '../http/multipart';
import { TransportFailure, type HttpTransport } from '../http/transport';
import { UndiciTransport } from '../http/undiciTransport';
import { LocalEngine, type EngineLease } from '../engine/localEngine';

/** Five seconds of a speech in the public domain, below the extension's folder; the same speech tests endpoints. */
const CLIP = path.join('media', 'self-test.wav');
const CLIP_S = 5;
const PASSES = 2;

/**
 * Measures how quick the engine is with a model here, word times included. The first pass warms the engine up, the last one counts. The
 * test starts its own engine, so that a running one keeps its model.
 *
 * @returns seconds of work per second of audio
 * @throws MinutesError `engineFailed`, `engineFilesMissing`; the signal's reason when aborted
 */
export async function measureSpeed(
  extensionFolder: string,
  model: InstalledModel,
  signal: AbortSignal,
): Promise<number> {
  const files = findEngineFiles(extensionFolder, { model });
  const engine = new LocalEngine();
  const transport = new UndiciTransport();
  try {
    const lease = await engine.lease(files, signal);
    const clip = path.join(extensionFolder, CLIP);
    let tookMs = 0;
    for (let pass = 0; pass < PASSES; pass++) {
      const startedMs = performance.now();
      await transcribe(lease, transport, clip, signal);
      tookMs = performance.now() - startedMs;
    }
    lease.release();
    return tookMs / 1000 / CLIP_S;
  } finally {
    engine.dispose();
    await transport.dispose();
  }
}

async function transcribe(
  { baseUrl, token, model, lastWords }: EngineLease,
  transport: HttpTransport,
  clip: string,
  signal: AbortSignal,
): Promise<void> {
  const { size: lengthBytes } = await fs.stat(clip);
  const range = { path: clip, offsetBytes: 0, lengthBytes };
  const body = multipartBody(
    [
      ['model', model],
      ['language', 'en'],
      ['response_format', 'verbose_json'],
      ['timestamp_granularities[]', 'segment'],
      ['timestamp_granularities[]', 'word'],
    ],
    { fileName: 'audio.wav', contentType: 'audio/wav', bytes: new Uint8Array(0), range },
  );
  const headers = { 'content-type': body.contentType, authorization: `Bearer ${token}` };
  const request = { method: 'POST', url: `${baseUrl}/audio/transcriptions`, headers, body } as const;
  try {
    const answer = await transport.send(request, signal);
    if (answer.status === 200) return;
    throw new MinutesError({ code: 'engineFailed', reason: `it answers ${answer.status}` });
  } catch (error) {
    if (!(error instanceof TransportFailure)) throw error;
    throw new MinutesError({ code: 'engineFailed', reason: lastWords() ?? error.reason }, { cause: error });
  }
}
