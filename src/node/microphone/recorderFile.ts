import { defined } from '../../core/async/defined';
import type { RecorderFileOptions, RecorderKind } from './recorders';

/**
 * The recorder file of our own that node-record-lpcm16 loads in place of one of its own, by absolute path (`dist/recorderFile.js`).
 * Its own lose up to 280 ms of what was said last, take 0.5 to 2 s to begin, write WAV headers with sizes that are not true, and
 * know neither a device nor `windowsHide`.
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

/** How much audio parec and the sound server behind SoX gather: two blocks of 20 ms and a bit. Less costs time for nothing gained. */
const LATENCY_MS = 30;
/** SoX hands its samples on in blocks of so many bytes: 20 ms. The default of 8192 loses up to 0.25 s at the end. */
const SOX_BUFFER_BYTES = 640;
/** arecord's default period is 125 ms: so much it would lose at the end, and begin late. */
const ALSA_PERIOD_US = 20_000;
/** What ALSA holds while this machine is busy with something else. */
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
        // The complaints that are read for a cause must be in English.
        LC_ALL: 'C',
        // SoX 14.4.2 finds no default device on Windows unless it is told which of its drivers to ask.
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
      // Named on both sides: else SoX opens the device at 48 kHz and resamples what the system has resampled already.
      return ['-q', '-D', '--buffer', String(SOX_BUFFER_BYTES), ...format, '-d', ...format, '-t', 'raw', '-'];
    }
  }
}

// node-record-lpcm16 calls what `require` gives.
export = recorderCommand;
