import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { loadModel, type LoadedModel } from '../../../../src/engine/whisper/network/loadedModel';
import type { RuntimeKind } from '../../../../src/engine/whisper/network/runtime';
import { findProgram } from '../../../../src/node/system/findProgram';
import { modelFolder } from '../../../models';
import { preparedModel } from '../../../preparedModel';
import { skipWithReason, speechFolder, type SpeechFolder } from '../../../speech';

/** Real speech, for one suite. */
export interface RealSpeech {
  readonly speech: SpeechFolder;
  /** Decodes a recording of the folder to 16 kHz mono 16-bit samples, with the system's ffmpeg. */
  readonly samples: (file: string) => Promise<Uint8Array>;
}

/** Real weights and real speech, for one suite. */
export interface RealWhisper extends RealSpeech {
  readonly model: LoadedModel;
}

/** Where the model lies as the hub has it; skips the running tests where there is none. */
export function baseWeights(context: Mocha.Context): string {
  const model = modelFolder('whisper-base');
  if ('absent' in model) skipWithReason(context, model.absent);
  return model.folder;
}

/** Where the prepared model lies; skips the running tests where there is none. Preparing it takes some seconds, once. */
export async function baseFolder(context: Mocha.Context): Promise<string> {
  const prepared = await preparedModel();
  if ('absent' in prepared) skipWithReason(context, prepared.absent);
  return prepared.folder;
}

/** Skips the running tests where model or ffmpeg are not there. */
export async function realWhisper(context: Mocha.Context, runtime: RuntimeKind = 'native'): Promise<RealWhisper> {
  const { speech, samples } = await realSpeech(context);
  return { model: await loadModel(await baseFolder(context), runtime, 2), speech, samples };
}

/** Skips the running tests where ffmpeg is not there. */
export async function realSpeech(context: Mocha.Context): Promise<RealSpeech> {
  const speech = speechFolder();
  const ffmpeg = await findProgram('ffmpeg');
  if (ffmpeg === undefined) skipWithReason(context, 'there is no ffmpeg');
  const format = ['-ac', '1', '-ar', '16000', '-f', 's16le', '-'];
  const samples = async (file: string): Promise<Uint8Array> => {
    const args = ['-nostdin', '-v', 'error', '-i', path.join(speech.folder, file), ...format];
    const { stdout } = await promisify(execFile)(ffmpeg, args, { encoding: 'buffer', maxBuffer: 2 ** 26 });
    // Samples of 16 bits lie at even addresses.
    return new Uint8Array(stdout);
  };
  return { speech, samples };
}
