import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { InputDevice } from '../../core/capture/audioSource';
import { findProgram } from '../system/findProgram';
import { parseAlsaDevices, parsePulseSources, parseSoxDevices } from './parseDevices';
import { findRecorders } from './recorders';

/** A sound server that hangs must not keep the list from opening. */
const TIMEOUT_MS = 5000;
/** What programs list is far shorter. */
const MOST_BYTES = 4_000_000;

/**
 * The devices that the best recorder of this machine can open. Undefined where it cannot list any: there is no program for it, or it
 * says nothing.
 *
 * @throws the signal's reason when aborted
 */
export async function listDevices(
  signal: AbortSignal,
  environment = process.env,
): Promise<readonly InputDevice[] | undefined> {
  const run = async (program: string, args: readonly string[]): Promise<string> => {
    const env = { ...environment, LC_ALL: 'C' };
    const options = { env, signal, timeout: TIMEOUT_MS, maxBuffer: MOST_BYTES, windowsHide: true };
    // SoX lists devices in its complaint that there is none of this name.
    const said = await promisify(execFile)(program, [...args], options).catch((error: unknown) => error);
    signal.throwIfAborted();
    return textOf(said, 'stdout') + textOf(said, 'stderr');
  };
  const found = await devices(run, environment);
  return found.length > 0 ? found : undefined;
}

async function devices(
  run: (program: string, args: readonly string[]) => Promise<string>,
  environment: NodeJS.ProcessEnv,
): Promise<InputDevice[]> {
  const [recorder] = await findRecorders(environment);
  if (!recorder) return [];
  if (process.platform === 'linux') {
    // SoX, where it has PulseAudio's driver, takes the same names as parec.
    const pactl = await findProgram('pactl', environment);
    const sources = pactl === undefined ? [] : parsePulseSources(await run(pactl, ['list', 'sources']));
    if (sources.length > 0) return sources;
    const arecord = await findProgram('arecord', environment);
    return arecord === undefined ? [] : parseAlsaDevices(await run(arecord, ['-L']));
  }
  const driver = process.platform === 'darwin' ? 'coreaudio' : 'waveaudio';
  return parseSoxDevices(await run(recorder.program, ['-V6', '-t', driver, 'Minutes lists devices', '-n']));
}

function textOf(said: unknown, stream: 'stdout' | 'stderr'): string {
  const text = typeof said === 'object' && said !== null ? (said as Readonly<Record<string, unknown>>)[stream] : '';
  return typeof text === 'string' ? text : '';
}
