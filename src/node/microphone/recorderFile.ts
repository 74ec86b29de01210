import { defined } from '../../core/async/defined';
import type { RecorderFileOptions, RecorderKind } from './recorders';

/**
 * Our recorder file, which node-record-lpcm16 loads by absolute path (`dist/recorderFile.js`) in place of one of its own. The package's
 * own files lose up to 280 ms of what was said last, take 0.5 to 2 s to begin, write WAV headers with wrong sizes, and support neither a
 * device nor `windowsHide`.
 */

interface Command {
  readonly cmd: string;
  readonly args: readonly string[];
  readonly spawnOptions: {
    readonly windowsHide: true;
    readonly stdio: readonly ['ignore', 'pipe', 'pipe'];
    readonly env: NodeJS.ProcessEnv;
  };
}

/** How much audio parec, and the sound server behind SoX, collect: about two blocks of 20 ms. A lower value costs time and gains nothing. */
const LATENCY_MS = 30;
/** SoX gives its samples in blocks of this size: 20 ms. The default of 8192 loses up to 0.25 s at the end. */
const SOX_BUFFER_BYTES = 640;
/** arecord's default period is 125 ms. It would begin that much later, and lose that much at the end. */
const ALSA_PERIOD_US = 20_000;
/** How much sound ALSA keeps while this machine is busy with something else. */
const ALSA_BUFFER_US = 500_000;

function recorderCommand({ sampleRate, minutes }: RecorderFileOptions): Command {
  const { recorder, device, environment } = minutes;
  return {
    cmd: recorder.program,
    args: argumentsOf(recorder.kind, String(sampleRate), device),
    spawnOptions: {
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: defined({
        ...environment,
        PULSE_LATENCY_MSEC: String(LATENCY_MS),
        // The error messages are searched for the cause, so they must be in English.
        LC_ALL: 'C',
        // On Windows SoX 14.4.2 finds a default device only where a driver is named.
        AUDIODRIVER: process.platform === 'win32' && environment['AUDIODRIVER'] === undefined ? 'waveaudio' : undefined,
        AUDIODEV: device,
      }),
    },
  };
}

function argumentsOf(kind: RecorderKind, rate: string, device: string | undefined): string[] {
  switch (kind) {
    case 'parec':
      return [
        '--raw',
        `--rate=${rate}`,
        '--channels=1',
        '--format=s16le',
        `--latency-msec=${LATENCY_MS}`,
        '--client-name=Minutes',
        '--stream-name=Recording',
        ...(device === undefined ? [] : [`--device=${device}`]),
      ];
    case 'arecord':
      return [
        ...(device === undefined ? [] : ['-D', device]),
        '-q',
        '-t',
        'raw',
        '-f',
        'S16_LE',
        '-r',
        rate,
        '-c',
        '1',
        `--period-time=${ALSA_PERIOD_US}`,
        `--buffer-time=${ALSA_BUFFER_US}`,
      ];
    case 'sox':
    case 'sox_ng': {
      const format = ['-r', rate, '-c', '1', '-e', 'signed-integer', '-b', '16'];
      // The format is named for input and output: otherwise SoX opens the device at 48 kHz and resamples what the system has resampled already.
      return ['-q', '-D', '--buffer', String(SOX_BUFFER_BYTES), ...format, '-d', ...format, '-t', 'raw', '-'];
    }
  }
}

// node-record-lpcm16 calls what `require` gives.
export = recorderCommand;
