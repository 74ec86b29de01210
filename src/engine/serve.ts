import type { AddressInfo } from 'node:net';
import type { Recogniser } from './recogniser';
import { createServer } from './server';
import type { VoskFiles } from './vosk/voskRecogniser';
import { createWhisperRecogniser, type WhisperFiles } from './whisper/whisperRecogniser';

/** Who turns speech into text, and the files for it. */
export type RecogniserStart = ({ readonly kind: 'vosk' } & VoskFiles) | ({ readonly kind: 'whisper' } & WhisperFiles);

/** The first line of standard input: serve the API. */
export interface ServeStart {
  readonly kind: 'serve';
  /** What every request must bear. */
  readonly token: string;
  readonly recogniser: RecogniserStart;
}

/** Said when requests are taken. */
export interface EngineStarted {
  readonly port: number;
  readonly model: string;
}

/** Loads the recogniser, then serves it on loopback. @throws Error where it cannot be loaded */
export async function serve({ recogniser: start, token }: ServeStart): Promise<EngineStarted> {
  const recogniser = await createRecogniser(start);
  const server = createServer(recogniser, token);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port, model: recogniser.modelId };
}

async function createRecogniser(start: RecogniserStart): Promise<Recogniser> {
  if (start.kind === 'whisper') return createWhisperRecogniser(start);
  // Only now: where there is no libvosk, there is no koffi either.
  const { createVoskRecogniser } = await import('./vosk/voskRecogniser');
  return createVoskRecogniser(start);
}
