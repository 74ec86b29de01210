import type { Problem } from '../../core/errors';

/** How a recorder ended. */
export interface RecorderEnd {
  /** The program's name. */
  readonly recorder: string;
  /** What it wrote to its standard error. */
  readonly said: string;
  /** Its exit code, the signal that ended it, or why it could not be started. */
  readonly end: number | string;
}

/** ALSA's and PulseAudio's messages where another program has the device for itself. */
const BUSY = /resource busy|device busy|EBUSY/i;
/**
 * The messages where there is no device: of SoX ("no default audio device", "can not open audio device", "can't open input"), ALSA
 * ("Unknown PCM", "cannot find card", "audio open error") and PulseAudio ("No such entity"; "Connection refused": no sound server runs).
 */
const MISSING =
  /no default audio device|can ?not open audio device|can't open input|Unknown PCM|cannot find card|audio open error|No such entity|No such device|Connection (failure|refused|terminated)|pa_context_connect/i;

/** Why no recording began. */
export function problemAtStart({ recorder, said, end }: RecorderEnd): Problem {
  const reason = reasonOf(said, end);
  if (end === 'ENOENT') return { code: 'recorderMissing' };
  if (BUSY.test(said)) return { code: 'microphoneBusy', reason };
  return MISSING.test(said) ? { code: 'microphoneMissing', reason } : { code: 'recorderFailed', recorder, reason };
}

/**
 * Why a recording ended by itself. Code 0 is a failure as well: recorders end with it when their device or sound server went away.
 *
 * @param atS how much was recorded until then
 */
export function problemWhileRecording({ recorder, said, end }: RecorderEnd, atS: number): Problem {
  return { code: 'recorderEnded', recorder, reason: reasonOf(said, end), atS };
}

/** The recorder's last message without the program's name before it; where there is none, how it ended. */
function reasonOf(said: string, end: number | string): string {
  const line = said
    .split('\n')
    .map((text) => text.trim())
    .findLast((text) => text !== '');
  if (line === undefined) return typeof end === 'number' ? `it ended with code ${end}` : `it ended with ${end}`;
  return line.replace(/^\S+ (FAIL|WARN) \S+: */, '').replace(/^arecord: \w+:\d+: */, '');
}
