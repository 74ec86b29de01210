import { execFile, spawn } from 'node:child_process';
import readline from 'node:readline';
import { promisify } from 'node:util';
import { parsePulseSources, parseSourceOutputs } from './parseDevices';

/** Several events come with one change; what is so now is asked once behind them. */
const SETTLE_MS = 100;
/** A sound server that hangs is asked again at its next event. */
const TIMEOUT_MS = 2000;

/**
 * Tells when PulseAudio, or PipeWire in its place, gives a recorder another device by itself: its device was unplugged, or the default has
 * changed. The recorder itself learns nothing of it.
 *
 * @param onMoved called with what people call the device
 * @returns ends the watch
 */
export function watchDevice(
  pactl: string,
  environment: NodeJS.ProcessEnv,
  processId: number,
  onMoved: (device: string) => void,
): () => void {
  const options = { env: { ...environment, LC_ALL: 'C' }, windowsHide: true };
  const ask = async (what: 'sources' | 'source-outputs'): Promise<string> =>
    (await promisify(execFile)(pactl, ['list', what], { ...options, timeout: TIMEOUT_MS })).stdout;
  let known: string | undefined;
  let hasEnded = false;
  const look = async (): Promise<void> => {
    try {
      const source = parseSourceOutputs(await ask('source-outputs')).get(processId);
      if (source === undefined || source === known) return;
      const [isFirst, index] = [known === undefined, source];
      known = source;
      if (isFirst) return;
      const found = parsePulseSources(await ask('sources')).find((device) => device.index === index);
      // The caller may have ended the watch meanwhile.
      if (found && !isOver()) onMoved(found.label);
    } catch {
      // The recording goes on without the watch.
    }
  };
  const isOver = (): boolean => hasEnded;
  const events = spawn(pactl, ['subscribe'], { ...options, stdio: ['ignore', 'pipe', 'ignore'] });
  events.on('error', () => undefined);
  let settling: NodeJS.Timeout | undefined;
  readline.createInterface({ input: events.stdout }).on('line', (line) => {
    if (!/ on (source-output|source|server)\b/.test(line)) return;
    clearTimeout(settling);
    settling = setTimeout(() => void look(), SETTLE_MS);
  });
  void look();
  return () => {
    hasEnded = true;
    clearTimeout(settling);
    events.kill();
  };
}
